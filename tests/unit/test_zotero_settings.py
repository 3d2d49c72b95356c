"""Zotero in the protocol; and that nothing but `scoping zotero` could use a network."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from scoping.cli import COMMANDS
from scoping.config import Review, cross_checks
from scoping.fingerprint import modules
from scoping.zotero_settings import ZoteroLibrary, problems

RULES = Path(__file__).resolve().parents[2] / "workflow" / "rules"


def library(**more: Any) -> ZoteroLibrary:
    return ZoteroLibrary.model_validate({"kind": "group", "library": "4711", **more})


def test_what_is_left_out() -> None:
    assert library() == ZoteroLibrary(kind="group", library=4711, collection="", tag="", local=False, endpoint="")
    assert library(local="yes").local


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"kind": "team"}, "Input should be"),
        ({"library": "our group"}, "whole number"),
        ({"library": "-1"}, "greater than or equal to 0"),
        ({"collection": "Search of January"}, "eight capital letters and digits"),
        ({"collection": "../../xy"}, "eight capital letters and digits"),
        ({"endpoint": "http://zotero.example.org"}, "https"),
        ({"endpoint": "file:///etc/passwd"}, "such as https"),
        ({"endpoint": "https://user:word@zotero.example.org"}, "without user"),
        ({"endpoint": "https://zotero.example.org/?key=x"}, "without user"),
        ({"endpoint": "https://[zotero"}, "such as https"),
        ({"key": "secret"}, "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_meant_is_refused(more: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        library(**more)


@pytest.mark.parametrize(
    "address", ["https://zotero.example.org/api", "http://127.0.0.1:1234", "http://localhost:1234", "http://[::1]:12"]
)
def test_addresses_that_a_key_may_be_sent_to(address: str) -> None:
    assert library(endpoint=f"{address}/").endpoint == address


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"kind": "user", "library": "0", "local": "yes"}, False),
        ({"kind": "user", "library": "0", "local": "no"}, True),
        ({"kind": "user", "library": 0}, True),
        ({"kind": "group", "library": "0", "local": "yes"}, True),
        ({"kind": "group", "library": "10"}, False),
        ("no mapping", False),
    ],
)
def test_number_nought_is_the_user_of_this_computer(settings: Any, wrong: bool) -> None:
    assert bool(problems({"zotero": {"team": settings}})) == wrong
    assert bool([p for p in cross_checks({"zotero": {"team": settings}}) if p[0][0] == "zotero"]) == wrong


@pytest.mark.parametrize(
    ("address", "wrong"),
    [("https://zotero.example.org", True), ("https://[zotero", True), ("http://localhost:1/api", False), ("", False)],
)
def test_only_this_computer_is_local(address: str, wrong: bool) -> None:
    settings = {"kind": "group", "library": "12", "local": "yes", "endpoint": address}
    assert bool(problems({"zotero": {"team": settings}})) == wrong
    assert not problems({"zotero": {"team": {**settings, "local": "no"}}})


def test_a_protocol_without_zotero_is_as_before(make: Any) -> None:
    assert make.review().zotero == {}
    named = make.review(zotero={"team": {"kind": "user", "library": 12}})
    assert isinstance(named, Review)
    assert named.zotero["team"].words == "the library of user 12"


def test_only_one_command_can_use_a_network_and_no_rule_calls_it() -> None:
    using = {name for name in COMMANDS if any(module.startswith("scoping.zotero.") for module in modules(name))}
    assert using == {"zotero"}
    rules = [path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*.smk"))]
    assert any("scoping ingest" in text for text in rules)
    assert not any("scoping zotero" in text for text in rules)
