"""Decisions as tags in Zotero: only ours, only with --write, and whatever others do meanwhile."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scoping import schemas, tables
from scoping.cli import zotero as command
from scoping.errors import ScopingError
from scoping.zotero import tags

OUT = Path("data/processed")


def decide(make: Any, ids: list[str], full_text: list[tuple[str, str]], abstract: list[tuple[str, str]]) -> None:
    """Tables of a run: the first records reached the full text, the others were decided at title and abstract."""
    rows = [make.entry_record(f"{id_}-z-1", id_, file="zotero_team.json", line_start="1") for id_ in ids]
    tables.write(OUT / "entry_records.csv", schemas.ENTRY_RECORDS, rows)
    late = [make.state(id_, state, reason=why) for id_, (state, why) in zip(ids, full_text, strict=False)]
    rest = [make.state(id_, state, reason=why) for id_, (state, why) in zip(ids[len(late) :], abstract, strict=False)]
    passed = [make.state(row["record_id"], "include") for row in late]
    tables.write(OUT / "full_text/states.csv", schemas.STATES, late)
    tables.write(OUT / "title_abstract/states.csv", schemas.STATES, [*passed, *rest])


@pytest.fixture
def pulled(zotero_server: Any, zotero_review: Any, make: Any) -> Any:
    """A server with nine items of which each was decided in another way."""
    server = zotero_server()
    zotero_review.many(server, 9)
    zotero_review.write(server)
    zotero_review.said("pull")
    ids = [entry["content_id"] for _, entry in sorted(zotero_review.entries().items())]
    late = [("include", ""), ("exclude", "not-local"), ("not_retrieved", ""), ("pending", ""), ("conflict", "")]
    decide(make, ids, late, [("exclude", ""), ("exclude", "not-local"), ("pending", ""), ("conflict", "")])
    return server


EXPECTED = {
    "MANY0000": ["scoping:included"],
    "MANY0001": ["scoping:excluded", "scoping:excluded:full-text", "scoping:reason:not-local"],
    "MANY0002": ["scoping:not-retrieved"],
    "MANY0003": ["scoping:for-full-text"],
    "MANY0004": ["scoping:for-full-text"],
    "MANY0005": ["scoping:excluded", "scoping:excluded:title-and-abstract"],
    "MANY0006": ["scoping:excluded", "scoping:excluded:title-and-abstract", "scoping:reason:not-local"],
    "MANY0007": [],
    "MANY0008": [],
}


def writes(server: Any) -> list[Any]:
    return [asked for asked in server.asked if asked.method != "GET"]


def test_a_push_is_a_rehearsal_unless_it_is_told_to_write(pulled: Any, zotero_review: Any) -> None:
    told = zotero_review.said("push")
    assert "MANY0000  Title of MANY0000  + scoping:included" in told
    assert "team: 7 items to be changed, 2 as before" in told
    assert "Nothing was written. With --write it is." in told
    assert writes(pulled) == []
    assert {key: pulled.tags(key) for key in EXPECTED} == {key: [] for key in EXPECTED}


def test_decisions_become_tags(pulled: Any, zotero_review: Any) -> None:
    assert "team: 7 items changed, 2 as before" in zotero_review.said("push", "--write")
    assert {key: pulled.tags(key) for key in EXPECTED} == EXPECTED
    pulled.asked.clear()
    assert "0 items changed, 9 as before" in zotero_review.said("push", "--write")
    assert writes(pulled) == []


def test_tags_of_others_and_all_other_fields_stay(pulled: Any, zotero_review: Any) -> None:
    mine = [
        {"tag": "brokers"},
        {"tag": "scoping:for-full-text"},
        {"tag": "automatic", "type": 1},
        {"tag": "scoping: a note of ours"},
        {"tag": "Scoping:included"},
        {"tag": "scopingreview"},
    ]
    pulled.change("MANY0000", tags=mine, extra="kept", abstractNote="kept too")
    before = {**pulled.items["MANY0000"]["data"]}
    told = zotero_review.said("push", "--write")
    assert "+ scoping:included  - scoping: a note of ours  - scoping:for-full-text" in told
    after = pulled.items["MANY0000"]["data"]
    assert after["tags"] == [*(mine[i] for i in (0, 2, 4, 5)), {"tag": "scoping:included"}]
    assert {k: v for k, v in after.items() if k not in ("tags", "version")} == {
        k: v for k, v in before.items() if k not in ("tags", "version")
    }
    bodies = [body for asked in writes(pulled) for body in asked.body]
    assert {frozenset(body) for body in bodies} == {frozenset({"key", "version", "tags"})}


def test_outdated_tags_of_ours_go(pulled: Any, zotero_review: Any, make: Any) -> None:
    zotero_review.said("push", "--write")
    ids = [entry["content_id"] for _, entry in sorted(zotero_review.entries().items())]
    decide(make, ids, [("exclude", "other")], [("pending", "")] * 8)
    zotero_review.said("push", "--write")
    assert pulled.tags("MANY0000") == ["scoping:excluded", "scoping:excluded:full-text", "scoping:reason:other"]
    assert [pulled.tags(key) for key in sorted(EXPECTED)[1:]] == [[]] * 8


def test_many_items_go_in_portions(zotero_server: Any, zotero_review: Any, make: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server, 120)
    zotero_review.write(server)
    zotero_review.said("pull")
    decide(make, [e["content_id"] for e in zotero_review.entries().values()], [("include", "")] * 120, [])
    server.asked.clear()
    assert "120 items changed" in zotero_review.said("push", "--write")
    assert [len(asked.body) for asked in writes(server)] == [50, 50, 20]
    assert all("If-Unmodified-Since-Version" in asked.headers for asked in writes(server))
    assert {server.tags(key)[0] for key in keys} == {"scoping:included"}


# others at work


def test_what_somebody_changes_meanwhile_is_kept(pulled: Any, zotero_server: Any, zotero_review: Any) -> None:
    """Between our reading and our writing, somebody adds a tag and mends a title."""

    def meanwhile() -> None:
        pulled.change("MANY0000", tags=[{"tag": "added meanwhile"}], title="Mended meanwhile")

    pulled.faults = [zotero_server.Fault("^POST", first=meanwhile)]
    zotero_review.said("push", "--write")
    assert pulled.tags("MANY0000") == ["added meanwhile", "scoping:included"]
    assert pulled.items["MANY0000"]["data"]["title"] == "Mended meanwhile"
    assert {key: pulled.tags(key) for key in sorted(EXPECTED)[1:]} == {
        key: EXPECTED[key] for key in sorted(EXPECTED)[1:]
    }


def test_an_item_that_is_refused_in_the_body_is_no_success(pulled: Any, zotero_review: Any) -> None:
    """The request as a whole is answered with 200: only the body says what failed."""
    pulled.refused = {"MANY0001": 2, "MANY0005": 1}
    assert "7 items changed" in zotero_review.said("push", "--write")
    assert {key: pulled.tags(key) for key in EXPECTED} == EXPECTED
    assert [sorted(body["key"] for body in asked.body) for asked in writes(pulled)][1:] == [
        ["MANY0001", "MANY0005"],
        ["MANY0001"],
    ]


def test_an_item_that_is_always_refused_is_named(pulled: Any, zotero_review: Any) -> None:
    pulled.refused = {"MANY0001": 99}
    told = zotero_review.refused("push", "--write")
    assert "1 item not written; see above, and push again" in told
    assert len(writes(pulled)) == 5
    assert pulled.tags("MANY0001") == []
    assert pulled.tags("MANY0000") == EXPECTED["MANY0000"]


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ('{"successful": {}, "success": {}, "unchanged": {}, "failed": {}}', "no word of it in the answer"),
        ('{"failed": {"0": {"key": "MANY0000", "code": 400, "message": "Tag is too long"}}}', "400 Tag is too long"),
        ('{"failed": {"0": "odd"}}', "odd"),
    ],
)
def test_a_report_is_read_item_by_item(
    pulled: Any, zotero_server: Any, zotero_review: Any, report: str, why: str
) -> None:
    head = {"Content-Type": "application/json"}
    pulled.faults = [zotero_server.Fault("^POST", status=200, body=report.encode(), headers=head)]
    done = CliRunner().invoke(command.command, ["push", "--write"])
    assert isinstance(done.exception, ScopingError)
    assert f"MANY0000  {why}" in done.output
    assert "0 items changed" in done.output


def test_a_write_of_which_the_answer_was_lost_is_not_written_twice(
    pulled: Any, zotero_server: Any, zotero_review: Any
) -> None:
    """The server wrote, and its answer did not arrive: the second request meets its own token, and sees all in place."""
    pulled.faults = [zotero_server.Fault("^POST", lost=True)]
    assert "7 items changed, 2 as before" in zotero_review.said("push", "--write")
    assert {key: pulled.tags(key) for key in EXPECTED} == EXPECTED
    sent = writes(pulled)
    assert len(sent) == 2
    assert sent[0].headers["Zotero-Write-Token"] == sent[1].headers["Zotero-Write-Token"]


def test_items_that_are_gone_or_new_are_told(pulled: Any, zotero_server: Any, zotero_review: Any) -> None:
    pulled.delete("MANY0000")
    told = zotero_review.said("push", "--write")
    assert "Not in the library any more, pull again: 1 item" in told
    assert "6 items changed" in told
    pulled.add("NEWN2345")
    zotero_review.said("pull")
    told = zotero_review.said("push")
    assert "Not in the tables yet, run snakemake: 1 item\n  NEWN2345  Title of NEWN2345" in told
    assert "any more" not in told  # it is marked in the snapshot now, and nobody asks for it


def test_all_items_of_a_record_are_tagged(zotero_server: Any, zotero_review: Any, make: Any) -> None:
    server = zotero_server()
    zotero_review.many(server, 2)
    zotero_review.write(server)
    zotero_review.said("pull")
    one, two = (entry["content_id"] for entry in zotero_review.entries().values())
    decide(make, [one], [("include", "")], [])
    same = [
        make.entry_record(f"{id_}-z-1", one, content_id=id_, file="zotero_team.json", line_start="1")
        for id_ in (one, two)
    ]
    tables.write(OUT / "entry_records.csv", schemas.ENTRY_RECORDS, same)
    zotero_review.said("push", "--write")
    assert [server.tags(key) for key in ("MANY0000", "MANY0001")] == [["scoping:included"]] * 2


def test_an_item_that_nobody_asked_for_is_not_written(pulled: Any, zotero_server: Any, zotero_review: Any) -> None:
    pulled.add("OTHR2345")
    body = json.dumps(list(pulled.items.values())).encode()
    head = {"Content-Type": "application/json"}
    pulled.faults = [zotero_server.Fault("itemKey", status=200, body=body, headers=head)]
    assert "7 items changed, 2 as before" in zotero_review.said("push", "--write")
    assert pulled.tags("OTHR2345") == []


# keys


def test_a_key_that_may_only_read_is_told(pulled: Any, zotero_review: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "readonlykey")
    pulled.key, pulled.may_write = "readonlykey", False
    told = zotero_review.refused("push", "--write")
    assert "the key in ZOTERO_API_KEY may not write to the library of group 4711" in told
    assert "readonlykey" not in told
    assert "7 items to be changed" in zotero_review.said("push")


def test_before_anything_was_pulled_or_run(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.many(server, 2)
    zotero_review.write(server)
    assert "is not there yet; run `scoping zotero pull team` first" in zotero_review.refused("push")
    zotero_review.said("pull")
    assert "entry_records.csv: there is no such table yet; run snakemake once" in zotero_review.refused("push")


# the Zotero of this computer


@pytest.fixture
def local(zotero_server: Any, zotero_review: Any, make: Any) -> Any:
    server = zotero_server(local=True)
    zotero_review.many(server, 60)
    zotero_review.write(server, "local: yes")
    zotero_review.said("pull")
    decide(make, [e["content_id"] for e in zotero_review.entries().values()], [("include", "")] * 60, [])
    return server


def test_the_local_zotero_is_asked_for_permission_once(local: Any, zotero_review: Any) -> None:
    told = zotero_review.said("push", "--write")
    assert "Zotero asks now whether `scoping` may write" in told
    assert "60 items changed" in told
    assert "local-key" not in told
    assert len([asked for asked in local.asked if asked.path.endswith("authorize")]) == 1


@pytest.mark.parametrize(
    ("permission", "told"),
    [
        (
            "once",
            "Zotero's permission does not hold any more: Invalid or expired API key; run again, and choose `Always",
        ),
        ("no", "Zotero was told not to let scoping write: Denied"),
        ("old", "this Zotero cannot be written to from outside; update to Zotero 10, or set `local: no` to push"),
    ],
)
def test_a_local_zotero_that_does_not_let_us(local: Any, zotero_review: Any, permission: str, told: str) -> None:
    local.permission = permission
    assert told in zotero_review.refused("push", "--write")
    written = [key for key in local.items if local.tags(key)]
    assert len(written) == (50 if permission == "once" else 0)
    assert "items to be changed" in zotero_review.said("push")


# what decisions are called


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ({}, set()),
        ({"title": "include"}, set()),
        ({"title": "exclude"}, {"scoping:excluded", "scoping:excluded:title", "scoping:reason:r"}),
        ({"title": "include", "title_abstract": "pending"}, set()),
        ({"title_abstract": "include"}, {"scoping:for-full-text"}),
        ({"title_abstract": "include", "full_text": "include"}, {"scoping:included"}),
    ],
)
def test_the_last_stage_that_was_reached_counts(make: Any, states: dict[str, str], words: set[str]) -> None:
    rows = {stage: {"A": make.state("A", state, reason="r")} for stage, state in states.items()}
    assert tags.of_record("A", rows) == words
    assert tags.of_record("B", rows) == frozenset()
