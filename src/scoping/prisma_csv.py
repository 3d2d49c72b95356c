"""The numbers of the flow diagram in the table that the R package PRISMA2020 and its web page read.

Haddaway, Page, Pritchard and McGuinness, Campbell Systematic Reviews 2022;18:e1230. A list is written as
`reason, n; reason, n`, so commas and semicolons within a reason become blanks. What the table has no place for goes where
its sums demand it: records left unscreened with those that automation took out, contacts with organisations. Where
titles are screened first, records screened are those screened by title and records excluded those by title or abstract;
what a stop left unscreened by abstract counts as if nobody had begun it.
"""

import re
from collections.abc import Iterable, Mapping

from scoping import exclusion_reasons
from scoping.config import Review, Source, SourceKind
from scoping.prisma import Boxes
from scoping.tables import Row

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
NONE = "NA"
_BREAKS = re.compile(r"[,;\s]+")
_DATABASES, _OTHER = " (databases and registers)", " (other)"
# key, node, box, text; an empty key is a heading
_PLACES = (
    ("", "node4", "prevstud", "Previous {many}"),
    ("previous_studies", "node5", "box1", "{Many} included in previous version of review"),
    ("previous_reports", NONE, "box1", "Reports of {many} included in previous version of review"),
    ("", "node6", "newstud", "Identification of {new}{many} via databases and registers"),
    ("database_results", "node7", "box2", "Databases"),
    ("database_specific_results", NONE, "box2", "Databases by name"),
    ("register_results", NONE, "box2", "Registers"),
    ("register_specific_results", NONE, "box2", "Registers by name"),
    ("", "node16", "othstud", "Identification of {new}{many} via other methods"),
    ("website_results", "node17", "box11", "Websites"),
    ("organisation_results", NONE, "box11", "Organisations{contacts}"),
    ("citations_results", NONE, "box11", "Citation searching"),
    ("duplicates", "node8", "box3", "Duplicate records"),
    ("excluded_automatic", NONE, "box3", "Records marked as ineligible by automation tools"),
    ("excluded_other", NONE, "box3", "Records removed for other reasons"),
    ("records_screened", "node9", "box4", "Records screened"),
    ("records_excluded", "node10", "box5", "Records excluded"),
    ("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval"),
    ("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved"),
    ("other_sought_reports", "node18", "box12", "Reports sought for retrieval"),
    ("other_notretrieved_reports", "node19", "box13", "Reports not retrieved"),
    ("dbr_assessed", "node13", "box8", "Reports assessed for eligibility"),
    ("dbr_excluded", "node14", "box9", "Reports excluded"),
    ("other_assessed", "node20", "box14", "Reports assessed for eligibility"),
    ("other_excluded", "node21", "box15", "Reports excluded"),
    ("new_studies", "node15", "box10", "{New}{many_or_Many} included in review"),
    ("new_reports", NONE, "box10", "Reports of {new}included {many}"),
    ("total_studies", "node22", "box16", "Total {many} included in review"),
    ("total_reports", NONE, "box16", "Reports of total included {many}"),
    ("", "node1", "identification", "Identification"),
    ("", "node2", "screening", "Screening"),
    ("", "node3", "included", "Included"),
)
_PAGE = {  # box of the table -> box of our diagram, whose list the page opens
    "box1": "previous", "box2": "identified", "box3": "removed", "box4": "screened", "box5": "excluded", "box6": "sought",
    "box7": "not_retrieved", "box8": "assessed", "box9": "reports_excluded", "box10": "included",
    "box11": "other_identified", "box12": "other_sought", "box13": "other_not_retrieved", "box14": "other_assessed",
    "box15": "other_excluded", "box16": "total",
}  # fmt: skip


