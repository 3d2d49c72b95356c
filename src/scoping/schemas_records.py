"""What is known of a record beside its fields: where these came from, reports that go with it; `schemas` has them, too."""

from scoping.columns import Column, Table

RETRACTION, CONCERN, CORRECTION, COMMENT, REPLY = "retraction", "concern", "correction", "comment", "reply"
PROTOCOL, REGISTRATION, PREPRINT, MEETING = "protocol", "registration", "preprint", "conference_abstract"
RETRACTED = "retracted"
PART, VERSION, RELATED = "part", "version", "related"
KINDS = {
    RETRACTION: "a retraction notice of",
    CONCERN: "an expression of concern about",
    CORRECTION: "a correction of",
    REPLY: "a reply about",
    COMMENT: "a comment on",
    REGISTRATION: "a trial registration of",
    PROTOCOL: "a protocol of",
    PREPRINT: "a preprint of",
    MEETING: "a conference abstract of",
    VERSION: "another version of",
    PART: "another part of",
    RELATED: "of the same study as",
}
"""What record `a` of a link is to record `b`, in words; where several hold, the first."""
NOTICES = (RETRACTION, CONCERN, CORRECTION, REPLY, COMMENT)
"""Links that are told beside the record they are about."""

RECORD_FIELDS = Table(
    "record_fields",
    "field in which the entries of a record differ",
    ("record_id", "field"),
    (
        Column("record_id", "record id", "id"),
        Column("field", "column of the table of records"),
        Column("value", "what the record says; of an abstract its length"),
        Column("entry_id", "the entry that says so", "id"),
        Column("rule", "by what it was chosen, in words"),
        Column("others", "what other entries say, by entry id", "json"),
    ),
)

RECORD_LINKS = Table(
    "record_links",
    "pair of records that are different reports and belong together",
    ("a", "b", "kind"),
    (
        Column("a", "record id: the notice, preprint, protocol …", "id"),
        Column("b", "record id of the report that it goes with", "id"),
        Column("kind", "what `a` is to `b`", allowed=tuple(KINDS)),
        Column("why", "what shows it, in words"),
        Column("answer", "what a person said of the two", allowed=("", "same", "different", "related")),
    ),
)

RECORD_FLAGS = Table(
    "record_flags",
    "remark on a record that people should know of; it excludes nothing",
    ("record_id", "flag", "by", "why"),
    (
        Column("record_id", "record id", "id"),
        Column("flag", "what is said of it", allowed=(RETRACTED, CONCERN, CORRECTION, REPLY, COMMENT)),
        Column("by", "record id of the notice, where the review has it", "id"),
        Column("why", "what shows it, in words"),
        Column("title", "title of the record"),
    ),
)
