"""The review before any screening: registration, eligibility, sources, searches, de-duplication."""

from collections.abc import Sequence

from scoping.config import Source, SourceKind
from scoping.groups import Groups
from scoping.methods import rechecked
from scoping.methods.material import OUT, PROTOCOL, Material, flow, in_words, protocol
from scoping.methods.prose import (
    Block,
    Bullets,
    Gap,
    Number,
    Paragraph,
    Part,
    Runs,
    Said,
    Term,
    Verbatim,
    counted,
    listed,
    prose,
    settled,
    spaced,
)
from scoping.record_ids import aliases

KINDS = {
    SourceKind.DATABASE: "bibliographic database",
    SourceKind.REGISTER: "register",
    SourceKind.WEBSITE: "website or web search",
    SourceKind.ORGANISATION: "group of organisations",
    SourceKind.CITATION_SEARCHING: "citation search",
    SourceKind.CONTACT: "contact with experts",
}
_MANY = {
    SourceKind.WEBSITE: "websites or web searches",
    SourceKind.ORGANISATION: "groups of organisations",
    SourceKind.CITATION_SEARCHING: "citation searches",
    SourceKind.CONTACT: "contacts with experts",
}


def declared(material: Material, key: str, todo: str) -> Runs:
    """What the authors declared under a key, else what they have to write."""
    text: str = getattr(material.review.declarations, key)
    return prose(protocol(_stopped(text), "declarations", key)) if text.strip() else prose(Gap(todo))


def _stopped(text: str) -> str:
    stripped = text.strip()
    return stripped if stripped.endswith((".", "!", "?")) else f"{stripped}."


def registration(material: Material) -> Runs:
    """Whether, where and when the review was registered."""
    entry = material.review.declarations.registration
    if entry is None:
        return prose(Gap("state where, when and under which number the review was registered, or that it was not"))
    on: tuple[Part, ...] = (
        (" on ", protocol(in_words(entry.date), "declarations.registration.date")) if entry.date else ()
    )
    return prose(
        "The review was registered with ", protocol(entry.name, "declarations.registration.name"), " (",
        protocol(entry.id, "declarations.registration.id"), ")", *on, ".",
    )  # fmt: skip


def read_protocol(material: Material) -> Runs:
    """Where the protocol can be read."""
    text = material.review.declarations.protocol
    todo = Gap("state whether a protocol exists and where it can be read")
    return prose("The protocol: ", protocol(_stopped(text), "declarations.protocol")) if text.strip() else prose(todo)


def question(material: Material) -> Runs:
    """The review question."""
    return prose("The review asked: “", protocol(material.review.question.text, "question.text"), "”")


def opening(material: Material) -> tuple[Block, ...]:
    """Question, registration and protocol."""
    before = material.review.previous
    update: Runs = ()
    if before is not None:
        update = prose(
            "It updates an earlier version (", protocol(before.citation.rstrip("."), "previous.citation"), "), which had included ",
            flow(material, "previous_reports").with_("report"), " of ", flow(material, "previous_studies").with_("study"), ".",
        )  # fmt: skip
    reported = prose(
        "It is reported in accordance with ", Term("PRISMA-ScR"), ", and its searches in accordance with ", Term("PRISMA-S"),
        "; the completed checklists are in ", Gap("name the supplement"), ".",
    )  # fmt: skip
    todo = "describe and explain what was changed after the protocol, or state that nothing was"
    return (
        Paragraph(spaced([question(material), update, reported])),
        Paragraph(spaced([registration(material), read_protocol(material), declared(material, "amendments", todo)])),
    )


def criteria(material: Material) -> tuple[Number, Number]:
    """How many criteria for inclusion and reasons for exclusion the protocol has."""
    found = material.review.criteria
    return (
        counted("criteria.include", [each.id for each in found.include], "criterion", f"{PROTOCOL}: criteria.include"),
        counted("criteria.exclude", [each.id for each in found.exclude], "criterion", f"{PROTOCOL}: criteria.exclude"),
    )


