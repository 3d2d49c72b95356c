"""Names of journals, in full and abbreviated."""

import pytest

from scoping.journals import journals_alike

JOURNALS = [
    ("journal of clinical testing", "j clin test", 0.8, 1),
    ("bmj", "british medical journal", 0.9, 1),
    ("diabetes", "diabetologia", 0, 0.1),
    ("diabetes", "diabetes", 1, 1),
    ("annals of botany", "journal of zoology", 0, 0.1),
    ("american journal of infection control", "am j infect control", 0.9, 1),
    ("mis quarterly", "management information systems quarterly", 1, 1),
    ("pnas", "proceedings of the national academy of sciences of the united states of america", 0.7, 1),
    (
        "proc natl acad sci usa",
        "proceedings of the national academy of sciences of the united states of america",
        0.9,
        1,
    ),
    ("bull who", "bulletin of the world health organization", 0.9, 1),
    ("plos med", "public library of science medicine", 0.9, 1),
    ("jpn j nurs", "japanese journal of nursing", 0.9, 1),
    ("dtsch arztebl", "deutsches arzteblatt", 0.9, 1),
    ("qly jnl of mgt", "quarterly journal of management", 0.9, 1),
    ("who", "lancet", 0, 0.1),
    ("usa today", "uk today", 0, 0.6),
]


@pytest.mark.parametrize(("a", "b", "least", "most"), JOURNALS)
def test_journals_alike(a, b, least, most):
    assert least <= journals_alike(a, b) <= most
    assert journals_alike(a, b) == journals_alike(b, a)
