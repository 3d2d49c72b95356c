"""Quotes: true ones pass however they were typed or typeset, altered ones never do."""

import random
import re

import pytest

from scoping.quotes import Found, find, shown
from scoping.wording import difference, folded

PAGES = (
    "Trust was not significant in 12 of the 45 teams. Knowledge bro\u00adkers met co-\nlocated staﬀ – “weekly” – in"
    " 2010–2015.\nThe evidence-based approach, it was said, did improve outcomes.12 It cost 4.5% of the budget (r = −0.5)."
    " Partnerships take time, and the staff did",
    "never complain about the workload. Ten squared is 10² and 1½ hours. Partners were involved from the start of the"
    " project, with clear roles, and visits increased before the pandemic. The naïve Straße policy was can't-do.",
    "A last page with few words on health visitors who were rarely asked.",
)


@pytest.mark.parametrize(
    ("quote", "page", "passage"),
    [
        ("Trust was not significant", 1, "Trust was not significant"),
        ("TRUST WAS NOT SIGNIFICANT", 1, "Trust was not significant"),
        ("“…Trust was not significant in 12 of the 45 teams.”", 1, "Trust was not significant in 12 of the 45 teams"),
        ("knowledge brokers met colocated staff", 1, "Knowledge bro\u00adkers met co-\nlocated staﬀ"),
        (
            "Knowledge  brokers\nmet co-located staff - 'weekly'",
            1,
            "Knowledge bro\u00adkers met co-\nlocated staﬀ – “weekly",
        ),
        ('staff - "weekly" - in 2010-2015', 1, "staﬀ – “weekly” – in 2010–2015"),
        ("the evidence‐based appro-\nach", 1, "The evidence-based approach"),
        ("r = -0.5", 1, "r = −0.5"),
        ("4.5% of the budget", 1, "4.5% of the budget"),
        ("10² and 1½ hours", 2, "10² and 1½ hours"),
        ("the nai\u0308ve strasse policy", 2, "The naïve Straße policy"),
        ("can’t-do", 2, "can't-do"),
        ("workload", 2, "workload"),
    ],
)
def test_verbatim(quote: str, page: int, passage: str) -> None:
    found = find(quote, PAGES)
    assert (found.verdict, found.page, found.passage, found.score) == ("verbatim", page, passage, 100.0)
    assert PAGES[page - 1][found.start : found.end] == passage


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("Trust was significant in 12 of the 45 teams", "not"),
        ("Trust was not significant in 12 of the 54 teams", "54"),
        ("Trust was not significant in 2 of the 45 teams", "12"),
        ("Knowledge brokers met co-located staff weekly in 2010-2016", "2010-2016"),
        ("it was said, did not improve outcomes", "not"),
        ("It cost 4.5 of the budget and", "4.5%"),
        ("It cost 45% of the budget", "45%"),
        ("of the budget (r = 0.5). Partnerships take time", "-0.5"),
        ("the staff did complain about the workload", "never"),
        ("Ten squared is 102 and 1½ hours", "102"),
        ("Partners were excluded from the start of the project, with clear roles", "excluded"),
        ("Partners were involved from the start of the project, without clear roles", "without"),
        ("with clear roles, and visits decreased before the pandemic", "decreased"),
        ("with clear roles, and visits increased after the pandemic", "after"),
        ("Trust was not insignificant in 12 of the 45 teams", "insignificant"),
        ("Trust was not non-significant in 12 of the 45 teams", "nonsignificant"),
    ],
)
def test_altered_is_missing_though_alike(quote: str, why: str) -> None:
    found = find(quote, PAGES)
    assert found.verdict == "missing"
    assert found.score > 85
    assert found.why.startswith("altered: ")
    assert why in found.why


@pytest.mark.parametrize(
    "quote",
    [
        "Partners were involved form the start of the projct",
        "it was said, did improve outcomes. It cost 4.5% of the budget",  # without the note of reference
        "Trust was not significant in twelve of the 45 teams",
        "Partners were involved from the very start of the project, with clear roles",
        "rust was not significant in 12 of the 45 teams",
    ],
)
def test_near(quote: str) -> None:
    found = find(quote, PAGES)
    assert found.verdict == "near"
    assert 90 <= found.score < 100
    assert PAGES[found.page - 1][found.start : found.end] == found.passage