def eligibility(material: Material) -> tuple[Block, ...]:
    """Population, concept, context, and the criteria in the words of the protocol."""
    asked, found = material.review.question, material.review.criteria
    parts = {"Population": asked.population, "Concept": asked.concept, "Context": asked.context}
    include = [prose(protocol(each.text, "criteria.include", each.id)) for each in found.include]
    exclude = [
        prose(protocol(each.label, "criteria.exclude", each.id), ": ", protocol(each.text, "criteria.exclude", each.id))
        for each in found.exclude
    ]
    todo = "explain why these criteria were chosen, with the years, languages and publication status that were eligible"
    return (
        Paragraph(prose("Eligibility was defined by population, concept and context.")),
        Bullets(tuple(prose(f"{name}: ", protocol(text, "question", name.lower())) for name, text in parts.items())),
        Paragraph(prose("A report was eligible if it met all of the following criteria." if len(include) > 1
                        else "A report was eligible if it met the following criterion.")),
        Bullets(tuple(include)),
        Paragraph(prose("Reports were excluded for the following reasons; where several applied, the first in this order was the primary reason."
                        if len(exclude) > 1 else "Reports were excluded for the following reason.")),
        Bullets(tuple(exclude)),
        Paragraph(declared(material, "eligibility", todo)),
    )  # fmt: skip


def of_kinds(material: Material, *kinds: SourceKind) -> Number:
    """How many sources of some kinds were searched."""
    ids = [id_ for id_, source in material.review.sources.items() if source.kind in kinds]
    named = " or ".join(kind.value for kind in kinds)
    return counted(
        f"sources.{'+'.join(kind.value for kind in kinds)}", ids, "source", f"{PROTOCOL}: sources, kind = {named}"
    )


def kinds(material: Material) -> Runs:
    """`five bibliographic databases, one register and two websites`."""
    there = [kind for kind in KINDS if any(source.kind == kind for source in material.review.sources.values())]
    return listed(of_kinds(material, kind).spelled.with_(KINDS[kind], _MANY.get(kind, "")) for kind in there)


def in_order(material: Material) -> list[str]:
    """The sources, databases first."""
    order, every = list(KINDS), material.review.sources
    return sorted(every, key=lambda id_: (order.index(every[id_].kind), id_))


def entries_of(material: Material, id_: str) -> Number:
    """The entries of one source in the exported files."""
    arm = material.review.sources[id_].kind.arm
    return flow(material, "identified" if arm == "databases" else "other_identified", detail=id_)


def source(material: Material, id_: str) -> Runs:
    """One source: platform, day, hits, entries."""
    search: Source = material.review.sources[id_]
    found = entries_of(material, id_)
    platform = prose(" (", protocol(search.platform, "sources", id_, "platform"), ")") if search.platform else ()
    when: Runs = prose("searched on ", protocol(in_words(search.searched), "sources", id_, "searched")) if search.searched else prose(Gap("state the day of this search"))  # fmt: skip
    hits: Runs = ()
    if search.reported_hits is not None:
        hits = prose(", ", hits_of(search, id_).with_("hit"), " reported")
        if search.reported_hits != int(found.value):
            hits = prose(hits, " ", Gap("explain why hits and entries differ"))
    return prose(
        protocol(search.name, "sources", id_, "name"), platform, ": ", when, hits, ", ", found.with_("entry"), " read"
    )


def hits_of(search: Source, id_: str) -> Number:
    """The hits that a source reported."""
    return settled(f"hits.{id_}", search.reported_hits or 0, "hit", f"{PROTOCOL}: sources.{id_}.reported_hits")


def last_search(material: Material) -> Runs:
    """The day of the most recent search."""
    days = [(search.searched, id_) for id_, search in material.review.sources.items() if search.searched]
    if not days:
        return prose(Gap("state the day of the most recent search"))
    last, id_ = max(days)
    return prose("The most recent search was run on ", protocol(in_words(last), "sources", id_, "searched"), ".")


def identified(material: Material) -> Number:
    """All entries of all sources."""
    return flow(material, "identified", "other_identified")