def rows(found: Boxes, review: Review) -> list[Row]:
    """The table; `review` needs sources, criteria, report and previous."""
    updated, many = review.previous is not None, review.report.wording
    contacts = any(source.kind.value == "contact" for source in review.sources.values())
    words = {
        "many": many,
        "Many": many.capitalize(),
        "new": "new " if updated else "",
        "New": "New " if updated else "",
        "many_or_Many": many if updated else many.capitalize(),
        "contacts": " and contacts" if contacts else "",
    }
    numbers = _numbers(found, review)
    page = _PAGE | ({"box4": "title_screened", "box5": "title_excluded"} if found.titled else {})
    made = []
    for key, node, box, text in _PLACES:
        plain = text.format(**words)
        arm = _OTHER if key.startswith("other_") else _DATABASES if key.startswith(("dbr_", "records_")) else ""
        url = f"prisma.html#list-{page[box]}" if node != NONE and box in page else NONE
        made.append(
            {"data": key or NONE, "node": node, "box": box, "description": plain + arm, "boxtext": plain,
             "tooltips": plain + arm if node != NONE else NONE, "url": url, "n": numbers[key] if key else NONE}
        )  # fmt: skip
    return made


def _numbers(found: Boxes, review: Review) -> dict[str, str]:
    """Key of the table -> its number, or its list."""
    count = found.count
    kinds = _by_kind(found, review.sources)
    reasons = {criterion.id: criterion.label for criterion in review.criteria.exclude}
    updated = review.previous is not None
    new = ("new_studies", "new_reports") if updated else ("included_studies", "included_reports")
    numbers = {
        "previous_studies": count("previous_studies"),
        "previous_reports": count("previous_reports"),
        "database_results": _total(kinds["database"]),
        "register_results": _total(kinds["register"]),
        "website_results": _total(kinds["website"]),
        "organisation_results": _total(kinds["organisation"]) + _total(kinds["contact"]),
        "citations_results": _total(kinds["citation_searching"]),
        "duplicates": count("duplicates"),
        "excluded_automatic": count("automation") + count("unscreened") + count("abstract_unscreened"),
        "excluded_other": count("other_reasons"),
        "records_screened": count("title_screened") - count("abstract_unscreened")
        if found.titled
        else count("screened"),
        "records_excluded": count("title_excluded") + count("excluded"),
        "dbr_sought_reports": count("sought"),
        "dbr_notretrieved_reports": count("not_retrieved"),
        "other_sought_reports": count("other_sought"),
        "other_notretrieved_reports": count("other_not_retrieved"),
        "dbr_assessed": count("assessed"),
        "other_assessed": count("other_assessed"),
        "new_studies": count(new[0]),
        "new_reports": count(new[1]) + (0 if updated else count("other_included_reports")),
        "total_studies": count("total_studies") if updated else count("included_studies"),
        "total_reports": count("total_reports")
        if updated
        else count("included_reports") + count("other_included_reports"),
    }
    lists = {
        "database_specific_results": kinds["database"],
        "register_specific_results": kinds["register"],
        "dbr_excluded": _named(found.lines("reports_excluded"), reasons),
        "other_excluded": _named(found.lines("other_excluded"), reasons),
    }
    return {key: str(number) for key, number in numbers.items()} | {key: _list(pairs) for key, pairs in lists.items()}


def _by_kind(found: Boxes, sources: Mapping[str, Source]) -> dict[str, list[tuple[str, int]]]:
    """Kind of source -> name and entries of each."""
    entries = found.lines("identified") | found.lines("other_identified")
    kinds: dict[str, list[tuple[str, int]]] = {kind.value: [] for kind in SourceKind}
    for id_, source in sources.items():
        kinds[source.kind.value].append((source.name, entries.get(id_, 0)))
    return kinds


def _total(pairs: Iterable[tuple[str, int]]) -> int:
    return sum(number for _, number in pairs)


def _named(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[tuple[str, int]]:
    """Reasons by their labels, in the order of the protocol; none is folded."""
    return [(reason.label, counts[reason.ids[0]]) for reason in exclusion_reasons.listed(counts, labels)]


def _list(pairs: Iterable[tuple[str, int]]) -> str:
    """`name, 3; name, 1`; the reader takes a lone 0 for an empty list."""
    return "; ".join(f"{_BREAKS.sub(' ', name).strip()}, {number}" for name, number in pairs) or "0"
