"""Suggestions: verbatim, at most three, the best first, with why; and what was searched where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import suggest

PAGES = (
    "Trust\nThe board met each month. Trust grew between officers and researchers as they built relationships.\n"
    "• Trust was lost when the broker left.\nThe Hill Trust gave rooms.",
    "In the second year trust came back.\nTrust was lost when the broker left.\nNobody spoke of power.\n"
    "References\nHill, T., Dale, J. and Marsh, B. (2019). Trust in councils. Leeds: Hill.",
)


def quotes(phrases, pages=PAGES):
    return [s.quote for s in suggest.suggest(phrases, suggest.read(pages)).suggestions]


def test_quotes_are_verbatim_and_the_best_is_first():
    report = suggest.read(PAGES)
    found = suggest.suggest(["trust*", "built relationship*"], report)
    assert [(s.page, s.why, s.confidence) for s in found.suggestions] == [
        (1, "words: trust*, built relationship*", "high"),
        (1, "words: trust*", "low"),
        (2, "words: trust*", "low"),
    ]
    assert found.suggestions[1].quote == "Trust was lost when the broker left."  # without the mark of the item
    for s in found.suggestions:
        assert PAGES[s.page - 1][s.start : s.end] == s.quote
    assert found.passages == 4  # with the heading; no repeat, no name, no reference
    assert found.searched == "4 sentences with a hit in 2 pages, 7 sentences (left out: reference list 4, repeated 1)"


def test_a_name_is_no_hit_unless_the_indicator_is_one():
    pages = ["Rooms were given by the Hill Trust. People came."]
    assert quotes(["trust*"], pages) == []
    assert quotes(["Trust"], pages) == ["Rooms were given by the Hill Trust."]
    assert quotes(["trust*"], ["Rooms were given in trust. People came."]) == ["Rooms were given in trust."]


def test_a_heading_is_suggested_last_and_said():
    found = suggest.suggest(["time"], suggest.read(["Lack of time\nPeople came. They had time to talk to each other."]))
    assert [(s.quote, s.confidence) for s in found.suggestions] == [
        ("They had time to talk to each other.", "low"),
        ("Lack of time", "low"),
    ]
    assert found.suggestions[1].why == "words: time; only a heading"


def test_a_sentence_in_which_a_page_ends_is_suggested_last_and_said():
    pages = [
        "People came. The desk lent its time to the councils that asked, and",
        "gave time to those that did not. In time it closed.",
    ]
    found = suggest.suggest(["time"], suggest.read(pages))
    assert [(s.page, s.quote) for s in found.suggestions] == [
        (2, "In time it closed."),
        (1, "The desk lent its time to the councils that asked, and"),
        (2, "gave time to those that did not."),
    ]
    assert [s.why.partition("; ")[2] for s in found.suggestions] == [
        "",
        *["a part of a sentence, the page ends in it"] * 2,
    ]
    whole = suggest.read(["The desk lent time.", "In time it closed."])
    assert not any(passage.cut for passage in whole.passages), "each page holds whole sentences"


def test_a_longer_line_by_itself_is_a_heading_and_an_item_of_a_list_is_not():
    page = (
        "4.3 What each of the desks took home in time\nPeople came.\n• time to talk to those who know the town well\n"
    )
    assert [(p.text[:4], p.heading) for p in suggest.read([page]).passages] == [
        ("4.3 ", True),
        ("Peop", False),
        ("time", False),
    ]


def test_where_nothing_is_found_it_is_said_how_much_was_read():
    found = suggest.suggest(["telephone*"], suggest.read(PAGES))
    assert found.suggestions == ()
    assert found.searched.startswith("no hit in 2 pages, 7 sentences (left out: ")
    assert suggest.suggest(["trust*"], suggest.read([])).searched == "no hit in 0 pages, 0 sentences"


def test_at_most_three_and_no_two_alike():
    pages = ["\n".join(f"In town {name} trust grew for reason {name * 3} over time." for name in "abcdefgh")]
    assert len(quotes(["trust"], ["Trust grew. " + pages[0]])) <= 3
    pull = "We build relationships to support what can be a lonely and challenging role."
    pages = [
        f"It is said that {pull[0].lower()}{pull[1:]}\nOur members say: {pull}\nThere are other relationships, too."
    ]
    assert len(quotes(["relationships"], pages)) == 2


def test_a_phrase_does_not_run_from_one_sentence_into_the_next():
    assert quotes(["two worlds"], ["There are two\nWorlds differ."]) == []
    assert quotes(["two worlds"], ["There are two worlds."]) == ["There are two worlds."]


def test_overlapping_indicators_count_once():
    pages = ["They opened a knowledge broker organisation. People came."]
    found = suggest.suggest(["knowledge broker organisation", "knowledge broker", "knowledge"], suggest.read(pages))
    assert [(s.why, s.confidence) for s in found.suggestions] == [("words: knowledge broker organisation", "medium")]


def test_a_word_that_is_everywhere_weighs_less():
    common = " ".join(f"Evidence {word} used here." for word in ("was", "is", "gets", "has been", "may be"))
    pages = [f"{common} Appetite for evidence grew. Enthusiasm grew."]
    assert quotes(["evidence", "enthusiasm"], pages)[0] == "Enthusiasm grew."


def test_a_cited_work_is_said():
    pages = ["The model is embedded (Hill and Daile, 2019). People came.\n" + PAGES[1].split("\n", 3)[3]]
    (found,) = suggest.suggest(["embedded"], suggest.read(pages)).suggestions
    assert found.why == "words: embedded; cites Hill and Daile, 2019 (in the reference list: Hill, Dale, Marsh)"


@pytest.mark.parametrize(
    ("phrase", "text"),
    [("mobilisation", "Knowledge mobilization helps."), ("mobilization", "Knowledge mobilisation helps.")],
)
def test_either_spelling_finds_the_other_and_the_quote_stays_as_it_is(phrase, text):
    assert quotes([phrase], [text]) == [text]


@given(st.lists(st.text(alphabet="trust TRUST.\n•- abc’“”()2019,", max_size=80), max_size=3))
def test_every_quote_is_verbatim(pages):
    for found in suggest.suggest(["trust*", "a b", "c"], suggest.read(pages)).suggestions:
        assert pages[found.page - 1][found.start : found.end] == found.quote
        assert found.quote.strip() == found.quote
        assert found.quote


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "." * 100_000 + "x", ". " * 50_000 + "x", "A. " * 50_000, "a@" * 50_000, "(" * 100_000, "\n" * 200_000 + "x",
             "9 " * 100_000, "Hill, " * 50_000, "-" * 100_000 + "a", "References\n" * 5_000, "trust " * 50_000, "“" * 100_000]
)  # fmt: skip
def test_hostile_texts_are_read_in_the_end(text):
    report = suggest.read([text])
    for found in suggest.suggest(["trust*", "a b*"], report).suggestions:
        assert text[found.start : found.end] == found.quote
