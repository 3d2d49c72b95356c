"""Every table between two stages: its columns, what they mean, its key, what a cell may hold.

All cells are strings; an empty string is "none". Lists and mappings stand as JSON in the cell (kind `json`).
"""

from scoping.coding_schemas import QUOTES, SUGGESTIONS, SWITCHES
from scoping.columns import (
    BIBLIOGRAPHY,
    CELL,
    EVIDENCE,
    KNOWN_AS,
    MODEL,
    OFFERED,
    PLACED,
    VERSION,
    WHO,
    Column,
    Table,
)
from scoping.schemas_duplicates import DUPLICATE_CHECKS as DUPLICATE_CHECKS
from scoping.schemas_duplicates import DUPLICATE_PAIRS as DUPLICATE_PAIRS
from scoping.schemas_records import RECORD_FIELDS, RECORD_FLAGS, RECORD_LINKS
from scoping.schemas_studies import STUDIES, STUDY_PAIRS
from scoping.screening_schemas import SCREENING_HEALTH

STAGE_NAMES = {
    "duplicates": "Possible duplicates",
    "title": "Title",
    "title_abstract": "Title and abstract",
    "doubtful_texts": "Doubtful full texts",
    "full_text": "Full text",
    "studies": "Studies and models",
    "coding": "Coding",
    "interviews": "Interviews",
}
STAGES = tuple(STAGE_NAMES)
OPTIONAL = ("title", "doubtful_texts", "studies", "interviews")
"""Stages that only a review has whose protocol names them, or whose ledger knows them from before."""
ASKED_ONCE = ("duplicates", "doubtful_texts", "studies")
"""Stages of questions to which the answer of one person is enough."""
SCREENING = ("title", "title_abstract", "full_text")
CODED = ("coding", "interviews")
"""Stages at which people answer the codes of the codebook: of literature, and of transcripts."""


ENTRIES = Table(
    "entries",
    "entry",
    ("file", "number"),
    (
        Column("content_id", "hash of what identifies the item", "id"),
        Column("identity", "the text behind content_id"),
        Column("source", "source id of config/review.yaml"),
        Column("file", "name within data/raw/exports"),
        Column("sha256", "SHA-256 of the file"),
        Column("format", "format found in the content"),
        Column("dialect", "dialect of the format, as far as it shows"),
        Column("encoding", "character encoding"),
        Column("number", "position in the file, from 1", "integer"),
        Column("line_start", "first line, from 1", "integer"),
        Column("line_end", "last line", "integer"),
        Column("byte_start", "first byte, from 0", "integer"),
        Column("byte_end", "byte after the last", "integer"),
        Column("status", "how reading went", allowed=("ok", "warned", "rejected")),
        Column("problems", "why it was warned or rejected", "json"),
        *BIBLIOGRAPHY,
        Column("doi_raw", "DOI as exported"),
        Column("accession", "accession number with the name of its database"),
        Column("pmid", "PubMed id"),
        Column("notes", "notes as exported"),
        Column("tags", "every tag and value in order, repeats kept", "json"),
        Column("raw", "the text of the entry as it stood"),
    ),
)

ISSUES = Table(
    "issues",
    "place in a file that belongs to no entry, or that could not be read as it stood",
    ("file", "byte", "code", "message"),
    (
        Column("file", "name within data/raw/exports"),
        Column("line", "line, from 1", "integer"),
        Column("byte", "first byte, from 0", "integer"),
        Column("code", "kind of issue"),
        Column("message", "what is the matter"),
        Column("text", "the text it is about"),
    ),
)

RECEIPTS = Table(
    "receipts",
    "source in a file",
    ("source", "file"),
    (
        Column("source", "source id"),
        Column("file", "name within data/raw/exports"),
        Column("sha256", "SHA-256 of the file"),
        Column("format", "format found in the content"),
        Column("dialect", "dialect"),
        Column("encoding", "encoding"),
        Column("declared", "entries that the file itself declares", "integer"),
        Column("reported", "hits reported in config/review.yaml", "integer"),
        Column("found", "entries found", "integer"),
        Column("ok", "entries read without remark", "integer"),
        Column("warned", "entries read with a remark", "integer"),
        Column("rejected", "entries that nothing identifies", "integer"),
        Column("rejected_lines", "first line of each of them", "json"),
        Column("file_entries", "entries of all sources in the file", "integer"),
        Column("file_markers", "entries in the file by an independent count of their markers", "integer"),
        Column("warnings", "what does not add up", "json"),
    ),
)

ENTRY_RECORDS = Table(
    "entry_records",
    "entry",
    ("entry_id",),
    (
        Column("entry_id", "content id, source and repeat number", "id"),
        Column("content_id", "content id", "id"),
        Column("source", "source id"),
        Column("arm", "arm of the flow diagram the source feeds", allowed=("databases", "other")),
        Column("file", "name within data/raw/exports"),
        Column("line_start", "first line", "integer"),
        Column("status", "how reading went", allowed=("ok", "warned", "rejected")),
        Column("record_id", "the record it belongs to; empty where rejected", "id"),
        Column("role", "what became of it", allowed=("record", "duplicate", "rejected")),
    ),
)

