"""Items are put together and taken apart in one place, and what is put together comes apart again."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import items
from scoping.items import Item
from scoping.workbook import keys

SOURCE = Path(items.__file__).parent
IDS = ("KX7RMW2XHB9", "B2C3D4F5G6H")


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("A", Item("A")),
        ("A~B", Item("A~B")),
        ("A:POP", Item("A", "POP")),
        ("A+2:POP", Item("A", "POP", 2)),
        ("A+12:POP", Item("A", "POP", 12)),
    ],
)
def test_an_item_comes_apart_and_goes_together(text: str, item: Item) -> None:
    assert items.split(text) == item
    assert str(item) == text


def test_a_pair_names_two_ids_and_a_coded_report_one() -> None:
    assert items.split("A~B").ids == ("A", "B")
    assert items.split("A+2:POP").ids == ("A",)


@pytest.mark.parametrize("text", ["A+1:POP", "A+0:POP", "A+:POP", "A+02:POP", "A+x:POP", "A+²:POP", "A+-2:POP"])
def test_what_is_no_further_model_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no number of a further model"):
        items.split(text)


def test_the_first_model_is_never_written() -> None:
    assert items.join("A", "POP", "1") == items.join("A", "POP") == "A:POP"
    assert items.join("A", "POP", "2") == "A+2:POP"


@given(st.sampled_from(IDS), st.from_regex(r"[A-Z][A-Z0-9]{1,7}", fullmatch=True), st.integers(1, 99))
def test_every_item_that_is_put_together_comes_apart(record: str, code: str, model: int) -> None:
    assert items.split(items.join(record, code, model)) == Item(record, code, model)


@given(st.from_regex(r"[A-Z][A-Z0-9]{1,7}", fullmatch=True), st.integers(1, 99))
def test_a_sheet_has_a_key_for_every_model(code: str, model: int) -> None:
    item = items.join(_id(), code, model)
    key = keys.make("co01.anna", item)
    assert keys.find(key.lower()) == keys.Key("co01.anna", item)
    assert not keys.damaged(key)
    assert keys.damaged(key[:-1] + ("B" if key[-1] != "B" else "C"))


@pytest.mark.parametrize("written", ["+1:POP", "+02:POP", "+100:POP", "+2", "+2~"])
def test_a_sheet_has_no_key_for_anything_else(written: str) -> None:
    with pytest.raises(ValueError, match="is no record id"):
        keys.make("co01.anna", _id() + written)


def test_nobody_else_takes_items_apart() -> None:
    """A control on the pattern stands beside it: it finds what it is to find."""
    by_hand = re.compile(r"""partition\(":"\)\[?|split\("[:~]"\)|\['record_id'\]\}:\{""")
    assert all(by_hand.search(text) for text in ('x.partition(":")', 'x.split("~")', "{row['record_id']}:{code}"))
    allowed = {
        "items.py",
        "fulltext.py",
        "grid_xlsx.py",
        "office.py",
        "xml_records.py",
    }  # rectangles of a page, ranges of cells, XML tags
    found = {p.name for p in SOURCE.rglob("*.py") if by_hand.search(p.read_text(encoding="utf-8"))}
    assert found <= allowed


def _id() -> str:
    from scoping.identity import content_id

    return content_id("an item")