def sources(material: Material) -> tuple[Block, ...]:
    """Where was searched, when, and what came of it."""
    return (
        Paragraph(
            spaced([
                prose("The sources searched were ", kinds(material), "."),
                last_search(material),
                prose("Altogether they gave ", identified(material).with_("entry"), "."),
                declared(material, "coverage", "state the dates of coverage of each source"),
            ])
        ),
        Bullets(tuple(source(material, id_) for id_ in in_order(material))),
    )  # fmt: skip


def dated(material: Material, id_: str) -> Runs:
    """`Scopus, 12 January 2026`."""
    search = material.review.sources[id_]
    when = (
        prose(protocol(in_words(search.searched), "sources", id_, "searched")) if search.searched else prose(Gap("day"))
    )
    return prose(protocol(search.name, "sources", id_, "name"), " on ", when)


def gave(material: Material, id_: str) -> Runs:
    """`97 from Scopus`."""
    return prose(
        entries_of(material, id_), " from ", protocol(material.review.sources[id_].name, "sources", id_, "name")
    )


def all_sources(material: Material) -> Number:
    """All sources of the protocol."""
    return counted("sources", list(material.review.sources), "source", f"{PROTOCOL}: sources")


def strategies_held(material: Material) -> Number:
    """Those whose strategy the protocol holds."""
    return counted("sources.strategy", with_strategy(material), "source", f"{PROTOCOL}: sources with a strategy")


def with_strategy(material: Material) -> list[str]:
    """The sources whose strategy the protocol holds."""
    return [id_ for id_, search in material.review.sources.items() if search.strategy.strip()]


def searches(material: Material) -> tuple[Block, ...]:
    """What the authors say of their strategies."""
    where = prose("The strategies are given in full, as they were run, in ", Gap("name the supplement"), ".")
    return (
        Paragraph(
            spaced([
                where if with_strategy(material) else (),
                declared(material, "limits", "state the limits of the searches (dates, languages, types) and why, or that there were none"),
                declared(material, "filters", "cite the search filters that were used, or state that none was"),
                declared(material, "peer_review", "state whether and how the search strategies were peer reviewed"),
            ])
        ),
    )  # fmt: skip


def strategies(material: Material) -> tuple[Block, ...]:
    """Every strategy as it was run; one that the protocol does not hold is for the authors."""
    blocks: list[Block] = []
    for id_ in in_order(material):
        search = material.review.sources[id_]
        head = prose(protocol(search.name, "sources", id_, "name"))
        if search.strategy.strip():
            said = Said(search.strategy.strip("\n"), f"{PROTOCOL}: sources.{id_}.strategy")
            blocks.append(Verbatim(head, said))
        else:
            blocks.append(Paragraph(prose(head, ": ", Gap("give the search exactly as it was run"))))
    return tuple(blocks)


def _pairs(key: str, rows: Sequence[dict[str, str]], where: str) -> Number:
    ids = [f"{row['a']}~{row['b']}" for row in rows]
    return counted(f"duplicates.{key}", ids, "pair of entries", f"{OUT}/duplicate_pairs.csv: {where}")


def asked(material: Material) -> dict[str, Number]:
    """Pairs of entries that were put to a person, and each answer."""
    checked = rechecked.pairs(material)
    rows = [row for row in material.pairs if (row["a"], row["b"]) not in checked]
    answered = {answer: [row for row in rows if row["answer"] == answer] for answer in ("same", "different", "related")}
    put = [row for row in rows if row["answer"] or row["open"] == "yes"]
    return {
        "asked": _pairs("asked", put, "an answer, or open = yes"),
        **{answer: _pairs(answer, found, f"answer = {answer}") for answer, found in answered.items()},
        "open": _pairs("open", [row for row in rows if row["open"] == "yes"], "open = yes"),
    }


