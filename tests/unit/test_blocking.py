"""Which pairs are compared: every one that shares a key, also in crowded blocks; nothing depends on the order."""

import pytest

from scoping import blocking
from scoping.comparable import item

SHARED = [
    ({"doi": "10.1/a"}, "DOI"),
    ({"pmid": "123456"}, "PubMed id"),
    ({"volume": "3", "pages": "17-20", "year": ""}, "volume and page"),
    ({"pages": "17-20"}, "year and page"),
    ({"volume": "3"}, "year, volume and author"),
    (
        {"abstract": "Councils were asked for the evidence that they use, and for what they make of it in the end."},
        "abstract",
    ),
]


def pairs(items):
    return {
        tuple(sorted((items[a].content_id, items[b].content_id)))
        for a, b in zip(*blocking.candidates(items), strict=True)
    }


@pytest.fixture
def unlike(make):
    """Two entries with nothing in common but what is given."""

    def both(**fields):
        one = make.entry("Nurse champions", content_id="A", **fields)
        return [item(one), item(make.entry("Zebra crossings", content_id="B", **fields))]

    return both


@pytest.mark.parametrize(("fields", "key"), SHARED)
def test_each_key_finds_what_shares_it_and_nothing_else_does(unlike, monkeypatch, fields, key):
    assert pairs(unlike(**fields)) == {("A", "B")}
    monkeypatch.setattr(blocking, "KEYS", {name: of for name, of in blocking.KEYS.items() if name != key})
    others = {"DOI", "PubMed id"} if key in ("DOI", "PubMed id") else {"abstract"} if key == "abstract" else set()
    if others:  # control: the other keys do not stand in for it
        assert pairs(unlike(**fields)) == set()


def test_nothing_in_common_is_not_compared(unlike):
    a, b = unlike()
    assert pairs([a, b]) == set()


def test_a_crowded_block_is_split_and_not_dropped(make, monkeypatch):
    monkeypatch.setattr(blocking, "CROWDED", 5)
    monkeypatch.setattr(blocking, "WINDOW", 2)
    rows = [
        make.entry(f"Remarks {'abcdefghij'[n // 2] * 9}", doi="10.1/a", year=str(1990 + n // 2), content_id=f"{n:02}")
        for n in range(20)
    ]
    found = pairs([item(row) for row in rows])
    assert {(f"{n:02}", f"{n + 1:02}") for n in range(0, 20, 2)} <= found, "the same year, author and title"
    assert len(found) < 20 * 19 / 2


def test_what_else_is_in_the_review_changes_no_small_block(make):
    few = [item(make.entry(f"Evidence in councils of {name}", content_id=name)) for name in ("Kent", "Gwent")]
    many = [
        item(make.entry(f"Zebra crossings {n} {'z' * n}", content_id=f"{n}", author=f"N{n}", year="1999"))
        for n in range(30)
    ]
    assert pairs(few) == {("Gwent", "Kent")}
    assert pairs(few) == {pair for pair in pairs([*few, *many]) if set(pair) <= {"Kent", "Gwent"}}


def test_entries_of_one_id_are_no_pair(make):
    assert pairs([item(make.entry(content_id="A"))] * 3) == set()
    assert pairs([]) == set()
