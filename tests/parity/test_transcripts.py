"""The transcripts are sound in themselves: what they print is what the pages' sentences print."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from aculab_wrappers.parity.folder import suite_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

DIALECTS = ("csharp", "vb", "java", "python", "php")
# How each language prints a parameter.
PRINTED = {
    "csharp": "{type} {name}",
    "vb": "{name} As {type}",
    "java": "{type} {name}",
    "python": "{name}{default}",
    "php": "{type} ${name}{default}",
}

pytestmark = pytest.mark.parametrize("dialect", DIALECTS)


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((suite_folder() / name).read_text(encoding="utf-8"))
    return document


def transcript(dialect: str) -> dict[str, Any]:
    return read(f"surface/{dialect}.json")


def entries(value: Any) -> Iterator[dict[str, Any]]:
    """Everything in the transcript that rests on a sentence."""
    if isinstance(value, dict):
        if "sentence" in value:
            yield value
        value = list(value.values())
    for item in value if isinstance(value, list) else ():
        yield from entries(item)


def parts(dialect: str) -> Iterator[dict[str, Any]]:
    """Every dictionary of the transcript."""
    waiting: list[Any] = [transcript(dialect)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
        if isinstance(item, (dict, list)):
            waiting.extend(item.values() if isinstance(item, dict) else item)


def test_it_is_valid(dialect: str) -> None:
    definitions = read("schema/v1.json")["$defs"]
    schema = {"$ref": "#/$defs/surface", "$defs": definitions}
    Draft202012Validator.check_schema(schema)
    document = transcript(dialect)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    assert document["dialect"] == dialect
    assert document["page"] in read("sentences.json")["pages"]


def test_what_it_prints_is_in_the_sentence_it_names(dialect: str) -> None:
    sentences = read("sentences.json")["sentences"]
    found = list(entries(transcript(dialect)))
    assert len(found) >= 4
    for entry in found:
        text = sentences[entry["sentence"]]["text"]
        # What is not printed anywhere says so, by its evidence (the schema demands it).
        printed = entry.get("printed", "")
        assert printed in text or text in printed, entry


def test_names_and_parameters_are_spelt_as_printed(dialect: str) -> None:
    for entry in entries(transcript(dialect)):
        if "printed" not in entry:
            continue
        pattern = rf"\b{re.escape(entry.get('name', ''))}\b"
        assert re.search(pattern, entry["printed"]), entry
        position = 0
        for item in entry.get("parameters", ()):
            default = item.get("default", "")
            text = PRINTED[dialect].format(
                name=item["name"],
                type=item.get("type", ""),
                default={None: "=None", "": " = ''"}[default] if "default" in item else "",
            )
            position = entry["printed"].index(text, position) + len(text)
            assert entry["printed"][position] in ",)", entry
        for kind in {"returns", "type"} & entry.keys():
            assert entry[kind] in entry["printed"], entry


def test_every_type_is_used_and_known(dialect: str) -> None:
    document = transcript(dialect)
    described = [part for part in parts(dialect) if "name" in part or "parameters" in part]
    plain = [part for part in described if "python" not in part]
    used = {part[kind] for part in plain for kind in ("type", "returns") if kind in part}
    assert used == document["types"].keys()
    names = {part["name"] for part in described if "name" in part}
    assert document["renamed"].keys() <= names


def test_every_capability_is_there_or_absent(dialect: str) -> None:
    document = transcript(dialect)
    absent = [item["capability"] for item in document["absent"]]
    assert sorted([*document["capabilities"], *absent]) == sorted(
        read("index.json")["capabilities"]
    )


def test_what_should_be_absent_is_looked_for_where_it_could_be(dialect: str) -> None:
    document = transcript(dialect)
    classes = {item["name"] for item in (*document["classes"], *document["extras"])}
    for item in document["absent"]:
        # Named arguments are the one thing that would have no name of its own.
        assert item["names"] or item["capability"] == "named-arguments"
        owners = {name.partition(".")[0] for name in item["names"] if "." in name}
        assert owners <= classes, item


def test_a_class_that_is_printed_with_its_namespace_only_is_an_alias(dialect: str) -> None:
    document = transcript(dialect)
    qualified = {
        item["name"] for item in document["classes"] if f".{item['name']}" in item["printed"]
    }
    aliases = {item["name"] for item in document["extras"] if item["kind"] == "alias"}
    documented = {item["name"] for item in document["classes"]}
    assert aliases & documented == qualified
