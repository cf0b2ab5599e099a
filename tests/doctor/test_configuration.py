"""The whole walk, and its first step."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .conftest import PROXY_PASSWORD, step

if TYPE_CHECKING:
    from pathlib import Path

    from aculab_wrappers.sandbox import Sandbox

    from .conftest import Doctor
from .walk import states


def test_all_is_well(doctor: Doctor, cloud: Sandbox) -> None:
    result = doctor()
    assert result.code == 0
    assert states(result.out) == ["ok"] * 6
    assert "TLSv1.3" in step(result.out, "TLS")
    assert "issued by aculab-wrappers sandbox" in step(result.out, "TLS")
    assert "agrees" in step(result.out, "Clock")
    assert "127.0.0.1" in step(result.out, "DNS")
    assert "--check-assumptions" in result.err
    assert "to do" not in result.out


def test_without_an_account_the_way_is_examined(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLOUD_ID", "USERNAME", "SERVICE", "SERVICE_PASSWORD"):
        monkeypatch.delenv(f"ACULAB_{name}")
    result = doctor()
    assert result.code == 0
    assert states(result.out) == ["ok", "ok", "ok", "ok", "warning", "ok"]
    assert "no account is given" in step(result.out, "Credentials")


def distribution(folder: Path, name: str, *files: str) -> None:
    """Put the metadata of an installed distribution into a folder."""
    info = folder / f"{name}-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    for file in files:  # newer Pythons leave out what is missing
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).touch()


def test_another_distribution_of_the_drop_in_s_name_is_named(
    doctor: Doctor, cloud: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(tmp_path / "site", "corp-ws", "web_services/__init__.py")
    distribution(tmp_path / "site", "aculab-wrappers", "web_services/__init__.py")
    distribution(tmp_path / "site", "other", "other.py")
    monkeypatch.syspath_prepend(tmp_path / "site")
    text = step(doctor().out, "Configuration")
    assert "web_services is also a module of corp-ws: " in text
    assert "environments of their own" in text


@pytest.mark.parametrize("name", ["web_services.py", "web_services/__init__.py"])
@pytest.mark.parametrize("where", ["site", "."])
def test_a_drop_in_that_is_not_ours_is_named(
    doctor: Doctor, cloud: Sandbox, folder: Path, where: str, name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    file = folder / where / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("def fetch(): ...\n", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "web_services", raising=False)
    if where == "site":
        monkeypatch.syspath_prepend(folder / where)
    text = step(doctor().out, "Configuration")
    assert f"web_services is {file}, which is not of this package" in text
    assert "import aculab_wrappers.python instead" in text


def test_a_folder_of_the_drop_in_s_name_is_no_module(
    doctor: Doctor, cloud: Sandbox, folder: Path
) -> None:
    (folder / "web_services").mkdir()
    assert "web_services" not in doctor().out


def test_a_drop_in_that_is_gone_is_named(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aculab_wrappers.doctor.configuration.find_spec", lambda _: None)
    text = step(doctor().out, "Configuration")
    assert "web_services cannot be imported" in text
    assert "--force-reinstall" in text


def test_each_value_is_told_with_where_it_comes_from(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_TIMEOUT", "7")
    monkeypatch.setenv("ACULAB_PROXY", "")
    text = step(doctor("--cloud-id", "1-2-1", "--timeout", "5").out, "Configuration")
    assert f"{cloud.base_url}  (ACULAB_BASE_URL)" in text
    assert "5 s  (--timeout)" in text
    assert "none  (default)" in text
    assert "1-2-1  (--cloud-id)" in text
    assert "user name  set, not shown  (ACULAB_USERNAME)" in text
    assert "ACULAB_PROXY is set and empty" in text
    assert "Python 3" in text
    assert "OpenSSL" in text
    assert "requests 2" in text


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ACULAB_BASEURL", "ACULAB_BASE_URL"),
        ("aculab_timeout", "ACULAB_TIMEOUT"),
        ("ACULAB_PASSWORD", "ACULAB_SERVICE_PASSWORD"),
    ],
)
def test_a_variable_that_nothing_reads_is_pointed_out(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.setenv(name, "canary-elsewhere")
    result = doctor()
    assert result.code == 0
    text = step(result.out, "Configuration")
    assert text.startswith("Configuration: warning")
    assert f"{name} is set, and nothing reads it" in text
    assert f"rename {name} to {near}" in text


def test_a_variable_of_another_program(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_X", "canary")
    assert "unset ACULAB_X, unless" in step(doctor().out, "Configuration")


def test_all_mistakes_show_at_once_and_nothing_is_tried(
    doctor: Doctor, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_BASE_URL", "http://ws.aculabcloud.net")
    monkeypatch.setenv("ACULAB_TIMEOUT", "soon")
    monkeypatch.setenv("ACULAB_PROXY", f"socks://me:{PROXY_PASSWORD}@proxy:1080")
    monkeypatch.setenv("ACULAB_CA_BUNDLE", "nowhere.pem")
    result = doctor()
    assert result.code == 2
    text = step(result.out, "Configuration")
    assert "ACULAB_BASE_URL is plain http to another machine" in text
    assert "ACULAB_TIMEOUT must be a number" in text
    assert "ACULAB_PROXY must start with" in text
    assert "no file or folder 'nowhere.pem'" in text
    assert "correct ACULAB_PROXY, or unset it" in text
    assert states(result.out) == ["failed", *["not tried"] * 3, "ok", "not tried"]
    assert "needs what failed before, Configuration" in step(result.out, "Clock")
    assert "Failed: Configuration." in result.err


def test_an_option_that_cannot_be_used(doctor: Doctor, account: dict[str, str]) -> None:
    result = doctor("--base-url", "ftp://example.com")
    assert result.code == 2
    assert "base_url must start with https://" in step(result.out, "Configuration")


def test_a_bundle_without_certificates(
    doctor: Doctor, account: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    result = doctor("--ca-bundle", tmp_path / "empty.pem")
    assert result.code == 2
    assert "it holds no PEM certificates" in step(result.out, "Configuration")


def test_where_requests_go_is_said_for_a_base_url_with_a_path(
    doctor: Doctor, account: dict[str, str], cloud: Sandbox
) -> None:
    below = step(doctor("--base-url", cloud.base_url + "/below").out, "Configuration")
    assert f"requests go to {cloud.base_url}/below/service_start" in below
    assert "requests go to" not in step(doctor().out, "Configuration")


@pytest.mark.parametrize("path", ["/service_start", "/Service%5Fstart/", "/x/service_status"])
def test_a_base_url_that_names_a_web_service_is_never_asked(
    doctor: Doctor, cloud: Sandbox, path: str
) -> None:
    result = doctor("--check-assumptions", "--base-url", cloud.base_url + path)
    assert result.code == 2
    assert "the base URL holds the name of a web service" in step(result.err, "Configuration")
    assert cloud.peek(10) == []


def test_another_package_in_the_place_of_urllib3(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("urllib3.connection.HTTPConnection", object)
    result = doctor()
    assert result.code == 0
    text = step(result.out, "Configuration")
    assert text.startswith("Configuration: warning")
    assert "another package stands in the place of urllib3" in text
    assert "pip uninstall urllib3-future" in text


def test_a_urllib3_that_is_too_old(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("urllib3.HTTPResponse", object)  # without read1, as before 2.2
    result = doctor()
    assert result.code == 2
    assert "urllib3 is older than 2.2" in step(result.out, "Configuration")


def test_a_default_that_a_rule_forbids(
    doctor: Doctor, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACULAB_SANDBOX_REQUIRED", "1")
    result = doctor()
    assert result.code == 2
    text = step(result.out, "Configuration")
    assert "ACULAB_SANDBOX_REQUIRED is set, and this request would go to" in text
    assert "correct default" not in text


def test_the_proxies_of_other_programs_are_named_without_their_values(
    doctor: Doctor, cloud: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{PROXY_PASSWORD}@proxy:1")
    text = step(doctor().out, "Configuration")
    assert "HTTPS_PROXY: set, and not read by this package" in text
    assert "put its address into ACULAB_PROXY" in text
    assert text.startswith("Configuration: warning")
