"""What the software did: for each purpose the tool, what it suggested, what people did with it, and its limits."""

from collections.abc import Collection

from scoping import intervals
from scoping.methods import charting, search, selection
from scoping.methods.material import OUT, Material, flow, protocol
from scoping.methods.prose import (
    Block,
    Gap,
    Number,
    Paragraph,
    Part,
    Runs,
    Said,
    Term,
    counted,
    listed,
    measured,
    prose,
    series,
    settled,
    spaced,
)
from scoping.methods.search import declared
from scoping.offers import BLIND, SHOWN
from scoping.ranking_settings import Prior
from scoping.uptake import Uptake, uptake

_SUGGESTED = "reports/tables/suggestions_ids.csv: Code = All codes, Suggestion = "
_OFFERS = {SHOWN: "shown", BLIND: "blind: coded without"}
_VERSION = "version of the software"


def excluded(material: Material) -> Number:
    """The records that were excluded by a tool."""
    return flow(material, "automation")


def overview(material: Material) -> Runs:
    """The software, what it may not do, and what fixes its lots."""
    versions = material.versions
    built = listed(prose(Said(f"{name} {versions[name]}", _VERSION)) for name in versions if name != "scoping")
    number = excluded(material)
    return prose(
        "The review was run with ", search.software(material), ", a workflow that works offline, with ", built, "; the versions of all other "
        "components are in the manifest (reports/manifest.json). Every decision on eligibility and every code was given by a person: ", number.with_("record"), " ", number.were,
        " excluded by automation. ", *_stopped(material), "All that was drawn by lot started from one seed (", protocol(str(material.review.seed), "seed"), "). ",
        Gap("state in which months the software was used"),
    )  # fmt: skip


def _stopped(material: Material) -> Runs:
    """The records that a declared stop left to nobody."""
    boxes = ("unscreened", "abstract_unscreened", "other_unscreened", "other_abstract_unscreened")
    filled = [box for box in boxes if material.found.count(box)]
    if not filled:
        return ()
    left = flow(material, *filled)
    return prose(
        "A stop that the team declared left ", left.with_("record"), " unscreened in the order suggested; the flow diagram counts them as "
        "ineligible by automation on a line of their own. ",
    )  # fmt: skip


def merging(material: Material) -> tuple[Block, ...]:
    """Rules that merged entries."""
    rule = prose(
        "Fixed rules, and a model that learned from pairs of entries of other reviews and learned nothing in this one, merged entries of the same "
        "report; what spoke against a pair overruled both."
    )
    listed_ = prose(f"The list of pairs is in {OUT}/duplicate_pairs.csv.")
    runs = spaced([rule, search.judged_pairs(material), search.left(material), search.unchecked(material), listed_])
    return (Paragraph(runs, lead="De-duplication."),)


def ordering(material: Material, *, alone: bool) -> tuple[Block, ...]:
    """The order of screening; `alone`: with what the section on selection says of it."""
    stages = [
        stage
        for stage in selection.screenings(material)
        if {"svm", "cold start"} & set(selection.ordered(material, stage))
    ]
    if not stages:
        return ()
    kinds = {kind for stage in stages for kind in selection.ordered(material, stage)}
    judged = [
        prose(
            counted(f"{stage}.by_people", material.screened(stage).people, "record", f"{OUT}/{stage}/decisions.csv: role = screen").with_("record"),
            f" by {selection.BY[stage]}" if len(stages) > 1 else "",
        )
        for stage in stages
    ]  # fmt: skip
    check = prose(
        "The order made no decision, its scores stood on no sheet, and rows within a batch were in random order. People judged ",
        listed(judged), ", wherever they stood in it.",
    )  # fmt: skip
    card = prose("The model card is data/processed/title_abstract/model.json.") if alone else ()
    told = [selection.order(material, stage) for stage in stages] if alone else []
    drawn = [audited(material, stage) for stage in stages]
    saved = prose("How much work the order saved was not measured in this review.") if any(drawn) else ()
    runs = spaced([_compared(kinds), *_learnt(material, stages), *told, check, *drawn, saved, card])
    return (Paragraph(runs, lead="Order of screening."),)


def _compared(found: Collection[str]) -> Runs:
    """The order before anything could be learnt."""
    if "cold start" not in found:
        return ()
    return prose(
        "Until an inclusion and an exclusion were known, undecided records were ordered by the likeness of their title, abstract and keywords to the "
        "review question and criteria (cosine of tf-idf features), every second one by lot.",
    )  # fmt: skip


