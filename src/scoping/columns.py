"""What tables are made of, and the columns that several of them share."""

from dataclasses import dataclass

NOT_STATED = "not stated"  # of a status or basis that is asked and cannot be told
STATUSES = ("proposed", "operating", "evaluated", "ended", NOT_STATED)
BASES = ("self-report", "observed", "documentary", "comparative", "asserted", NOT_STATED)


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means (with the unit of a count), its kind, and the values it may take."""

    name: str
    meaning: str
    kind: str = "text"  # text, id, integer, number, date, json, flag (yes or empty)
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: `unit` is what one row is, `key` the columns that tell rows apart and that rows are sorted by."""

    name: str
    unit: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]


BIBLIOGRAPHY = (
    Column("type", "CSL type of the item, such as article-journal"),
    Column("title", "title"),
    Column("abstract", "abstract"),
    Column("authors", "list of {family, given, literal}", "json"),
    Column("year", "year of publication, four digits", "integer"),
    Column("journal", "journal or other container"),
    Column("volume", "volume"),
    Column("issue", "issue"),
    Column("pages", "pages, first-last"),
    Column("doi", "normalised DOI"),
    Column("url", "address"),
    Column("language", "language as exported"),
    Column("keywords", "list of keywords", "json"),
    Column("publisher", "publisher"),
)

WHO = (
    Column("sheet", "batch and person", "id"),
    Column("role", "role of the sheet", allowed=("screen", "adjudicate")),
    Column("person", "who answered"),
    Column("item", "content id as on the sheet; with code or second id where the stage has them", "id"),
)
VERSION = Column("version", "version of the codebook that the sheet was issued under; empty but for coding", "integer")
KNOWN_AS = (
    Column("doi", "DOI of the record when it was issued"),
    Column("title", "title of the record when it was issued"),
)
MODEL = Column(
    "model", "number of the model of the study, from 1; 1 where the code is asked of a study or report", "integer"
)
CELL = (
    Column("record_id", "record id of the report it hangs on", "id"),
    Column("study_id", "study id", "id"),
    MODEL,
    Column("code", "code id"),
)
PLACED = (
    Column("level", "levels, separated by `; `"),
    Column("status", "status, where the code has one", allowed=("", *STATUSES)),
    Column("basis", "evidence basis, where the code has one", allowed=("", *BASES)),
)
OFFERED = (
    Column(
        "offer",
        "what the sheet showed of suggestions: passages or that none was found, nothing by lot, nothing as they were "
        "switched off; empty where there were none",
        allowed=("", "shown", "blind", "off"),
    ),
    Column("suggested", "passages suggested for the cell then, shown or not; empty if nothing was searched", "integer"),
    Column("source", "what they came from", allowed=("", "indicators", "model", "both")),
)
EVIDENCE = (
    Column("quote", "evidence as typed"),
    Column("locator", "where it stands"),
    Column("note", "note"),
)
