"""The items of PRISMA-S (Rethlefsen et al. 2021), paraphrased, and what of the review's data goes into each."""

from collections import Counter
from collections.abc import Sequence

from scoping.config import SourceKind
from scoping.methods import prisma_scr, search
from scoping.methods.checklists import Item
from scoping.methods.material import PROTOCOL, Material, protocol
from scoping.methods.prose import Gap, Runs, counted, listed, prose, series
from scoping.methods.search import declared

NAME = "PRISMA-S"
CAPTION = "PRISMA-S checklist, filled as far as the data of this review go"
NOTE = (
    "Items are paraphrased; cite Rethlefsen et al., Systematic Reviews 2021. Status: filled, partly, or for the authors. "
    "Keys of the numbers are in numbers.csv. Stands in: section of methods.docx; the strategies are in strategies.docx."
)
_SOURCES, _SEARCH = "Information sources", "Search"


def _of(material: Material, todo: str, none: str, *kinds: SourceKind) -> Sequence[Runs]:
    """The sources of some kinds; where there are none, that the protocol names none."""
    ids = [id_ for id_, source in material.review.sources.items() if source.kind in kinds]
    if not ids:
        return [prose(f"The protocol names {none}."), prose(Gap(f"confirm this, or {todo}"))]
    return [prose(series(search.source(material, id_) for id_ in ids), ".")]


def _databases(material: Material) -> Sequence[Runs]:
    ids = [id_ for id_, source in material.review.sources.items() if source.kind is SourceKind.DATABASE]
    bare = [id_ for id_ in ids if not material.review.sources[id_].platform.strip()]
    missing = counted(
        "sources.without_platform", bare, "source", f"{PROTOCOL}: sources, kind = database, without platform"
    )
    gap = prose(Gap("name the platform"), " of ", missing.with_("database"), ".") if bare else prose()
    return [*_of(material, "name each database with its platform", "no database", SourceKind.DATABASE), gap]


def _together(material: Material) -> Sequence[Runs]:
    platforms = Counter(source.platform for source in material.review.sources.values() if source.platform.strip())
    shared = sorted(platform for platform, times in platforms.items() if times > 1)
    if not shared:
        return [prose("No two sources of the protocol have the same platform.")]
    several = listed(prose(protocol(platform, "sources, platform")) for platform in shared)
    return [
        prose("Several sources were searched through ", several, "."),
        prose(Gap("name those that were searched at the same time")),
    ]


def _limits(material: Material) -> Sequence[Runs]:
    return [declared(material, "limits", "state the limits that were put on searches and why, or that there were none")]


def _filters(material: Material) -> Sequence[Runs]:
    return [declared(material, "filters", "cite the filters that were used, or state that none was")]


def _reused(material: Material) -> Sequence[Runs]:
    return [
        declared(
            material, "reused", "cite the strategies of others that were reused or adapted, or state that none was"
        )
    ]


def _updates(material: Material) -> Sequence[Runs]:
    return [
        search.last_search(material)
        if any(source.searched for source in material.review.sources.values())
        else prose(),
        declared(
            material, "updates", "state how searches were brought up to date (reruns, alerts), or that they were not"
        ),
    ]


def _dates(material: Material) -> Sequence[Runs]:
    return [prose(listed(search.dated(material, id_) for id_ in search.in_order(material)), ".")]


def _peer_review(material: Material) -> Sequence[Runs]:
    return [declared(material, "peer_review", "state whether and how the strategies were peer reviewed")]


def _records(material: Material) -> Sequence[Runs]:
    each = listed(search.gave(material, id_) for id_ in search.in_order(material))
    return [prose("Altogether ", search.identified(material).with_("entry"), " were read: ", each, ".")]


def _duplicates(material: Material) -> Sequence[Runs]:
    return [search.merged(material), search.judged_pairs(material), search.left(material), search.unchecked(material)]


def _citations(material: Material) -> Sequence[Runs]:
    said = _of(
        material,
        "say how references and citing papers were searched",
        "no citation searching",
        SourceKind.CITATION_SEARCHING,
    )
    ids = [id_ for id_, source in material.review.sources.items() if source.kind is SourceKind.CITATION_SEARCHING]
    how = [prose(protocol(material.review.sources[id_].strategy, "sources", id_, "strategy"), ".") for id_ in ids if material.review.sources[id_].strategy.strip()]  # fmt: skip
    return [*said, *how]


def _others(_: Material) -> Sequence[Runs]:
    return [
        prose("The protocol holds no source of any other kind."),
        prose(Gap("name any other way in which reports were found, or confirm that there was none")),
    ]


ITEMS = (
    Item("Sources", "1", "Databases", "Each database by name, with the platform it was searched on.", _databases, _SOURCES),
    Item("Sources", "2", "Several at once", "Databases that were searched together on one platform.", _together, _SOURCES),
    Item("Sources", "3", "Study registries", "Each registry that was searched.",
         lambda material: _of(material, "name the registries", "no register", SourceKind.REGISTER), _SOURCES),
    Item("Sources", "4", "Browsing", "Websites, tables of contents and the like that were looked through, and how.",
         lambda material: _of(material, "name what was browsed", "no website or organisation", SourceKind.WEBSITE, SourceKind.ORGANISATION), _SOURCES),
    Item("Sources", "5", "Citation searching", "Whether reference lists and citing papers were searched, and with what.", _citations, _SOURCES),
    Item("Sources", "6", "Contacts", "Whether authors, experts or makers were asked.",
         lambda material: _of(material, "say who was asked", "no contact", SourceKind.CONTACT), _SOURCES),
    Item("Sources", "7", "Other methods", "Any other way in which reports were found.", _others, _SOURCES),
    Item("Strategies", "8", "Full strategies", "Every strategy exactly as it was run.", lambda material: [prisma_scr.strategies(material)], "Search"),
    Item("Strategies", "9", "Limits", "Limits on date, language or type with reasons, or that none was set.", _limits, _SEARCH),
    Item("Strategies", "10", "Filters", "Published filters that were used, with citations.", _filters, _SEARCH),
    Item("Strategies", "11", "Earlier work", "Strategies of other reviews that were reused or adapted.", _reused, _SEARCH),
    Item("Strategies", "12", "Updates", "How searches were kept up to date.", _updates, _SEARCH),
    Item("Strategies", "13", "Dates", "The day on which each search was last run.", _dates, _SOURCES),
    Item("Peer review", "14", "Peer review", "Whether and how strategies were reviewed by others.", _peer_review, _SEARCH),
    Item("Records", "15", "Records by source", "How many records each source gave.", _records, _SOURCES),
    Item("Records", "16", "De-duplication", "How duplicates were found and removed, and with what software.", _duplicates, "De-duplication"),
)  # fmt: skip
