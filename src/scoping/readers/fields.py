"""From the tags of an entry to normalised fields, for every format the same.

`fields` picks the mapping of the format. The rules are those measured on real exports: which of several tags holds
the journal, the year or the DOI depends on who wrote the file.
"""

from collections.abc import Callable, Mapping
from functools import cache

from scoping.normalise import Author
from scoping.readers.model import JSON, XML
from scoping.readers.record import Fields, Tags

__all__ = ["Author", "Fields", "fields"]


def fields(format: str, dialect: str, tags: Tags, columns: Mapping[str, str] | None = None) -> Fields:
    """The normalised fields of an entry from its tags; `columns` are names of columns by field, as the protocol has them."""
    if format == "table":
        from scoping.readers.fields_table import table_fields

        return table_fields(dialect, tags, columns or {})
    return _mapping(format)(dialect, tags)


@cache
def _mapping(format: str) -> Callable[[str, Tags], Fields]:
    """The mapping of a format; the others are not loaded, which would take longer than a small file does."""
    if format in JSON:
        from scoping.readers import fields_json as json

        return {
            "csl_json": json.csl_fields,
            "crossref_json": json.csl_fields,
            "zotero_json": json.zotero_fields,
            "openalex_json": json.openalex_fields,
            "lens_json": json.lens_fields,
        }[format]
    if format in XML:
        from scoping.readers import fields_xml as xml

        return {
            "endnote_xml": xml.endnote_fields,
            "pubmed_xml": xml.pubmed_fields,
            "zotero_rdf": xml.rdf_fields,
            "dspace_xml": xml.dspace_fields,
        }[format]
    if format == "bibtex":
        from scoping.readers.fields_bibtex import bibtex_fields

        return bibtex_fields
    if format in ("ris", "nbib", "wos_tagged"):
        from scoping.readers import fields_tagged as tagged

        return {"ris": tagged.ris_fields, "nbib": tagged.nbib_fields, "wos_tagged": tagged.wos_fields}[format]
    from scoping.readers import fields_layouts as layouts

    return {
        "enw": layouts.enw_fields,
        "cochrane_text": layouts.cochrane_fields,
        "ovid_tagged": layouts.ovid_fields,
        "ovid_text": layouts.ovid_fields,
    }[format]
