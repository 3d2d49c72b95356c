"""Pulling from a Zotero library: complete, incremental, and nothing lost, whatever the server does meanwhile."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from scoping.errors import ScopingError
from scoping.zotero import connection, entries

SNAPSHOT = Path("data/raw/exports/zotero_team.json")


def contents(rows: dict[str, dict[str, str]]) -> dict[str, str]:
    return {key: entry["content_id"] for key, entry in rows.items()}


def test_a_library_becomes_an_export_that_ingest_reads(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.fill()
    zotero_review.write(server)
    assert "4 items; 4 new, 0 changed" in zotero_review.said("pull")
    rows, issues, receipts = zotero_review.ingested()
    assert {entry["title"] for entry in rows} == {
        "Brokers between two councils and a university", "Evidence in small places: «Räte» & towns",
        "A residency in a fire service",
    }  # fmt: skip
    assert receipts[0]["found"] == receipts[0]["ok"] == receipts[0]["file_markers"] == "3"
    assert [issue["message"] for issue in issues if issue["code"] == "part"] == ["a file or note of an item (note)"]
    by_doi = {entry["doi"]: entry for entry in rows}
    assert by_doi["10.5555/brokers.7"]["abstract"].startswith("Two brokers sat in both buildings.")


def test_entries_of_items_have_the_ids_that_ingest_gives_them(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.fill()
    server.add("NONE2345", title="", abstractNote="Nothing identifies it.")
    server.add("BODY2345", title="By a body", creators=[{"creatorType": "author", "name": "Ministry of Health"}])
    zotero_review.write(server)
    zotero_review.said("pull")
    ours = entries.of_snapshot(SNAPSHOT.read_bytes())
    theirs = zotero_review.entries()
    assert len(ours) == 5
    assert {key: (one.content_id, one.rejected) for key, one in ours.items()} == {
        key: (one["content_id"], one["status"] == "rejected") for key, one in theirs.items()
    }


def test_what_people_are_called_in_zotero_stays_there(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.fill()
    zotero_review.write(server)
    zotero_review.said("pull")
    text = SNAPSHOT.read_text(encoding="utf-8")
    assert "Brokers" in text
    assert not [word for word in ("invented.person", "invented_review_group", "zotero.org") if word in text]


def test_all_of_a_library_of_many_pages_is_read(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server)
    zotero_review.write(server)
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == keys


def test_an_unchanged_library_leaves_the_file_untouched(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.many(server)
    zotero_review.write(server)
    zotero_review.said("pull")
    before, bytes_before = SNAPSHOT.stat(), SNAPSHOT.read_bytes()
    os.utime(SNAPSHOT, (1, 1))
    server.asked.clear()
    assert "nothing changed" in zotero_review.said("pull")
    assert len(server.asked) == 1  # a list of versions, no item
    assert SNAPSHOT.read_bytes() == bytes_before
    assert SNAPSHOT.stat().st_ino == before.st_ino
    assert SNAPSHOT.stat().st_mtime == 1


def test_only_what_changed_is_read_again(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server)
    zotero_review.write(server)
    zotero_review.said("pull")
    server.change(keys[3], title="A better title")
    server.add("NEWN2345")
    server.asked.clear()
    assert "231 items; 1 new, 1 changed, 0 left" in zotero_review.said("pull")
    read = [asked.query["itemKey"] for asked in server.asked if "itemKey" in asked.query]
    assert read == [f"{keys[3]},NEWN2345"]
    assert zotero_review.items()[keys[3]]["data"]["title"] == "A better title"


def test_the_order_in_which_items_come_plays_no_part(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.many(server, 60)
    zotero_review.write(server)
    zotero_review.said("pull")
    before = SNAPSHOT.read_bytes()
    SNAPSHOT.unlink()
    server.items = dict(reversed(server.items.items()))
    zotero_review.said("pull")
    assert SNAPSHOT.read_bytes() == before


def test_characters_that_no_file_can_hold(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.add("HALF2345", title="Half \ud83d a sign, and a \x00", abstractNote="\u2028 <b>&amp;</b> \u202e")
    zotero_review.write(server)
    zotero_review.said("pull")
    assert zotero_review.items()["HALF2345"]["data"]["title"] == "Half \ud83d a sign, and a \x00"
    assert "nothing changed" in zotero_review.said("pull")
    assert zotero_review.entries()["HALF2345"]["status"] == "ok"


# what leaves a library


def test_what_left_the_library_stays_marked_and_can_come_back(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server, 5)
    for key in keys:
        server.change(key, collections=["CQRS2345"])
    zotero_review.write(server, "collection: CQRS2345")
    zotero_review.said("pull")
    content = contents(zotero_review.entries())
    server.delete(keys[0])
    server.trash(keys[1])
    server.change(keys[2], collections=[])
    told = zotero_review.said("pull")
    assert "2 items; 0 new, 0 changed, 3 left the library" in told
    marks = {key: item["scoping"]["left"] for key, item in zotero_review.items().items() if "scoping" in item}
    assert marks == {
        keys[0]: "deleted in Zotero",
        keys[1]: "in the trash of Zotero",
        keys[2]: "not in the collection, or without the tag, any more",
    }
    assert all(mark in told for mark in marks.values())
    assert contents(zotero_review.entries()) == content  # as many entries, with the same ids
    assert "nothing changed" in zotero_review.said("pull")
    server.change(keys[1], deleted=0)
    assert "3 items; 0 new, 0 changed, 0 left the library, 1 came back" in zotero_review.said("pull")
    assert "scoping" not in zotero_review.items()[keys[1]]


def test_even_an_emptied_library_loses_nothing(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server, 3)
    zotero_review.write(server)
    zotero_review.said("pull")
    for key in keys:
        server.delete(key)
    assert "0 items; 0 new, 0 changed, 3 left" in zotero_review.said("pull")
    assert len(zotero_review.entries()) == 3


def test_a_change_of_what_identifies_an_item_is_told_and_the_former_text_stays(
    zotero_server: Any, zotero_review: Any
) -> None:
    server = zotero_server()
    keys = zotero_review.many(server, 3)
    zotero_review.write(server)
    zotero_review.said("pull")
    before = SNAPSHOT.read_bytes()
    server.change(keys[0], abstractNote="A new abstract.")
    assert "another id" not in zotero_review.said("pull")
    (former,) = SNAPSHOT.parent.glob("_*")
    assert former.read_bytes() == before
    server.change(keys[1], title="Quite another title")
    told = zotero_review.said("pull")
    assert "Now with another DOI, title" in told
    assert "Quite another title (was 'Title of MANY0001')" in told


def test_another_selection_needs_another_name(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.many(server, 2)
    zotero_review.write(server)
    zotero_review.said("pull")
    before = SNAPSHOT.read_bytes()
    zotero_review.write(server, "tag: brokers")
    assert "was made of another library, collection or tag" in zotero_review.refused("pull")
    assert SNAPSHOT.read_bytes() == before


@pytest.mark.parametrize("there", [b'[{"itemType": "book", "title": "By hand"}]', b"", b'{"items": ', b"TY  - JOUR"])
def test_a_file_of_somebody_else_is_left_alone(zotero_server: Any, zotero_review: Any, there: bytes) -> None:
    server = zotero_server()
    zotero_review.many(server, 2)
    zotero_review.write(server)
    SNAPSHOT.parent.mkdir(parents=True)
    SNAPSHOT.write_bytes(there)
    assert "is no snapshot of `scoping zotero pull`" in zotero_review.refused("pull")
    assert SNAPSHOT.read_bytes() == there


# what is chosen


def test_collections_and_tags_choose(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.fill()
    zotero_review.write(server, "collection: CQRS2345")
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == ["BKBK2345", "BRKR2345"]
    SNAPSHOT.unlink()
    zotero_review.write(
        server, "tag: hashtags and tags"
    )  # pyzotero takes an address with `tags` in it for a list of tags
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == ["THSS2345"]


def test_an_address_with_tags_in_it_is_as_good_as_any(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.prefix = "/hashtags"
    server.fill()
    zotero_review.write(server)
    zotero_review.said("pull")
    assert len(zotero_review.items()) == 4


def test_our_own_tags_never_reach_screeners(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.add("TAGG2345", tags=[{"tag": "kept"}, {"tag": "scoping:included"}, {"tag": "scoping:reason:x", "type": 1}])
    zotero_review.write(server)
    zotero_review.said("pull")
    assert zotero_review.entries()["TAGG2345"]["keywords"] == '["kept"]'
    server.change("TAGG2345", tags=[{"tag": "kept"}, {"tag": "scoping:excluded"}])
    assert "0 new, 0 changed, 0 left" in zotero_review.said("pull")


# a library that changes while it is read


def test_a_library_that_changes_meanwhile_is_read_until_it_agrees(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server)
    zotero_review.write(server)

    def people_work() -> None:
        server.add("NEWN2345")
        server.change(keys[7], title="Changed meanwhile")
        server.delete(keys[200])

    server.faults = [zotero_server.Fault("itemKey=MANY0100", first=people_work)]
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == sorted({*keys, "NEWN2345"} - {keys[200]})
    assert zotero_review.items()[keys[7]]["data"]["title"] == "Changed meanwhile"
    assert not [item for item in zotero_review.items().values() if "scoping" in item]


def test_a_library_that_never_rests_gives_an_error_and_no_file(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server, 5)
    zotero_review.write(server)
    server.faults = [zotero_server.Fault("items", first=lambda: server.change(keys[0]), times=99)]
    assert "goes on changing while it is read; run again when it rests" in zotero_review.refused("pull")
    assert not SNAPSHOT.exists()


@pytest.mark.parametrize("total", ["231", "0"])
def test_a_list_with_another_length_than_it_says_is_not_believed(
    zotero_server: Any, zotero_review: Any, total: str
) -> None:
    server = zotero_server()
    zotero_review.many(server, 5)
    zotero_review.write(server)
    server.faults = [zotero_server.Fault("format=versions", headers={"Total-Results": total}, times=2)]
    zotero_review.said("pull")
    assert len(zotero_review.items()) == 5
    assert len([asked for asked in server.asked if "versions" in str(asked)]) == 4


def test_a_list_that_comes_in_pages_is_read_whole(zotero_server: Any, zotero_review: Any, monkeypatch: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server, 120)
    zotero_review.write(server)
    plain = server.chosen
    monkeypatch.setattr(server, "local", False)
    monkeypatch.setattr(server, "chosen", lambda way, query: query.setdefault("limit", "50") and plain(way, query))
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == keys


# faults on the way


def test_the_server_is_obeyed_when_it_asks_to_wait(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server)
    zotero_review.write(server)
    server.faults = [
        zotero_server.Fault("versions", status=429, headers={"Retry-After": "7"}),
        zotero_server.Fault("itemKey=MANY0050", status=429, headers={"Retry-After": "Sun, 22 Nov 2015 08:49:37 GMT"}),
        zotero_server.Fault("itemKey=MANY0100", headers={"Backoff": "11"}),
        zotero_server.Fault("itemKey=MANY0150", status=503),
    ]
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == keys
    assert zotero_review.waits == [7.0, 1.0, 11.0, 1.0]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_server_that_does_not_recover_leaves_the_former_file(
    zotero_server: Any, zotero_review: Any, status: int
) -> None:
    server = zotero_server()
    zotero_review.many(server)
    zotero_review.write(server)
    zotero_review.said("pull")
    before = SNAPSHOT.read_bytes()
    server.change("MANY0000", title="New")
    server.faults = [zotero_server.Fault("itemKey=", status=status, body=b"Out of order", times=99)]
    told = zotero_review.refused("pull")
    assert f"it answers {status}: Out of order" in told
    assert told.startswith("config/review.yaml:zotero.team: 127.0.0.1:")
    assert zotero_review.waits == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert SNAPSHOT.read_bytes() == before
    assert [path.name for path in SNAPSHOT.parent.iterdir()] == [SNAPSHOT.name]


def test_nobody_waits_for_an_hour(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.many(server, 3)
    zotero_review.write(server)
    server.faults = [zotero_server.Fault("versions", status=429, headers={"Retry-After": "3600"})]
    assert "asks to wait for 60 minutes; run again then" in zotero_review.refused("pull")
    assert zotero_review.waits == []


def test_a_body_that_is_cut_short_is_asked_for_again(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    keys = zotero_review.many(server)
    zotero_review.write(server)
    server.faults = [zotero_server.Fault("itemKey=MANY0100", cut=True, times=2)]
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == keys
    assert not any(fault.times for fault in server.faults)


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("versions", b"<html>Log in to the network</html>"),
        ("versions", b'["MANY0000"]'),
        ("versions", b'{"../../x": 3}'),
        ("versions", b'{"MANY0000": "3"}'),
        ("itemKey", b'[{"key": "MANY0000", "data": {}}]'),
        ("itemKey", b'[{"key": "../../xy", "version": 1, "data": {"itemType": "book"}}]'),
        ("itemKey", b'{"MANY0000": 3}'),
        ("itemKey", b"[" * 100_000),
        ("itemKey", b"\xff\xfe\x00"),
    ],
)
def test_what_is_not_zotero_is_refused(zotero_server: Any, zotero_review: Any, address: str, body: bytes) -> None:
    server = zotero_server()
    zotero_review.many(server, 3)
    zotero_review.write(server)
    server.faults = [zotero_server.Fault(address, status=200, body=body, headers={"Content-Type": "application/json"})]
    assert "so that it cannot be Zotero's" in zotero_review.refused("pull")
    assert not SNAPSHOT.exists()


def test_items_that_nobody_asked_for_are_no_items(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.many(server, 3)
    zotero_review.write(server)
    other = json.dumps([{"key": "OTHR2345", "version": 1, "data": {"itemType": "book"}}]).encode()
    head = {"Content-Type": "application/json"}
    server.faults = [zotero_server.Fault("itemKey", status=200, body=other, headers=head)]
    zotero_review.said("pull")
    assert len(zotero_review.items()) == 3


# keys and errors


def test_the_key_opens_a_library_and_is_told_to_nobody(
    zotero_server: Any, zotero_review: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = zotero_server(key="S3cr3tS3cr3tS3cr3tS3cr3t")
    zotero_review.many(server, 3)
    zotero_review.write(server)
    told = zotero_review.refused("pull")
    assert "is not open to everybody" in told
    assert "put a key into ZOTERO_API_KEY (docs/zotero.md)" in told
    monkeypatch.setenv("ZOTERO_API_KEY", server.key)
    outputs = [zotero_review.said("pull")]
    echo = f"Bearer {server.key} says no".encode()
    server.faults = [zotero_server.Fault("versions", status=403, body=echo)]
    outputs.append(zotero_review.refused("pull"))
    assert "the key in ZOTERO_API_KEY may not read the library of group 4711: Bearer [key] says no" in outputs[-1]
    server.faults = [zotero_server.Fault("versions", status=500, body=echo, times=99)]
    outputs.append(zotero_review.refused("pull"))
    written = [path.read_text(encoding="utf-8") for path in Path().rglob("*") if path.is_file()]
    assert not [text for text in [*outputs, *written] if server.key in text]


def test_a_key_with_a_line_break_is_not_sent_nor_shown(
    zotero_server: Any, zotero_review: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = zotero_server()
    zotero_review.write(server)
    monkeypatch.setenv("ZOTERO_API_KEY", "abc\ndef")
    told = zotero_review.refused("pull")
    assert "ZOTERO_API_KEY holds signs that no key has" in told
    assert "abc" not in told
    assert server.asked == []


def test_errors_say_what_to_do(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.many(server, 3)
    zotero_review.write(server, "collection: NNNN2345")
    assert zotero_review.refused("pull") == (
        "config/review.yaml:zotero.team: Zotero knows no such thing in the library of group 4711: Not found; "
        "check library, kind and collection"
    )
    zotero_review.write(server, "tag: nothing")
    assert "there is no item; check collection and tag" in zotero_review.refused("pull")
    server.number = 12
    assert "Zotero knows no such thing in the library of group 4711" in zotero_review.refused("pull")
    assert "there is no 'tema' under `zotero`; did you mean 'team'?" in zotero_review.refused("pull", "tema")
    path = Path("config/review.yaml")
    path.write_text(path.read_text().partition("zotero:\n")[0])
    assert "names no Zotero library; describe it under `zotero`, see docs/zotero.md" in zotero_review.refused("pull")


def test_only_files_and_notes_make_no_export(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    server.add("NTNT2345", itemType="note", note="x")
    zotero_review.write(server)
    assert "would hold files and notes, but no reference" in zotero_review.refused("pull")
    assert not SNAPSHOT.exists()


def test_nobody_there(zotero_server: Any, zotero_review: Any) -> None:
    server = zotero_server()
    zotero_review.write(server)
    server.close()
    assert "check the connection and run again later; nothing was written here" in zotero_review.refused("pull")
    assert len(zotero_review.waits) == 5
    zotero_review.write(server, "local: yes")
    zotero_review.waits.clear()
    told = zotero_review.refused("pull")
    assert "start Zotero on this computer" in told
    assert zotero_review.waits == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_no_proxy_catches_a_server_on_this_computer(
    zotero_server: Any, zotero_review: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    server, proxy = zotero_server(), zotero_server()
    zotero_review.many(server, 3)
    zotero_review.write(server)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(name, proxy.endpoint)
    zotero_review.said("pull")
    assert proxy.asked == []
    there = connection.Connection("x", "x", local=False, proxies=True)  # the proxy would catch it, had it been asked
    with pytest.raises(ScopingError):
        there.request("GET", server.endpoint)
    assert proxy.asked
    there.close()


# the Zotero of this computer


def test_the_local_zotero_is_read_anew_each_time_without_a_key(
    zotero_server: Any, zotero_review: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = zotero_server(local=True)
    keys = zotero_review.many(server, 120)
    zotero_review.write(server, "local: yes")
    monkeypatch.setenv("ZOTERO_API_KEY", "a-key-of-the-web")
    zotero_review.said("pull")
    assert sorted(zotero_review.items()) == keys
    server.items[keys[0]]["data"]["title"] = "Not synchronised yet"  # no version is counted up for that
    assert "0 new, 1 changed" in zotero_review.said("pull")
    assert not [asked for asked in server.asked if "Authorization" in asked.headers]
    server.faults = [zotero_server.Fault("items", status=403, body=b"Local API is not enabled")]
    assert "under Advanced, let other applications communicate with it" in zotero_review.refused("pull")
