"""From the tags of an entry to normalised fields, for every format the same.

`fields` picks the mapping of the format. The rules are those measured on real exports: which of several tags holds
the journal, the year or the DOI depends on who wrote the file.
"""

from scoping.normalise import Author
from scoping.readers.fields_bibtex import bibtex_fields
from scoping.readers.fields_table import table_fields
from scoping.readers.fields_tagged import nbib_fields, ris_fields, wos_fields
from scoping.readers.record import Fields, Tags

__all__ = ["Author", "Fields", "fields"]


def fields(format: str, dialect: str, tags: Tags) -> Fields:
    """The normalised fields of an entry from its tags."""
    if format == "table":
        return table_fields(dialect, tags)
    mapping = {"ris": ris_fields, "nbib": nbib_fields, "wos_tagged": wos_fields, "bibtex": bibtex_fields}[format]
    return mapping(dialect, tags)
