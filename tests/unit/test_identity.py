"""Printed ids: what is in them, what is not, and that a wrong character shows."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import identity
from scoping.identity import ALPHABET, BODY, check_character, content_id, folded, is_id, printed_hash

BODIES = st.text(ALPHABET, min_size=BODY, max_size=BODY)
WHOLE = {"accession": "", "doi": "10.1/x", "title": "Evidence in Councils", "year": "2021", "first_author": "Marsh"}


def id_of(raw: str = "raw", **changes: str) -> str:
    return content_id(identity.identity({**WHOLE, **changes}, raw=raw))


def test_the_alphabet_has_no_vowels_and_nothing_that_reads_as_another():
    assert not set(ALPHABET) & set("AEIOU01")
    assert len(set(ALPHABET)) == len(ALPHABET) == 28
    assert set(ALPHABET) <= set(string.ascii_uppercase + string.digits)


@given(st.text())
def test_every_id_is_one_and_is_found_by_the_pattern(text):
    found = content_id(text)
    assert is_id(found)
    assert re.fullmatch(identity.ID_PATTERN, found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # fixed for ever: these ids stand in sheets that lie with people
        ("item\n10.1/x\nevidence\n2020\nmarsh", "3VNZTZZ6422"),
        ("accession\npmid:39000001", "B9PP3ZDC42M"),
        ("", "CKRW8F9N5QK"),
    ],
)
def test_ids_never_change_between_versions(text, expected):
    assert content_id(text) == expected


@given(BODIES, st.integers(0, BODY), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_always_found(body, place, letter):
    right = body + check_character(body)
    wrong = right[:place] + letter + right[place + 1 :]
    assert is_id(wrong) == (wrong == right)


def test_a_single_wrong_character_is_always_found_without_exception():
    """Every character at every place of some ids, not a sample."""
    for number in range(20):
        right = content_id(str(number))
        wrong = {right[:i] + c + right[i + 1 :] for i in range(len(right)) for c in ALPHABET} - {right}
        assert len(wrong) == (BODY + 1) * (len(ALPHABET) - 1)
        assert not any(map(is_id, wrong))


def test_without_the_check_character_wrong_ids_would_pass(monkeypatch):
    right = content_id("1")
    wrong = ("B" if right[0] != "B" else "C") + right[1:]
    assert not is_id(wrong)
    monkeypatch.setattr(identity, "check_character", lambda body: right[-1])
    assert is_id(wrong)


@pytest.mark.parametrize("text", ["", "BCDFGHJKLM", "BCDFGHJKLMNP", "BCDFGHJKL0N", "AAAAAAAAAAA", "bcdfghjklmn"])
def test_what_is_no_id(text):
    assert not is_id(text)


@given(st.text(), st.integers(1, 20))
def test_printed_hashes_have_the_length_asked_for_and_agree_in_their_beginning(text, length):
    found = printed_hash(text, length)
    assert len(found) == length
    assert set(found) <= set(ALPHABET)
    assert printed_hash(text, 20).startswith(found)


FOLDED = [
    ("Evidence  in Councils.", "evidenceincouncils"),
    ("EVIDENCE IN COUNCILS", "evidenceincouncils"),
    ("Évidence – in “Councils”", "evidenceincouncils"),
    ("Evidence &amp; practice", "evidencepractice"),
    ("Evidence &amp;amp; practice", "evidencepractice"),
    ("<i>Evidence</i> in H<sub>2</sub>O", "evidenceinh2o"),
    ("p < 0.05 and x > 3", "p005andx3"),
    ("Straße", "strasse"),
    ("ﬁeld", "field"),
    ("证据与政策", "证据与政策"),
    ("…", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_folded(text, expected):
    assert folded(text) == expected


@given(st.text(st.characters(exclude_characters="&<>", exclude_categories=("Cs",))))
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(string.ascii_letters + "éüßñ "), st.text(" .,;:-–!?'\"", max_size=3))
def test_case_and_punctuation_are_not_in_an_id(title, noise):
    assert id_of(title=noise + title.swapcase() + noise) == id_of(title=title)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "EVIDENCE IN COUNCILS."},
        {"doi": "10.1/X"},
        {"first_author": "MARSH"},
        {"raw": "other text of the same entry"},
    ],
)
def test_what_an_id_does_not_depend_on(changes):
    assert id_of(**changes) == id_of()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Evidence in councils, part II"},
        {"doi": "10.1/y"},
        {"doi": ""},
        {"year": "2022"},
        {"first_author": "Novak"},
        {"accession": "pmid:1"},
    ],
)
def test_what_an_id_depends_on(changes):
    assert id_of(**changes) != id_of()


@pytest.mark.parametrize(
    ("fields", "raw", "expected"),
    [
        ({"accession": "PMID:39000001"}, "", "accession\npmid:39000001"),
        ({"doi": "10.1/X", "title": ""}, "", "item\n10.1/x\n\n2021\nmarsh"),
        ({"doi": ""}, "", "item\n\nevidenceincouncils\n2021\nmarsh"),
        ({"doi": "", "title": "…"}, " TY  - JOUR \r\n ER  - ", "raw\nTY - JOUR ER -"),
    ],
)
def test_identity(fields, raw, expected):
    assert identity.identity({**WHOLE, "accession": "", **fields}, raw=raw) == expected


def test_an_accession_number_wins_over_everything_else():
    assert id_of(accession="pmid:1") == id_of(accession="PMID:1", title="other", doi="10.9/z", year="", raw="x")


@settings(max_examples=50)
@given(st.text(string.ascii_letters + " \n"), st.sampled_from(["\r\n", "\n", "  "]))
def test_an_entry_without_identity_keeps_its_id_when_only_its_blanks_change(raw, blank):
    fields = dict.fromkeys(WHOLE, "")
    assert content_id(identity.identity(fields, raw=raw)) == content_id(
        identity.identity(fields, raw=blank.join(raw.split()))
    )


def test_kinds_of_identity_cannot_be_mistaken_for_each_other():
    texts = {
        identity.identity({**dict.fromkeys(WHOLE, ""), **fields}, raw="pmid:1")
        for fields in ({"accession": "pmid:1"}, {"title": "pmid:1"}, {"doi": "pmid:1"}, {})
    }
    assert len(texts) == 4
