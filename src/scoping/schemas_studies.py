"""The tables about studies and their reports; `schemas` has them with all others."""

from scoping.columns import Column, Table

SAME_STUDY, DIFFERENT_STUDIES = "same_study", "different_studies"

STUDY_PAIRS = Table(
    "study_pairs",
    "pair of included reports that may be of one study",
    ("a", "b"),
    (
        Column("a", "record id, the smaller", "id"),
        Column("b", "record id", "id"),
        Column("score", "how much speaks for one study; 0 where only a person brought them together", "number"),
        Column("why", "what speaks for it, and what against it, in words"),
        Column("suggestion", "what the signs suggest; a person decides", allowed=("", SAME_STUDY)),
        Column("answer", "what people said", allowed=("", SAME_STUDY, DIFFERENT_STUDIES)),
        Column("people", "who said so", "json"),
        Column("open", "whether a person is still to be asked", "flag", ("", "yes")),
    ),
)

STUDIES = Table(
    "studies",
    "included report",
    ("record_id",),
    (
        Column("record_id", "record id", "id"),
        Column("study_id", "smallest record id among the reports of the study, included or not", "id"),
        Column("main", "record id of the report that what is coded for the study hangs on", "id"),
        Column("models", "models that the report describes; 1 until a person says more", "integer"),
        Column("names", "their names, in the order of their numbers", "json"),
        Column("answered", "whether a person has said how many there are", "flag", ("", "yes")),
        Column("asked", "whether a person is still to be asked for that", "flag", ("", "yes")),
    ),
)
