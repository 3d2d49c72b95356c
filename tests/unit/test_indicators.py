"""Indicators: which phrases are found in which texts."""

import pytest

from scoping import indicators

FOUND = [
    ("trust*", "They trusted us.", "trusted"),
    ("trust*", "TRUST was low.", "TRUST"),
    ("mobilisation", "Knowledge mobilization is hard.", "mobilization"),
    ("mobilization", "Knowledge mobilisation is hard.", "mobilisation"),
    ("mobilis*", "We mobilized it.", "mobilized"),
    ("mobiliz*", "We mobilised it.", "mobilised"),
    ("centr*", "a learning center", "center"),
    ("behaviou*", "a behaviour", "behaviour"),
    ("behaviour* change", "behavioral change", "behavioral change"),
    ("programme evaluation", "The Program Evaluation began.", "Program Evaluation"),
    ("labelling", "labeling of food", "labeling"),
    ("integrat* of different", "the integration of different kinds", "integration of different"),
    ("long* term", "a longer-term view", "longer-term"),
    ("cross-sector", "cross sector work", "cross sector"),
    ("cross sector", "cross-sector work", "cross-sector"),
    ("front-line", "frontline staff", "frontline"),
    ("frontline", "front-line staff", "front-line"),
    ("frontline staff", "front-line staff", "front-line staff"),
    ("co-produc*", "coproduction", "coproduction"),
    ("coproduc*", "co-production", "co-production"),
    ("1:1", "or 1:1 briefings", "1:1"),
    ("two communities", "the ‘two communities’ more", "two communities"),
    ("two communities", "the two\ncommunities", "two\ncommunities"),
    ("children's services", "Children’s Services", "Children’s Services"),
    ("network", "the network's aim", "network's"),
    ("what works", "‘what works’ claims", "what works"),
    ("n = 54", "workshops (n = 54)", "n = 54"),
    ("tystiolaeth", "Defnyddir Tystiolaeth", "Tystiolaeth"),
    ("organi?ation*", "two organizations", "organizations"),
    ("organi?ation*", "an organisational aim", "organisational"),
    ("what works?", "ask what works here", "what works"),
    ("café*", "the cafe\u0301s", "cafe\u0301s"),
]
MISSED = [
    ("network", "networks"),
    ("trust*", "distrust"),
    ("power", "powerful"),
    ("wider networks", "wider, networks"),
    ("two worlds", "There are two. Worlds differ."),
    ("1:1", "1.1 or 1 1"),
    ("drop in", "dropin"),
    ("filing", "filling"),
    ("organi?ation", "organiation organisations"),
    ("access research", "access to research"),
    ("frontline", "front line-up"),
]


@pytest.mark.parametrize(("phrase", "text", "shown"), FOUND)
def test_found(phrase, text, shown):
    found = indicators.hits(indicators.compiled([phrase]), indicators.words(text))
    assert [text[hit.start : hit.end] for hit in found] == [shown]


@pytest.mark.parametrize(("phrase", "text"), MISSED)
def test_not_found(phrase, text):
    assert not indicators.hits(indicators.compiled([phrase]), indicators.words(text))


def test_phrases_that_are_none_or_stand_twice():
    assert [found.phrase for found in indicators.compiled(["*", " ", "trust*", "Trust*", "–"])] == ["trust*"]


def test_hits_are_in_order_and_the_longest_is_first():
    text = "trust and knowledge broker trust"
    found = indicators.hits(indicators.compiled(["knowledge", "trust", "knowledge broker"]), indicators.words(text))
    assert [text[hit.start : hit.end] for hit in found] == ["trust", "knowledge broker", "knowledge", "trust"]
