"""Works cited in a sentence find their entries, spelt as they may be."""

import pytest

from scoping import cited

REFERENCES = (
    "Allen, T. Grace, C. and Martin, S. (2015). Making the most of it.",
    "Coates, D. and Mickan, S. (2020). Challenges of the model. Journal, 34, 7: 743-764.",
    "Coates, D. and Hill, S. (2019). Something else.",
    "Langer L, Tripney J, Gough D. The science of it. 2016.",
)
CASES = [
    ("the model (Coates and Mikan, 2020), where", 1),
    ("the model (Coates and Mickan, 2020), where", 1),
    ("as Coates and Mickan (2020) say", 1),
    ("engage with it (Allen et al. 2015).", 0),
    ("well known (Langer et al. 2016) and", 3),
    ("(Coates and Mikan, 2019)", None),
    ("(Coates and Mikan, 2021)", None),
    ("(Caplan, 1979)", None),
    ("in 2020 Cardiff had it", None),
]


@pytest.mark.parametrize(("sentence", "at"), CASES)
def test_entry(sentence, at):
    found = [entry for entry in (cited.entry(c, REFERENCES) for c in cited.in_text(sentence)) if entry]
    assert found == ([] if at is None else [REFERENCES[at]])


def test_a_different_spelling_is_said():
    said = cited.remark("the model (Coates and Mikan, 2020), where", REFERENCES)
    assert said == "cites Coates and Mikan, 2020 (in the reference list: Coates, Mickan)"
    assert cited.remark("the model (Coates and Mickan, 2020)", REFERENCES) == "cites Coates and Mickan, 2020"
    assert cited.remark("nothing is cited", REFERENCES) == ""
