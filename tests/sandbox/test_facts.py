"""The list of what is documented and what is assumed, and the rules that refusals name."""

from __future__ import annotations

import ast
from pathlib import Path
from urllib.parse import urlsplit

import aculab_wrappers.sandbox
from aculab_wrappers.sandbox import FACTS
from aculab_wrappers.sandbox.sources import ADDRESSES, CALL_INFO, sources_of

FOLDER = Path(aculab_wrappers.sandbox.__file__).parent


def rules_named() -> set[str]:
    """Every text that is given as a rule in the sandbox's own code."""
    found = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            named = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            if node.func.id in ("missing", "malformed", "repeated", "zero"):
                named += node.args[1:2]
            found |= {one.value for one in named if isinstance(one, ast.Constant)}
    return {rule for rule in found if isinstance(rule, str)}


def test_every_fact_is_told_once_and_says_where_it_comes_from() -> None:
    assert len({fact.id for fact in FACTS}) == len({fact.behaviour for fact in FACTS}) == len(FACTS)
    for fact in FACTS:
        assert fact.evidence in ("documented", "inferred", "assumed")
        assert bool(sources_of(fact)) is (fact.evidence != "assumed"), fact.id
        assert fact.behaviour.endswith("."), fact.id


def test_every_source_is_named_and_all_but_one_have_an_address() -> None:
    assert {name for fact in FACTS for name, _ in sources_of(fact)} == set(ADDRESSES)
    for name, address in ADDRESSES.items():
        parts = urlsplit(address)
        assert (parts.scheme == "https") is (name != CALL_INFO)
        assert name == CALL_INFO or f".{parts.netloc}".endswith(".aculab.com")


def test_every_rule_that_a_refusal_names_is_a_fact() -> None:
    named = rules_named()

    assert {"json", "from-required", "tier", "login", "paths"} <= named
    assert named - {""} <= {fact.id for fact in FACTS}