def _learnt(material: Material, stages: Collection[str]) -> list[Runs]:
    """The order that a classifier suggested, for each classifier that did; what it knew beforehand."""
    names = sorted({name for stage in stages for name in selection.models(material, stage)})
    if not names:
        return []
    ranking = material.review.ranking
    c = settled("ranking.c", ranking.c, "C of the support vector machine", "config/review.yaml: ranking.c")
    unit = "weight of an inclusion relative to an exclusion"
    ratio = settled("ranking.ratio", ranking.ratio, unit, "config/review.yaml: ranking.ratio")
    one = prose(
        "A linear support vector machine (scikit-learn; C = ", c, "; all inclusions together weighing ", ratio, " times as much as all exclusions), fitted "
        "anew at each run on the decisions made until then, suggested from title, abstract and keywords (tf-idf features of single words and pairs) "
        "in which order undecided records should be read.",
    )  # fmt: skip
    mixed = prose(
        "Two linear support vector machines (squared hinge loss, C = ", c, "; all inclusions together weighing ", ratio, " times as much as all exclusions, and "
        "three times that in the second), fitted anew at each run on the decisions made until then, suggested in which order undecided records "
        "should be read: one from title and abstract (tf-idf features of single words and pairs), one also from the title by itself, keywords and "
        "journal. To their standardised scores the likeness to the three nearest inclusions was added; records without an abstract "
        "were standardised among themselves.",
    )  # fmt: skip
    prior = prose(
        "The classifier also learnt from records that were known to be relevant beforehand, or from finished reviews (ranking.prior in the protocol); these are no "
        "decisions of this review, and no count holds them.",
    )  # fmt: skip
    return [one if not name else mixed for name in names] + ([prior] if ranking.prior != Prior() else [])


def audited(material: Material, stage: str) -> Runs:
    """What the records that were drawn at random held."""
    found = selection.ordered(material, stage)
    if "audit" not in found:
        return ()
    states = material.states.get(stage, {})
    kept = [id_ for _, id_ in found["audit"].ids if id_ in states and states[id_]["state"] == "include"]
    where = f"data/raw/ledger/events: audit; data/processed/{stage}/states.csv: state = include"
    number = counted(f"{stage}.order.audit.included", kept, "record", where)
    return prose(
        "Of the ", found["audit"].with_("record"), " drawn by lot, ", number, " ", number.were, f" included at {selection.BY[stage]}.",
    )  # fmt: skip


def matching(material: Material) -> tuple[Block, ...]:
    """Full texts and companions."""
    files = selection.files(material)
    blocks = []
    if files:
        doubt = prose(
            "A file was given to a report only if one sign pointed to it and nothing spoke against it; others were left to people."
        )
        blocks.append(Paragraph(spaced([files, doubt]), lead="Full texts."))
    if material.review.stages.studies is not None and material.studies:
        found = selection.companions(material)
        asked = found["asked"]
        put = (
            prose(", which ", asked.were, " put to a reviewer", selection.judged_companions(material))
            if asked.ids
            else ()
        )
        text = prose(
            "Weighted signs (shared authors, registrations, grants, projects, samples, titles) suggested a common study for ",
            asked.with_("pair of reports", "pairs of reports"), put, ". The software linked none by itself.",
        )  # fmt: skip
        blocks.append(Paragraph(text, lead="Reports of one study."))
    return tuple(blocks)


def _uptake(material: Material, offer: str) -> tuple[Uptake, dict[str, Number]]:
    found = uptake(cell for cell in material.offered if cell.offer == offer)
    members = {
        "Suggested": found.suggested, "Confirmed": found.confirmed, "Rejected": found.rejected, "Divided": found.divided,
        "Added by hand": found.missed,
    }  # fmt: skip
    key = "shown" if offer == SHOWN else "blind"
    return found, {
        name: counted(f"suggestions.{key}.{name}".lower().replace(" ", "_"), ids, "cell", f"{_SUGGESTED}{_OFFERS[offer]}, Column = {name}")
        for name, ids in members.items()
    }  # fmt: skip


def _share(key: str, name: str, part: tuple[str, ...], whole: tuple[str, ...], offer: str, columns: str) -> Runs:
    """`precision was 0.75 (0.65 to 0.84)`."""
    limits = intervals.wilson(len(part), len(whole))
    if limits is None:
        return prose(f"{name} was not defined")
    where = f"{_SUGGESTED}{_OFFERS[offer]}, Column = {columns}"
    of = counted(f"suggestions.{key}.{name}.cells", whole, "cell", where)
    value, low, high = (
        measured(f"suggestions.{key}.{name}{end}", figure, f"{name}, 0 to 1{limit}", where, of)
        for end, figure, limit in (("", len(part) / len(whole), ""), (".lower", limits[0], ", lower limit"), (".upper", limits[1], ", upper limit"))
    )  # fmt: skip
    return prose(f"{name} was ", value, " (", low, " to ", high, ")")


