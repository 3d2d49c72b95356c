"""The tables about quotes and suggestions; the others are in `schemas`, which has them all."""

from scoping.columns import MODEL, WHO, Column, Table

QUOTES = Table(
    "quotes",
    "quote of one person for a code of a report that waits for no other coder",
    ("sheet", "item"),
    (
        *WHO,
        Column("record_id", "record id", "id"),
        Column("code", "code id"),
        MODEL,
        Column("value", "the answer"),
        Column("quote", "evidence as typed"),
        Column("locator", "where the coder says it stands"),
        Column("verdict", "whether it stands in the text", allowed=("verbatim", "near", "missing", "no text")),
        Column("text", "file with the full text that it was found in; empty for title and abstract"),
        Column("page", "page it was found on, from 1", "integer"),
        Column("passage", "the stored text there, or the closest"),
        Column("why", "what differs"),
        Column("counts", "whether the settled cell rests on this answer", "flag", ("", "yes")),
        Column("file", "file it was read from, within data/raw/sheets/coding"),
        Column("cell", "tab and cell of the answer"),
    ),
)

SUGGESTIONS = Table(
    "suggestions",
    "passage suggested for a code of a report; where there is none, one row with rank 0",
    ("record_id", "code", "rank"),
    (
        Column("record_id", "record id", "id"),
        Column("code", "code id"),
        Column("rank", "place among the suggestions of the cell, from 1; 0: nothing was found", "integer"),
        Column("file", "file within data/raw/fulltext"),
        Column("page", "page of the file, from 1", "integer"),
        Column("start", "first character on the page, from 0", "integer"),
        Column("end", "character after the last", "integer"),
        Column("quote", "the text there, verbatim"),
        Column("why", "which words led to it"),
        Column("source", "what found it", allowed=("", "indicators", "model", "both")),
        Column("confidence", "how sure it is", allowed=("", "high", "medium", "low")),
        Column("probability", "share of reports with such a passage that are coded yes; empty if not known", "number"),
        Column("searched", "how much was read, and what was left out"),
        Column("sentences", "sentences that were searched; empty if there was nothing to search with", "integer"),
    ),
)

SWITCHES = Table(
    "switches",
    "code of the codebook",
    ("code",),
    (
        Column("code", "code id"),
        Column(
            "settled", "cells with a suggestion, shown or not, on which all coders said yes or all said no", "integer"
        ),
        Column("confirmed", "those with yes", "integer"),
        Column("precision", "confirmed of settled, 0 to 1; empty of none", "number"),
        Column("state", "whether new sheets show its suggestions", allowed=("on", "off")),
        Column("why", "why they are off"),
    ),
)