RECORDS = Table(
    "records",
    "record",
    ("record_id",),
    (
        Column("record_id", "content id of the representative entry", "id"),
        Column("study_id", "study, as far as answers about duplicates say; `studies` has the last word", "id"),
        Column("arm", "databases where any entry came from one", allowed=("databases", "other")),
        Column("sources", "source ids", "json"),
        Column("entry_ids", "entries of the record", "json"),
        Column("content_ids", "content ids of its entries", "json"),
        *BIBLIOGRAPHY,
        Column("accessions", "accession numbers", "json"),
        Column("dois", "every DOI of its entries", "json"),
        Column("pmids", "every PubMed id of its entries", "json"),
        Column("abstracts", "abstracts of its entries other than `abstract`, by entry id", "json"),
        Column("provenance", "the entry id that each field came from, by field", "json"),
        Column("retracted", "whether it was retracted or withdrawn", "flag", ("", "yes")),
        Column("flags", "what people should know of it, in words: retractions, corrections, comments", "json"),
    ),
)

DECISIONS = Table(
    "decisions",
    "answer of one person on one sheet",
    ("sheet", "item"),
    (
        Column("stage", "stage", allowed=STAGES),
        *WHO,
        Column("decision", "the answer in the words of the stage"),
        Column("reason", "id of the criterion for exclusion"),
        Column("route", "how a report was sought"),
        Column("date", "when a report was last sought", "date"),
        Column("names", "names of the models of a study, separated by `; `"),
        *PLACED,
        *EVIDENCE,
        VERSION,
        Column("covers", "content ids decided before that an adjudication settles", "json"),
        *KNOWN_AS,
    ),
)

INDEPENDENT = Table(
    "independent",
    "answer of one person on one sheet, as it stood when the last of those who answered the item first did",
    ("sheet", "item"),
    (
        Column("stage", "stage", allowed=STAGES),
        Column("batch", "batch"),
        Column("purpose", "what the batch is for, such as pilot or main"),
        Column("sheet", "batch and person", "id"),
        Column("person", "who answered"),
        Column("item", "content id as on the sheet; with code or second id where the stage has them", "id"),
        Column("decision", "the answer in the words of the stage; never withdrawn"),
        Column("reason", "id of the criterion for exclusion"),
        *PLACED,
        VERSION,
        *OFFERED,
        *KNOWN_AS,
    ),
)

PROBLEMS = Table(
    "problems",
    "thing a person has to look at",
    ("stage", "file", "cell", "item", "problem"),
    (
        Column("stage", "stage", allowed=STAGES),
        Column("file", "file the trouble is in, within data/raw/sheets/<stage>; of an export from data/raw on"),
        Column("sheet", "batch and person, where known"),
        Column("cell", "tab and cell"),
        Column("item", "item of the row"),
        Column("waits", "what is not counted until it is mended", allowed=("row", "file", "nothing")),
        Column("problem", "what is the matter, and what to do"),
    ),
)

STATES = Table(
    "states",
    "record at one stage",
    ("record_id",),
    (
        Column("record_id", "record id", "id"),
        Column(
            "state",
            "where the record stands at this stage",
            allowed=("pending", "conflict", "include", "exclude", "not_retrieved", "unscreened"),
        ),
        Column("reason", "primary reason of an exclusion (criterion id)"),
        Column("reasons", "all reasons that were given", "json"),
        Column("route", "how a report that was not retrieved was sought"),
        Column("date", "when it was last sought", "date"),
        Column("decided_by", "people whose answers make the state", "json"),
        Column("answers", "answers that stand now", "integer"),
        Column("decided_ids", "content ids that were answered", "json"),
        Column("why", "why there is a conflict"),
    ),
)

ORDER = Table(
    "order",
    "record",
    ("position",),
    (
        Column("position", "place in the order, from 1", "integer"),
        Column("record_id", "record id", "id"),
        Column("score", "score of the model; orders, excludes nothing", "number"),
    ),
)

ISSUED = Table(
    "issued",
    "sheet",
    ("sheet",),
    (
        Column("sheet", "batch and person", "id"),
        Column("stage", "stage", allowed=STAGES),
        Column("batch", "batch"),
        Column("purpose", "what the batch is for", allowed=("pilot", "main", "control", "adjudication", "check")),
        Column("person", "whose it is"),
        Column("file", "file name when it was issued"),
        Column("items", "items on the sheet", "integer"),
        Column("answered", "items answered so far", "integer"),
        Column("left", "whether its person is no longer in the team, so that nobody waits for it", "flag", ("", "yes")),
    ),
)

