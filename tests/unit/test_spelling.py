"""Spelling: British and American forms fold together, different words do not."""

import pytest

from scoping import spelling

SAME = """
mobilisation mobilization|mobilise mobilize|mobilising mobilizing|mobiliser mobilizer|organisation organization
organisational organizational|analyse analyze|analysing analyzing|recognise recognize|summarised summarized
prioritisation prioritization|behaviour behavior|behavioural behavioral|labour labor|favourable favorable|colour color
neighbourhood neighborhood|honour honor|endeavour endeavor|rigour rigor|centre center|centres centers|centred centered
theatre theater|programme program|programmes programs|labelling labeling|labelled labeled|modelling modeling
travelled traveled|counselling counseling|counsellor counselor|channelled channeled|fuelled fueled|fulfil fulfill
enrol enroll|enrolment enrollment|instil instill|distil distill|skilful skillful|defence defense|licence license
practise practice|practising practicing|judgement judgment|acknowledgement acknowledgment|ageing aging|grey gray
catalogue catalog|dialogue dialog|enquiry inquiry|sceptical skeptical|focussed focused|manoeuvre maneuver
paediatric pediatric|anaesthesia anesthesia|leukaemia leukemia|oestrogen estrogen|diarrhoea diarrhea
learnt learned|whilst while|amongst among|Mobilisation MOBILIZATION|ﬁndings findings|café café
"""
DIFFERENT = """
filing filling|filed filled|four for|our or|hour hor|tour tor|source sorce|polling poling|course corse|prize price|
wise wide|citation citizen|sour sor|staled stalled|trust truth|program progress|practical practitioner|meter matter
council counsel|centre century|principal principle|public publish|policy police|form from|labour labyrinth
"""


def pairs(text):
    return [pair.split() for pair in text.replace("\n", "|").split("|") if pair.strip()]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_variants_fold_together(one, other):
    assert spelling.folded(one) == spelling.folded(other)


@pytest.mark.parametrize(("one", "other"), pairs(DIFFERENT))
def test_different_words_stay_apart(one, other):
    assert spelling.folded(one) != spelling.folded(other)


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_folding_twice_changes_nothing(one, other):
    assert spelling.folded(spelling.folded(one)) == spelling.folded(one)
    assert spelling.folded(spelling.folded(other)) == spelling.folded(other)
