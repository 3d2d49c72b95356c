"""What the protocol may say of an exported file: which column of a table holds what."""

from typing import Annotated, Literal

from scoping.strict_model import IN_ORDER_OF_IDS, Text

TableField = Literal[
    "title", "abstract", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "url", "language",
    "keywords", "publisher", "type", "notes", "accession", "database", "source",
]  # fmt: skip
"""What a column of a table may hold; the names of `readers.columns`."""

Columns = Annotated[dict[TableField, Text], IN_ORDER_OF_IDS]
"""Field -> the name of its column in a table that is not known."""
