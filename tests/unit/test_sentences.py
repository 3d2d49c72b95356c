"""Sentences: hard cases written for the splitter, and what holds for any text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import sentences

CASES = Path(__file__).parents[1] / "cases"


def lines(name: str) -> list[str]:
    text = (CASES / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


LINES, HELD_OUT = lines("sentences.txt"), lines("sentences_held_out.txt")


def expected(line: str) -> tuple[str, list[str]]:
    """The text of a case, and its sentences."""
    line = line.replace("¶", "\n")
    return line.replace("|", ""), [part.strip() for part in line.split("|")]


def shown(text: str) -> list[str]:
    return [text[found.start : found.end] for found in sentences.split(text)]


def test_there_are_enough_cases_and_none_twice():
    assert len(LINES) >= 150
    assert len({line.replace("|", "") for line in LINES + HELD_OUT}) == len(LINES + HELD_OUT)


@pytest.mark.parametrize("line", LINES)
def test_hard_case(line):
    text, wanted = expected(line)
    assert shown(text) == wanted


@pytest.mark.parametrize("line", HELD_OUT)
def test_held_out_case(line):
    text, wanted = expected(line.removesuffix("✗"))
    assert (shown(text) == wanted) is not line.endswith("✗")


@given(
    st.text(alphabet=st.sampled_from("aAbé .?!…\n\t\u00a0\"”»(['12。」*–-\u2028\x0c"), max_size=60)
    | st.text(max_size=40)
)
def test_nothing_is_lost_and_nothing_overlaps(text):
    covered = 0
    for found in sentences.split(text):
        assert covered <= found.start < found.end
        assert not text[covered : found.start].strip()
        assert text[found.start : found.end].strip() == text[found.start : found.end]
        covered = found.end
    assert not text[covered:].strip()


def test_a_long_text_without_stops_is_one_sentence():
    text = "word " * 20_000
    assert shown(text) == [text.strip()]


def test_many_stops_are_no_trap():
    text = ". " * 20_000 + "A." * 20_000
    assert "".join("".join(shown(text)).split()) == "".join(text.split())
