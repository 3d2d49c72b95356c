"""The tables of pairs of entries; `schemas` has them with all others."""

from scoping.columns import Column, Table

DUPLICATE_PAIRS = Table(
    "duplicate_pairs",
    "pair of content ids",
    ("a", "b"),
    (
        Column("a", "content id, the smaller", "id"),
        Column("b", "content id", "id"),
        Column("band", "what the rules say", allowed=("same", "ask")),
        Column("why", "the rule in words"),
        Column(
            "chance", "how likely the model holds it that both are one report, whatever the rules, 0 to 1", "number"
        ),
        Column("against", "whether something speaks against it by a rule", "flag", ("", "yes")),
        Column("by", "what says that they are the same", allowed=("", "rule", "model")),
        Column("joins", "whether this pair made one record of two, without an answer", "flag", ("", "yes")),
        Column(
            "answer",
            "what a person said; conflict where answers contradict each other",
            allowed=("", "same", "different", "related", "conflict"),
        ),
        Column("person", "who said so; of a conflict who said what"),
        Column("open", "whether a person is still to be asked", "flag", ("", "yes")),
    ),
)

DUPLICATE_CHECKS = Table(
    "duplicate_checks",
    "pair of content ids that was decided without asking",
    ("a", "b"),
    (
        Column("a", "content id, the smaller", "id"),
        Column("b", "content id", "id"),
        Column(
            "kind",
            "merged: this pair made one record of two; apart: near, of two records that are kept apart",
            allowed=("merged", "apart"),
        ),
        Column(
            "stratum",
            "within which it is drawn: merged by a rule or by the model; of pairs kept apart whether the model holds them "
            "for one report",
            allowed=("rule", "model", "likely", "near"),
        ),
        Column("chance", "how likely the model holds it that both are one report, 0 to 1", "number"),
        Column("place", "place in the order by lot within its stratum, from 1", "integer"),
        Column("drawn", "whether people are to check it", "flag", ("", "yes")),
        Column(
            "answer",
            "what they said; conflict where answers contradict each other",
            allowed=("", "same", "different", "related", "conflict"),
        ),
        Column("person", "who said so"),
    ),
)
