"""From the tags of an entry to normalised fields, for every format the same.

`fields` picks the mapping of the format. The rules are those measured on real exports: which of several tags holds
the journal, the year or the DOI depends on who wrote the file.
"""

from collections.abc import Callable, Mapping

from scoping.normalise import Author
from scoping.readers import fields_json, fields_layouts, fields_xml
from scoping.readers.fields_bibtex import bibtex_fields
from scoping.readers.fields_table import table_fields
from scoping.readers.fields_tagged import nbib_fields, ris_fields, wos_fields
from scoping.readers.record import Fields, Tags

__all__ = ["Author", "Fields", "fields"]

_MAPPINGS: dict[str, Callable[[str, Tags], Fields]] = {
    "ris": ris_fields,
    "nbib": nbib_fields,
    "wos_tagged": wos_fields,
    "bibtex": bibtex_fields,
    "enw": fields_layouts.enw_fields,
    "cochrane_text": fields_layouts.cochrane_fields,
    "ovid_tagged": fields_layouts.ovid_fields,
    "ovid_text": fields_layouts.ovid_fields,
    "csl_json": fields_json.csl_fields,
    "crossref_json": fields_json.csl_fields,
    "zotero_json": fields_json.zotero_fields,
    "openalex_json": fields_json.openalex_fields,
    "lens_json": fields_json.lens_fields,
    "endnote_xml": fields_xml.endnote_fields,
    "pubmed_xml": fields_xml.pubmed_fields,
    "zotero_rdf": fields_xml.rdf_fields,
    "dspace_xml": fields_xml.dspace_fields,
}


def fields(format: str, dialect: str, tags: Tags, columns: Mapping[str, str] | None = None) -> Fields:
    """The normalised fields of an entry from its tags; `columns` are names of columns by field, as the protocol has them."""
    if format == "table":
        return table_fields(dialect, tags, columns or {})
    return _MAPPINGS[format](dialect, tags)
