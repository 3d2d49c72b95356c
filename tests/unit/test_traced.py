"""From every cleaned character back to the page as it was read."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from scoping.fulltext import from_json, of, raw_passage, to_json
from scoping.fulltext_clean import clean
from scoping.traced import Traced, breaks, raw_offset

WORDS = st.text(alphabet="abcdefghij", min_size=1, max_size=9)
PIECE = st.one_of(
    WORDS,
    st.sampled_from([
        " ", "  ", "\n", "\r\n", "\u00a0", "-\n", "\ufffe", "\u00ad", "\ufb01", "\ufb03", "e\u0301", "\u200b", "\n\n", ". ",
        "\x0c", "12", "\u2010\n", "\u2212\n3", "o\u0308\u0323", "\u2028", "\u1112\u1161\u11ab", "\ud800", "\U0001d400", "(", "and",
    ]),
)  # fmt: skip
PAGES = st.lists(st.lists(PIECE, max_size=40).map("".join), min_size=1, max_size=5)


def letters(text: str) -> str:
    """What no cleaning may change: the letters and digits in their order."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


@given(PAGES, st.booleans(), st.data())
def test_a_passage_stands_in_the_raw_text_where_the_map_says(
    raw: list[str], typeset: bool, data: st.DataObject
) -> None:
    text = of("ok", "", raw, clean(raw, typeset=typeset))
    text = from_json(to_json(text))
    for number, page in enumerate(text.pages, 1):
        if not page:
            continue
        start = data.draw(st.integers(0, len(page) - 1))
        end = data.draw(st.integers(start + 1, len(page)))
        low, high, passage = raw_passage(text, number, start, end)
        assert text.raw[number - 1][low:high] == passage
        if start and raw_offset(text.breaks[number - 1], start - 1) == low:
            continue  # begins within what one raw character became ("fi")
        if end < len(page) and raw_offset(text.breaks[number - 1], end) < high:
            continue  # ends within it
        assert letters(passage) == letters(page[start:end])


@given(PAGES)
def test_the_map_never_goes_back(raw: list[str]) -> None:
    for page in clean(raw):
        assert len(page.origin) == len(page.text)
        assert page.origin == sorted(page.origin)
        assert [raw_offset(breaks(page), at) for at in range(len(page.text))] == page.origin


def test_a_passage_as_it_stands_in_the_file() -> None:
    raw = ["A head\nThe inter-\nvention and the o\ufb03ce of a cafe\u0301 ran from\x0c2010-\n2015."]
    text = of("ok", "", raw, clean(raw))
    at = text.pages[0].index("intervention")
    end = text.pages[0].index(" ran")
    assert text.pages[0][at:end] == "intervention and the office of a caf\u00e9"
    assert raw_passage(text, 1, at, end)[2] == "inter-\nvention and the o\ufb03ce of a cafe\u0301"
    assert len(text.breaks[0]) < 8


def test_breaks_are_few_where_little_changed() -> None:
    assert breaks(Traced("abc", [0, 1, 2])) == ((0, 0),)
    assert breaks(Traced("abc", [0, 5, 6])) == ((0, 0), (1, 5))