def found_by(material: Material) -> tuple[Number, Number]:
    """The duplicate entries that the rules alone join to the entry that stands for their record, and the others.

    The others are there because a person said of a pair of that record that it is the same.
    """
    record = aliases(material.records)
    groups, checked = Groups(record, ()), rechecked.pairs(material)
    for row in material.pairs:
        confirmed = row["band"] == "same" and (row["a"], row["b"]) in checked
        if (not row["answer"] or confirmed) and record.get(row["a"], row["a"]) == record.get(row["b"]):
            groups.join(row["a"], row["b"])
    extra = [row for row in material.entries if row["role"] == "duplicate"]
    rule = {row["entry_id"] for row in extra if groups.find(row["content_id"]) == groups.find(row["record_id"])}
    where = f"{OUT}/entry_records.csv: role = duplicate, joined to its record by pairs of {OUT}/duplicate_pairs.csv "
    return (
        counted("duplicates.by_rule", rule, "entry", f"{where}without an answer, or by the same id"),
        counted(
            "duplicates.by_answer", {row["entry_id"] for row in extra} - rule, "entry", f"{where}with the answer same"
        ),
    )


def duplicates(material: Material) -> Number:
    """Entries that are a further copy of a record, wherever they came from."""
    return flow(material, "duplicates", "other_known")


def records(material: Material) -> Number:
    """All records."""
    return counted(
        "records", [row["record_id"] for row in material.records], "record", f"{OUT}/records.parquet: all rows"
    )


def judged_pairs(material: Material) -> Runs:
    """What people said of pairs that only they could tell apart."""
    found = asked(material)
    if not int(found["asked"].value):
        return prose("No pair had to be put to a reviewer.")
    said = {
        "same": "to be the same report",
        "different": "to be different reports",
        "related": "to be different reports of one study",
    }
    answers = [prose(found[answer], " ", words) for answer, words in said.items() if int(found[answer].value)]
    rest = prose(found["open"], " ", found["open"].were, " not yet answered") if int(found["open"].value) else ()
    judged = prose(", who judged ", listed(answers)) if answers else prose()
    return prose(
        "Pairs that were merely alike (",
        found["asked"],
        ") were put to a reviewer",
        judged,
        *("; ", *rest) if rest else (),
        ".",
    )


def unchecked(material: Material) -> Runs:
    """What a check says of merges and near pairs; else that nobody looked at what the rules merged, if they did."""
    said = rechecked.sentences(material)
    if rechecked.measures_merges(material) or not found_by(material)[0].ids:
        return said
    return spaced(
        [prose("No person looked at what the rules merged; their error rate was not measured in this review."), said]
    )


def merged(material: Material) -> Runs:
    """The rules by which entries were merged, and how many pairs they were true of."""
    return prose(
        "Entries were de-duplicated with ", software(material), ". Two entries were merged without asking if they shared an accession number, "
        "or if nothing spoke against it (other identifiers, volumes, issues, pages or years, other authors, other numbers or words in the title, a "
        "title of a recurring column; corrections, replies, comments, protocols, registrations and preprints) and they shared a DOI or a PubMed "
        "identifier, volume and pages, volume and issue, or title, authors and year, or a model that learned from pairs of entries of other reviews "
        "was sure of it.",
    )  # fmt: skip


def left(material: Material) -> Runs:
    """What was removed, by rule and by answer, and what was left."""
    rejected, out = flow(material, "other_reasons", "other_unreadable"), duplicates(material)
    by_rule, by_answer = found_by(material)
    unread: Runs = ()
    if rejected.ids:
        unread = prose(", and ", rejected.with_("entry"), " that could not be identified ", rejected.were, " set aside")
    late = flow(material, "duplicates_late")
    found_late: Runs = ()
    if late.ids:
        found_late = prose(
            "; ", late, " of the duplicates ", late.were, " found only after both had been screened as records"
        )
    how = prose(" (", by_rule, " by these rules alone, ", by_answer, " through a reviewer's answer)") if out.ids else ()
    return prose(
        "In all, ", out.with_("duplicate entry", "duplicate entries"), " ", out.were, " removed", how, unread, ", which left ",
        records(material).with_("record"), found_late, ".",
    )  # fmt: skip


def deduplication(material: Material) -> tuple[Block, ...]:
    """How entries became records."""
    return (Paragraph(spaced([merged(material), judged_pairs(material), left(material), unchecked(material)])),)


def software(material: Material) -> Runs:
    """`scoping (version 0.1.0)`."""
    return prose("scoping (version ", Said(material.versions["scoping"], "version of the software"), ")")