@pytest.mark.parametrize(
    "quote", ["", " … ", "“”", "[...]", "budget was large", "rust was", "4.5 of", "5% of the", "0.5"]
)
def test_short_or_cut_is_found_exactly_or_not_at_all(quote: str) -> None:
    assert find(quote, PAGES).verdict == "missing"


def test_runs_over_a_page_break() -> None:
    found = find("and the staff did never complain about the workload", PAGES)
    assert found.verdict == "verbatim"
    assert found.spans == ((1, found.start, len(PAGES[0])), (2, 0, 33))
    assert found.passage == "and the staff did"
    assert shown(found, PAGES) == "and the staff did never complain about the workload"


FOOT, HEAD = "© 2021 The authors. ISSN 1234-5678 131", "Ashdown et al.\nOne post"
BROKEN = ("The question was rewritten four", "times over seven months, as managers saw first results and said so.")


@pytest.mark.parametrize(("foot", "head"), [(FOOT, ""), ("", HEAD), (FOOT, HEAD)])
def test_what_stays_at_the_edges_of_pages_does_not_hide_a_quote(foot: str, head: str) -> None:
    quote = "The question was rewritten four times over seven months"
    pages = ["Earlier.", f"{BROKEN[0]} {foot}", f"{head} {BROKEN[1]}"]
    found = find(quote, pages)
    assert (found.verdict, found.page) == ("near", 2)
    assert shown(found, pages) == "The question was rewritten four […] times over seven months"
    assert " ".join(f"{foot} {head}".split()) in found.why, "a person sees what was left out"


@pytest.mark.parametrize(
    "pages",
    [
        (f"{BROKEN[0]} or not more {FOOT}", BROKEN[1]),  # the page has words of its own
        (f"{BROKEN[0]} {'and again ' * 30}", BROKEN[1]),  # too far from the edge
        (f"{BROKEN[0]} {FOOT}", "x", BROKEN[1]),  # two pages on
        (f"{BROKEN[0]} {FOOT} {BROKEN[1]}",),  # no page break
    ],
)
def test_only_the_edges_of_pages_are_left_out(pages: tuple[str, ...]) -> None:
    assert find("The question was rewritten four times over seven months", pages).verdict == "missing"


@pytest.mark.parametrize("gap", ["[...]", "[…]", "(...)", "…", "...", ". . ."])
def test_parts_in_order(gap: str) -> None:
    found = find(f"Partnerships take time {gap} Partners were involved", PAGES)
    assert found.verdict == "verbatim"
    assert shown(found, PAGES) == "Partnerships take time […] Partners were involved"
    assert find(f"Partners were involved {gap} Partnerships take time", PAGES).verdict == "missing"
    assert find(f"Trust was not significant {gap} health visitors who were", PAGES).verdict == "missing"  # two pages on
    near = find(f"Partnerships take time, and the staf did {gap} Partners were involved", PAGES)
    assert near.verdict == "near"
    altered = find(f"Partnerships take time {gap} Ten squared is 11² and 1½ hours", PAGES)
    assert (altered.verdict, altered.why[:35]) == ("missing", "part 2 of 2, on the same page or the"[:35])


def test_an_earlier_first_part_does_not_hide_the_right_one() -> None:
    pages = ["the plan was clear", "x", "y", "the plan was clear and then it was dropped for good"]
    assert find("the plan was clear [...] it was dropped", pages).page == 4


def test_a_negation_beside_the_quote_is_remarked() -> None:
    assert "'not'" in find("significant in 12 of the 45 teams", PAGES).why
    assert find("Partners were involved from the start", PAGES).why == ""


def test_an_altered_twin_does_not_hide_the_true_passage() -> None:
    pages = ["visits rose in 14 of the villages studied", "Visits rose in 13 of the vilages studied."]
    assert find("visits rose in 13 of the villages studied", pages).page == 2


def test_nothing_to_search() -> None:
    assert find("some words that are nowhere", []) == Found("missing", why="no passage is like it")
    assert find("some words that are nowhere", ["", " "]).verdict == "missing"
    assert find("w" * 5000, PAGES).why.startswith("more than 4,000")