def suggesting(material: Material) -> tuple[Block, ...]:
    """Passages that were suggested for codes, and what became of them."""
    if not any(cell.offer in (SHOWN, BLIND) for cell in material.offered):
        return ()
    shown, seen = _uptake(material, SHOWN)
    hidden, unseen = _uptake(material, BLIND)
    tool = prose(
        "Passages worth reading were suggested for the codes of reports with a readable text: ", _came_from(material),
        ". A suggestion was a verbatim passage with its page; it set no value.",
    )  # fmt: skip
    took = prose(
        "Of the cells with a suggestion that was shown (", seen["Suggested"], "), coders confirmed ", seen["Confirmed"], ", rejected ", seen["Rejected"],
        " and differed on ", seen["Divided"], "; for ", seen["Added by hand"].with_("further cell"), " they found evidence where nothing was suggested.",
    )  # fmt: skip
    parts: list[Part] = []
    if hidden.suggested:
        settled_ = (*hidden.confirmed, *hidden.rejected)
        found = (*hidden.confirmed, *hidden.missed)
        parts = [
            "Among cells charted blind to them (", unseen["Suggested"], " with a suggestion that nobody saw, of which coders said yes to ", unseen["Confirmed"],
            "), the ", *_share("blind", "precision", hidden.confirmed, settled_, BLIND, "Confirmed or Rejected"), " and the ",
            *_share("blind", "recall", hidden.confirmed, found, BLIND, "Confirmed or Added by hand"), ", with ", Term("95% Wilson intervals"), ".",
        ]  # fmt: skip
    limits = prose(
        "Only blind cells are free of the influence of a suggestion; the intervals take cells as independent, which those of one report are not, and are too narrow.",
        _sway(shown, hidden),
    )  # fmt: skip
    return (Paragraph(spaced([tool, took, prose(*parts), limits, _switched(material)]), lead="Suggested passages."),)


def _came_from(material: Material) -> Runs:
    """What found the suggested passages, with the cells for which it found any."""
    tools = {
        "indicators": "sentences with words that the codebook lists for the code",
        "model": "sentences picked by a logistic regression on tf-idf features, learnt from the coded quotations of other studies",
        "both": "sentences from both",
    }
    where = f"{OUT}/coding/independent.csv: source = "
    ids = {tool: material.offers.get(f"source {tool}", ()) for tool in tools}
    numbers = {
        tool: counted(f"suggestions.source.{tool}", ids[tool], "cell", where + tool) for tool in tools if ids[tool]
    }
    return series(prose(tools[tool], " (", number.with_("cell"), ")") for tool, number in numbers.items())


def _sway(shown: Uptake, hidden: Uptake) -> Runs:
    """How much more often coders said yes where they saw the suggestion."""
    (a, n), (b, m) = shown.precision, hidden.precision
    limits = intervals.difference(a, n, b, m)
    if limits is None:
        return ()
    cells = (*shown.confirmed, *shown.rejected, *hidden.confirmed, *hidden.rejected)
    where = f"{_SUGGESTED}any, Column = Confirmed or Rejected"
    of = counted("suggestions.sway.cells", cells, "cell", where)
    value, low, high = (
        measured(f"suggestions.sway{end}", figure, "difference of two shares", where, of)
        for end, figure in (("", a / n - b / m), (".lower", limits[0]), (".upper", limits[1]))
    )
    return prose(
        " Where a suggestion was shown, the share of yes among suggested cells differed by ", value, " (", Term("95% Newcombe interval"), " ", low,
        " to ", high, ") from that where it was not.",
    )  # fmt: skip


def _switched(material: Material) -> Runs:
    off = counted(
        "suggestions.off",
        [row["code"] for row in material.switches if row["state"] == "off"],
        "code",
        f"{OUT}/coding/switches.csv: state = off",
    )
    if not off.ids:
        return ()
    return prose(
        "Suggestions of ", off.with_("code"), " ", off.were, " switched off because too few had been confirmed."
    )


def checking(material: Material) -> tuple[Block, ...]:
    """The look-up of quotations."""
    said = charting.quotes(material)
    if not material.cells or not said:
        return ()
    more = prose("The look-up compares letters; whether a quotation supports its code, people judged.")
    return (Paragraph(spaced([said, more]), lead="Quotations."),)


def others(material: Material) -> tuple[Block, ...]:
    """Tools that the software knows nothing of."""
    todo = "name every other tool that made or suggested judgements (with version, date, purpose, human check), or state that none did"
    return (Paragraph(declared(material, "other_tools", todo), lead="Other tools."),)


def statement(material: Material) -> tuple[Block, ...]:
    """The whole statement, to be read by itself."""
    return (
        Paragraph(overview(material)), *merging(material), *ordering(material, alone=True), *matching(material), *suggesting(material),
        *checking(material), *others(material),
    )  # fmt: skip


def section(material: Material) -> tuple[Block, ...]:
    """The statement in the methods section, without what other sections say."""
    return (Paragraph(overview(material)), *ordering(material, alone=False), *suggesting(material), *others(material))