PILOTS = Table(
    "pilots",
    "pilot batch",
    ("batch",),
    (
        Column("batch", "batch", "id"),
        Column("people", "whose it is", "json"),
        Column(
            "state",
            "whether the stage may go on: agreement was reached, or somebody passed the gate",
            allowed=("open", "below", "reached", "passed"),
        ),
        Column("items", "items that two or more people answered", "integer"),
        Column("raw", "raw agreement before reconciliation, 0 to 1", "number"),
        Column("ac1", "Gwet's AC1, at most 1", "number"),
        Column("threshold", "raw agreement that the protocol asks for", "number"),
        Column("by", "who passed the gate all the same"),
        Column("reason", "why"),
        Column("compared", "items that were compared", "json"),
        Column("differ", "items on which people differ", "json"),
    ),
)

TEXTS = Table(
    "texts",
    "file with a full text",
    ("file",),
    (
        Column("file", "name within data/raw/fulltext"),
        Column("sha256", "SHA-256 of the file; empty where it cannot be read"),
        Column("record_id", "the report it is; empty where that is not certain", "id"),
        Column(
            "how",
            "what shows which report it is: the id in its name, a person, a DOI, a link in an export, its title",
            allowed=("", "id", "person", "doi", "link", "title"),
        ),
        Column("candidates", "record ids of the reports it may be", "json"),
        Column("doubt", "why it is given to no report"),
        Column("status", "whether it has text", allowed=("ok", "empty", "failed", "unsupported")),
        Column("reason", "why not"),
        Column("pages", "pages", "integer"),
        Column("characters", "characters of text", "integer"),
    ),
)

CELLS = Table(
    "cells",
    "code of a report, a study or a model of a study",
    ("record_id", "model", "code"),
    (
        *CELL,
        Column("state", "whether it is settled", allowed=("pending", "conflict", "coded")),
        Column("value", "value of a settled cell: one of those of its code"),
        Column("level", "levels, separated by `; `"),
        Column("status", "status, where the code has one; several that coders named, separated by `; `"),
        Column("basis", "evidence basis, where the code has one; several that coders named, separated by `; `"),
        Column("quote", "evidence as typed"),
        Column("locator", "where the coder says it stands"),
        Column(
            "verdict",
            "whether the quote stands in the stored text",
            allowed=("", "verbatim", "near", "missing", "no text"),
        ),
        Column("file", "file in data/raw/fulltext that it was looked up or found in; empty for title and abstract"),
        Column("page", "page of that file it was found on, from 1", "integer"),
        Column("passage", "the stored text there, or the closest"),
        Column("note", "note"),
        Column("decided_by", "people whose answers make the value", "json"),
        Column("answers", "answers that stand now, person and value", "json"),
        Column("version", "version of the codebook under which the oldest answer that counts was given", "integer"),
        Column(
            "history",
            "answers of older versions of the codebook: version, code, person, value, what became of it",
            "json",
        ),
        Column("why", "why people are asked again"),
    ),
)

WORKLIST = Table(
    "worklist",
    "code of a report, a study or a model that is asked again since the codebook changed",
    ("record_id", "model", "code"),
    (
        *CELL,
        Column("state", "whether coders or an adjudicator are asked", allowed=("pending", "conflict")),
        Column("why", "why people are asked again"),
        Column("old_codes", "codes that were answered, separated by `; `"),
        Column("old_values", "their values, separated by `; `"),
        Column("old_versions", "versions of the codebook they were answered under, separated by `; `"),
        Column("old_answers", "each answer: version, code, person, value", "json"),
    ),
)

RETIRED = Table(
    "retired",
    "answer of an included report that counts for no cell, nor is asked again on it",
    ("sheet", "item"),
    (
        *WHO,
        Column("record_id", "record id", "id"),
        MODEL,
        Column("code", "code id"),
        VERSION,
        Column("value", "the answer"),
        *PLACED,
        *EVIDENCE,
        Column("why", "what became of its code or model"),
    ),
)

PRISMA_IDS = Table(
    "prisma_ids",
    "member of a box of the flow diagram",
    ("box", "detail", "id"),
    (
        Column("box", "box of the flow diagram"),
        Column("detail", "source, reason or other line within the box"),
        Column("unit", "what is counted", allowed=("entry", "record", "report", "study")),
        Column("id", "entry, record, report (as its record) or study id", "id"),
    ),
)

TABLES = (
    ENTRIES, ISSUES, RECEIPTS, ENTRY_RECORDS, RECORDS, RECORD_FIELDS, RECORD_LINKS, RECORD_FLAGS, DUPLICATE_PAIRS,
    DUPLICATE_CHECKS, DECISIONS, INDEPENDENT, PROBLEMS, STATES, ORDER, ISSUED, PILOTS, TEXTS, STUDY_PAIRS, STUDIES, CELLS, WORKLIST,
    RETIRED, QUOTES, SUGGESTIONS, SWITCHES, SCREENING_HEALTH, PRISMA_IDS,
)  # fmt: skip