SUBJECTS = ["The partnership", "Each council", "A health visitor", "The research team", "Every school in the programme"]
VERBS = ["reported", "had built", "did not find", "could never sustain", "described"]
OBJECTS = ["a clear benefit for", "no lasting change among", "closer ties with", "trust without contracts between"]
WHO = ["{} of the {} local offices", "about {}% of families and {} nurses", "staff aged {} to {} years"]
END = [
    "when funding increased",
    "after the pilot ended",
    "because roles were “flexible” and well-defined",
    "in first-line care",
]


def _report(seed: int) -> list[str]:
    dice = random.Random(seed)
    sentences = []
    for _ in range(60):
        who = dice.choice(WHO).format(dice.randrange(2, 99), dice.randrange(100, 999))
        words = [dice.choice(SUBJECTS), dice.choice(VERBS), dice.choice(OBJECTS), who, dice.choice(END)]
        sentences.append(" ".join(words) + ".")
    return [" ".join(sentences[at : at + 10]) for at in range(0, 60, 10)]


def _typed(quote: str, dice: random.Random) -> str:
    """The same words as another program or another hand would give them."""
    quote = "".join(dice.choice(["\n", "  ", "\u00a0", " ", " "]) if c == " " else c for c in quote)
    quote = quote.replace("fi", "ﬁ").replace("“", dice.choice('"“')).replace("-", dice.choice("-‐–"))
    at = dice.choice([m.start() for m in re.finditer(r"(?<=[a-z]{2})(?=[a-z]{2})", quote)])
    quote = quote[:at] + dice.choice(["-\n", "\u00ad", "\ufffe", "-\r\n"]) + quote[at:]
    return dice.choice(["“{}”", "…{}...", "{}", '"{}."']).format(quote)


def _altered(quote: str, dice: random.Random) -> str:
    """Another statement in nearly the same letters."""
    digits = list(re.finditer(r"\d", quote))
    negations = list(re.finditer(r"(?<=\w )(?:not|never|no|without) (?=\w)", quote))
    kind = dice.choice(["digit", "drop", "add"] if negations else ["digit", "add"])
    if kind == "digit":
        at = dice.choice(digits).start()
        return quote[:at] + str((int(quote[at]) + dice.randrange(1, 10)) % 10) + quote[at + 1 :]
    if kind == "drop":
        return dice.choice([quote[: m.start()] + quote[m.end() :] for m in negations])
    blanks = [m.end() for m in re.finditer(" ", quote)]
    at = dice.choice(blanks)
    return quote[:at] + dice.choice(["not ", "no ", "never ", "without "]) + quote[at:]


def test_a_hundred_true_quotes_pass_and_a_hundred_altered_ones_are_caught() -> None:
    dice = random.Random(11)
    true, caught = 0, 0
    for round_ in range(100):
        pages = _report(round_)
        sentence = dice.choice(dice.choice(pages).split(". ")).rstrip(".")
        true += find(_typed(sentence, dice), pages).verdict == "verbatim"
        caught += find(_altered(sentence, dice), pages).verdict == "missing"
    assert (true, caught) == (100, 100)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("evidence‑based", "evidencebased", True),
        ("10–15", "10 - 15", True),
        ("COVID–19", "covid-19", True),
        ("COVID-19", "covid19", False),
        ("10²", "102", False),
        ("kg/m²", "kg/m2", True),
        ("1½", "11/2", False),
        ("ｆｕｌｌ", "full", True),
        ("−0.5", "0.5", False),
    ],
)
def test_folding(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same


@pytest.mark.parametrize(
    ("quote", "passage", "same"),
    [
        ("three sites", "3 sites", True),
        ("p < .05", "p < 0.05", True),
        ("did not", "didn’t", True),
        ("in depth talk", "in-depth talk", True),
        ("in depth", "indepth", True),
        ("as noted [12] by", "as noted by", False),
        ("as noted by", "as noted [12, 13] by", True),
        ("able", "unable", False),
        ("harmless", "harmful", False),
        ("over time", "overall time", True),
    ],
)
def test_difference(quote: str, passage: str, same: bool) -> None:
    assert (difference(quote, passage) == "") is same
