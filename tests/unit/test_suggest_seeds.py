"""Suggestions on the five source documents as full texts, with the draft codebook that was written on them.

The figures flatter, since the indicators were made from these texts: they hold the machinery together, and say nothing
of how well it does on a report that nobody has seen.
"""

import csv
from collections import Counter

import pytest

from scoping import boilerplate, fulltext, suggest


@pytest.fixture(scope="module")
def seeds(shared_data):
    """Seed -> (pages, report)."""
    found = {}
    for path in sorted(shared_data("seeds").glob("*.txt")):
        text = fulltext.extract(path)
        assert text.status == "ok"
        found[f"S{int(path.name[:3])}"] = (text.pages, suggest.read(text.pages))
    assert sorted(found) == ["S0", "S1", "S2", "S3", "S4"]
    return found


@pytest.fixture(scope="module")
def codes(shared_data):
    """Code -> (phrases, the seeds in which its authors claim it)."""
    with shared_data("codebook_draft.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["id"]: (row["indicators"].split(";"), {seed.strip() for seed in row["seeds"].split(",")}) for row in rows
    }


@pytest.fixture(scope="module")
def found(seeds, codes):
    """(code, seed) -> what was found."""
    return {
        (code, seed): suggest.suggest(phrases, report)
        for code, (phrases, _) in codes.items()
        for seed, (_, report) in seeds.items()
    }


def test_coverage_and_precision_over_the_claims(found, codes):
    claimed = {(code, seed) for code, (_, claims) in codes.items() for seed in claims}
    suggested = {key for key, what in found.items() if what.suggestions}
    assert (len(codes), len(claimed)) == (92, 202)
    both = suggested & claimed
    print(f"claims with a suggestion: {len(both)} of {len(claimed)} = {len(both) / len(claimed):.1%}")
    print(f"suggested pairs that are claimed: {len(both)} of {len(suggested)} = {len(both) / len(suggested):.1%}")
    print("claimed and not suggested:", *sorted(claimed - suggested))
    print("suggested and not claimed:", *sorted(f"{code}/{seed}" for code, seed in suggested - claimed))
    assert claimed - suggested == {("MEC2", "S2")}  # only in the line on who funds the centre, which is left out
    assert (len(both), len(suggested)) == (201, 236)


def test_confidence_says_something(found, codes):
    """Of what is said to be high, a larger share is claimed than of what is said to be low."""
    claimed, all_of = Counter(), Counter()
    for (code, seed), what in found.items():
        if what.suggestions:
            best = what.suggestions[0].confidence
            all_of[best] += 1
            claimed[best] += seed in codes[code][1]
    shares = {word: claimed[word] / all_of[word] for word in all_of}
    print({word: f"{claimed[word]} of {all_of[word]}" for word in ("high", "medium", "low")})
    assert shares["high"] > shares["medium"] > shares["low"]


def test_every_quote_is_verbatim_and_there_are_at_most_three(found, seeds):
    quotes = [(seed, s) for (_, seed), what in found.items() for s in what.suggestions]
    assert len(quotes) > 300
    for seed, s in quotes:
        assert seeds[seed][0][s.page - 1][s.start : s.end] == s.quote
    assert max(len(what.suggestions) for what in found.values()) == suggest.MOST


BOILERPLATE = {
    "S0": ["Durrant, H., Havers, R., Downe, J., and Martin, S. (2024)"],
    "S1": ["alison.clarke@wcpp.org.uk"],
    "S2": [
        "The two-communities theory and knowledge utilization",
        "Challenges and enablers of the embedded researcher model",
        "The Science of Using Science",
        "Local Government Knowledge Navigator",
        "Making the Connections between Cardiff Council",
        "Funded by the Economic and Social Research Council",
        "For further information contact",
        "Museum Place",
        "info@wcpp.org.uk",
    ],
    "S3": ["Skip to content", "Show Menu"],
    "S4": ["Academy of Management Learning and Education", "Posted on 2021-01-30", "Select your citation style"],
}


@pytest.mark.parametrize("seed", BOILERPLATE)
def test_boilerplate_gives_no_suggestion_whatever_is_looked_for(seeds, seed):
    pages, report = seeds[seed]
    for line in BOILERPLATE[seed]:
        assert line in "\n".join(pages)
        assert not [passage.text for passage in report.passages if line in passage.text]


def test_without_the_guard_boilerplate_would_be_suggested(seeds, monkeypatch):
    monkeypatch.setattr(boilerplate, "left_out", lambda pages: [])
    monkeypatch.setattr(boilerplate, "notice", lambda sentence: False)
    for seed, lines in BOILERPLATE.items():
        report = suggest.read(seeds[seed][0])
        for line in lines:
            assert [passage.text for passage in report.passages if line in passage.text], line


def test_a_repeated_pull_quote_is_suggested_once(seeds):
    pages, report = seeds["S1"]
    pull = "build relationships to support what can be a lonely and challenging role"
    assert "\n".join(pages).count(pull) == 3
    (one,) = [s for s in suggest.suggest(["lonely"], report).suggestions if pull in s.quote]
    assert one.quote.startswith("It aims to enable us all")


def test_the_abstract_of_a_page_that_has_nothing_else_is_read(seeds):
    assert suggest.suggest(["absorptive capacity"], seeds["S4"][1]).suggestions


def test_either_spelling_finds_both(seeds):
    """The first seed writes mobilisation and mobilization."""
    pages, report = seeds["S0"]
    assert "mobilization" in pages[0]
    assert "mobilisation" in pages[0]
    passages = [
        suggest.suggest([phrase], report).passages for phrase in ("mobilisation", "mobilization", "mobili?ation")
    ]
    assert (
        passages[0] == passages[1] == sum("mobilisation" in p.text or "mobilization" in p.text for p in report.passages)
    )
    assert passages[2] == passages[0]


def test_an_author_whose_name_is_spelt_in_two_ways_is_found(seeds):
    """Mikan in the text, Mickan in the list."""
    (first, *_) = suggest.suggest(["embedded researcher model"], seeds["S2"][1]).suggestions
    assert first.why.endswith("cites Coates and Mikan, 2020 (in the reference list: Coates, Mickan)")
