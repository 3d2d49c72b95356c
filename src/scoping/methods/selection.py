"""How records and reports were selected: who judged what, pilots, order, disagreements, full texts, studies."""

from collections.abc import Sequence

from scoping.config import Review
from scoping.items import split
from scoping.methods import agreed, elsewhere, stop
from scoping.methods.material import OUT, PROTOCOL, SETTLED, Material, Screened, ids_in, people, protocol
from scoping.methods.prose import (
    Block,
    Number,
    Paragraph,
    Runs,
    Term,
    counted,
    listed,
    measured,
    plural,
    prose,
    settled,
    spaced,
)
from scoping.schemas_studies import DIFFERENT_STUDIES, SAME_STUDY
from scoping.stage_settings import ScreeningStage
from scoping.tables import Row

UNITS = {"title": "record", "title_abstract": "record", "full_text": "report", "coding": "cell", "interviews": "cell"}
MANY = 10_000
BY = {"title": "title", "title_abstract": "title and abstract"}
"""What records are judged by at the stages of screening, in order."""


def section_of(review: Review, stage: str) -> ScreeningStage:
    """What the protocol says of a stage."""
    section: ScreeningStage = getattr(review.stages, stage)
    return section


def judged(material: Material, stage: str) -> Number:
    """The records or reports with a settled decision at a stage."""
    rows = material.states.get(stage, {})
    ids = [id_ for id_, row in rows.items() if row["state"] in SETTLED]
    return counted(f"{stage}.settled", ids, UNITS[stage], f"{OUT}/{stage}/states.csv: state = {' or '.join(SETTLED)}")


def team(material: Material, stage: str) -> Number:
    """The people who judged at a stage, without those who only adjudicated."""
    where = f"{OUT}/{stage}/decisions.csv: role = screen"
    return people(f"{stage}.people", material.screened(stage).everybody, where)


def by_number(material: Material, stage: str) -> dict[str, Number]:
    """Items by how many people judged them, apart from any adjudication."""
    found, where = material.screened(stage), f"{OUT}/{stage}/decisions.csv: role = screen, people of each item"
    return {
        "one": counted(f"{stage}.by_one", found.by(1), UNITS[stage], f"{where} = one"),
        "more": counted(f"{stage}.by_two_or_more", found.by(2, MANY), UNITS[stage], f"{where} >= two"),
    }


def independence(material: Material, stage: str) -> Runs:
    """How many people judged each item, and that they did not see each other's answers."""
    unit, number, found = UNITS[stage], team(material, stage).spelled, by_number(material, stage)
    # whether people saw each other's answers in another program, its exports do not tell
    alone = (
        "" if elsewhere.brought(material, stage) else " independently, on sheets that did not show each other's answers"
    )
    some = [
        prose(found[key].with_(unit), " ", found[key].were, " judged by ", words)
        for key, words in (("more", f"two or more of them{alone}"), ("one", "one of them"))
        if int(found[key].value)
    ]  # fmt: skip
    return prose("The work was done by ", number.with_("reviewer"), "; ", listed(some), ".") if some else ()


def sample(material: Material, stage: str) -> Runs:
    """The share that a second person judged, where the protocol drew one."""
    section = section_of(material.review, stage)
    if section.mode != "dual-with-sample":
        return ()
    share = settled(
        f"{stage}.sample", section.sample, "share of the items", f"{PROTOCOL}: stages.{stage}.sample", percent=True
    )
    return prose("The protocol provided for a second reviewer for a random sample of ", share, ".")


def pilots(material: Material, stage: str, noun: str) -> Runs:
    """Each pilot: how many, how far people agreed, what followed."""
    return spaced(_pilot(row, stage, noun, at) for at, row in enumerate(material.pilots.get(stage, ()), 1))


def _pilot(row: Row, stage: str, noun: str, at: int) -> Runs:
    key, where = f"{stage}.pilot.{row['batch']}", f"{OUT}/{stage}/pilots.csv: batch = {row['batch']}"
    compared = ids_in(row, "compared")
    everybody = people(f"{key}.people", ids_in(row, "people"), f"{where}, people")
    before = "In a further pilot, " if at > 1 else "In a pilot, "
    if row["state"] == "open":
        return prose(
            before,
            everybody.spelled.with_("reviewer"),
            " began to judge the same ",
            plural(noun),
            "; it was not finished.",
        )
    number = counted(f"{key}.items", compared, UNITS[stage], f"{where}, compared")
    start = prose(
        before, everybody.spelled.with_("reviewer"), " judged the same ", number.with_(noun), " independently"
    )
    if not row["raw"]:
        return prose(start, ".")
    raw = measured(f"{key}.raw", float(row["raw"]), "raw agreement, 0 to 1", f"{where}, raw", number)
    least = settled(
        f"{key}.threshold", float(row["threshold"]), "raw agreement, 0 to 1", f"{PROTOCOL}: stages.{stage}.gate"
    )
    ac1 = prose(" (Gwet's ", Term("AC1"), " ", measured(f"{key}.ac1", float(row["ac1"]), "AC1, at most 1", f"{where}, ac1", number), ")") if row["ac1"] else ()  # fmt: skip
    ends = {
        "reached": prose("; the protocol asked for at least ", least, " before the stage could go on, which was reached."),
        "below": prose("; the protocol asked for at least ", least, " before the stage could go on, which was not reached."),
        "passed": prose("; the protocol asked for at least ", least, ". A member of the team let the stage go on, for this reason: “",
                        protocol(row["reason"], "stages", stage, "gate_passed.reason"), "”"),
    }  # fmt: skip
    return prose(start, " and reached a raw agreement of ", raw, ac1, ends[row["state"]])


def disagreements(material: Material, stage: str, noun: str) -> Runs:
    """Who settled what people differed on."""
    found: Screened = material.screened(stage)
    if not found.adjudicated:
        return ()
    section = section_of(material.review, stage)
    where = f"{OUT}/{stage}/decisions.csv: role = adjudicate"
    number = counted(f"{stage}.adjudicated", found.adjudicated, UNITS[stage], where)
    by = people(f"{stage}.adjudicators", found.adjudicators, where)
    who = (
        "who saw the answers but not who had given them"
        if section.adjudication == "blind"
        else "who saw the answers and who had given them"
    )
    return prose(
        "Disagreements (",
        number.with_(noun),
        ") were settled by ",
        by.spelled.with_("further reviewer"),
        ", ",
        who,
        ".",
    )


def screenings(material: Material) -> list[str]:
    """The stages at which records were screened: on title and abstract, and before that on titles where these come first."""
    return [stage for stage in BY if material.screened(stage).people]


def unsure(material: Material, stage: str) -> Runs:
    """What the answer `unsure` meant in screening."""
    given = [row["item"] for row in material.decisions.get(stage, ()) if row["decision"] == "unsure"]
    ids = {material.known[split(item).record] for item in given if split(item).record in material.known}
    if not ids:
        return ()
    number = counted(f"{stage}.unsure", ids, "record", f"{OUT}/{stage}/decisions.csv: decision = unsure")
    stages = material.review.stages
    section = stages.title if stage == "title" else stages.title_abstract
    counts = section is not None and section.unsure == "include"
    means = "counted as an inclusion" if counts else "counted as a disagreement"
    return prose("The answer ‘unsure’, given at least once for ", number.with_("record"), ", ", means, ".")


def _ordered(material: Material, stage: str) -> dict[str, set[str]]:
    """Kind of order -> records that were issued in it, from the ledger; and those drawn at random from each batch."""
    found: dict[str, set[str]] = {}
    for event in material.events:
        if event["kind"] == "issued" and event["stage"] == stage and event["purpose"] == "main":
            audit = set(event.get("audit", ()))
            for item in event["items"]:
                if item in material.known:
                    kind = "audit" if item in audit else str(event["ordered_by"].get("kind", "random"))
                    found.setdefault(kind, set()).add(material.known[item])
    return found


def models(material: Material, stage: str) -> set[str]:
    """Names of the models that suggested the order of batches; "" where the ledger names none, as before models had names."""
    return {
        str(event["ordered_by"].get("name", ""))
        for event in material.events
        if event["kind"] == "issued" and event["stage"] == stage and event["purpose"] == "main"
        if event["ordered_by"].get("kind") == "svm"
    }


def ordered(material: Material, stage: str) -> dict[str, Number]:
    """How many records were issued in which kind of order: svm, cold start, random; audit: drawn whatever the order."""
    where = f"data/raw/ledger/events: kind = issued, stage = {stage}, purpose = main, "
    end = {"audit": "audit"}
    return {
        kind: counted(f"{stage}.order.{kind}", ids, "record", where + end.get(kind, f"ordered_by.kind = {kind}"))
        for kind, ids in sorted(_ordered(material, stage).items())
    }


def order(material: Material, stage: str) -> Runs:
    """In which order records were read, and that it excluded none."""
    found = ordered(material, stage)
    ways = {
        "cold start": "by their likeness to the review question, alternating with records drawn at random",
        "random": "in random order",
        "svm": "in an order suggested by a classifier that had learnt from the decisions made until then",
        "audit": "by lot, whatever the order",
    }
    said = [prose(found[kind].with_("record"), " ", words) for kind, words in ways.items() if kind in found]
    if not said:
        return ()
    before = "After the pilot, reviewers were given " if material.pilots.get(stage) else "Reviewers were given "
    kept = (
        " The order decided only when a record was read; it excluded none."
        if {"svm", "cold start"} & set(found)
        else ""
    )
    return prose(before, listed(said), ".", kept)


def titles(material: Material) -> tuple[Block, ...]:
    """Screening on titles, and on title and abstract, as far as they happened."""
    blocks = [block for stage in screenings(material) for block in _screened(material, stage)]
    changed = stop.deviation(material)
    return (*blocks, *([Paragraph(changed)] if changed else []))


def _screened(material: Material, stage: str) -> tuple[Block, ...]:
    lead = {"title": "Titles", "title_abstract": "Titles and abstracts"}[stage]
    number = judged(material, stage)
    alone = ", without their abstracts," if stage == "title" else ""
    on_sheets = f"{alone or ','} on a separate spreadsheet for each reviewer"
    how = alone.rstrip(",") if elsewhere.brought(material, stage) else on_sheets
    start = prose(f"{lead} of ", number.with_("record"), " ", number.were, f" screened against the criteria{how}.")
    who = [start, independence(material, stage), elsewhere.sentences(material, stage, "record"), sample(material, stage), pilots(material, stage, "record")]  # fmt: skip
    rest = [
        order(material, stage),
        stop.samples(material, stage),
        unsure(material, stage),
        disagreements(material, stage, "record"),
        agreed.sentences(material, stage),
        stop.sentences(material, stage),
    ]
    return (
        Paragraph(spaced(who), lead=f"{lead}."),
        *([Paragraph(spaced(rest))] if any(rest) else []),
    )


def files(material: Material) -> Runs:
    """How full texts were given to reports."""
    where = f"{OUT}/texts.csv: how = "
    names = {"id": "an identifier in the file's name", "doi": "DOI", "link": "a link in the export", "title": "title", "person": "a reviewer's answer"}  # fmt: skip
    found = {how: [row["file"] for row in material.texts if row["record_id"] and row["how"] == how] for how in names}
    said = [
        prose(words, " (", counted(f"texts.{how}", found[how], "file", where + how), ")")
        for how, words in names.items()
        if found[how]
    ]
    every = counted(
        "texts.matched",
        [file for files_ in found.values() for file in files_],
        "file",
        f"{OUT}/texts.csv: record_id is given",
    )
    return prose("Full-text files (", every, ") were matched to reports by ", listed(said), ".") if said else ()


def full_texts(material: Material) -> tuple[Block, ...]:
    """Assessment in full text, as far as it happened."""
    stage = "full_text"
    if not material.screened(stage).people:
        return ()
    number = judged(material, stage)
    gone = [id_ for id_, row in material.states.get(stage, {}).items() if row["state"] == "not_retrieved"]
    lost = counted("full_text.not_retrieved", gone, "report", f"{OUT}/full_text/states.csv: state = not_retrieved")
    sought = prose(
        "For reports that could not be obtained (", lost, "), the ways in which they were sought and the day of the last attempt were recorded."
    ) if gone else ()  # fmt: skip
    start = prose("The full texts of ", number.with_("report"), " ", number.were, " sought and, where they could be obtained, assessed; one primary reason was recorded for each exclusion.")  # fmt: skip
    who = [start, independence(material, stage), elsewhere.sentences(material, stage, "report"), sample(material, stage), pilots(material, stage, "report"), sought]  # fmt: skip
    rest = [disagreements(material, stage, "report"), agreed.sentences(material, stage), files(material)]
    return (Paragraph(spaced(who), lead="Full texts."), *([Paragraph(spaced(rest))] if any(rest) else []))


def _study_pairs(key: str, rows: Sequence[Row], where: str) -> Number:
    return counted(
        f"studies.{key}",
        [f"{row['a']}~{row['b']}" for row in rows],
        "pair of reports",
        f"{OUT}/study_pairs.csv: {where}",
    )


def companions(material: Material) -> dict[str, Number]:
    """Pairs of included reports that may be of one study, by what people answered."""
    rows = material.study_pairs
    return {
        "asked": _study_pairs("asked", [row for row in rows if row["answer"] or row["open"] == "yes"], "an answer, or open = yes"),
        "same": _study_pairs("same", [row for row in rows if row["answer"] == SAME_STUDY], f"answer = {SAME_STUDY}"),
        "different": _study_pairs("different", [row for row in rows if row["answer"] == DIFFERENT_STUDIES], f"answer = {DIFFERENT_STUDIES}"),
        "open": _study_pairs("open", [row for row in rows if row["open"] == "yes"], "open = yes"),
    }  # fmt: skip


def judged_companions(material: Material) -> Runs:
    """`, who judged 1 to be of one study and 2 to be of different studies; 1 was not yet answered`."""
    found = companions(material)
    answers = [
        prose(found[key], words)
        for key, words in (("same", " to be of one study"), ("different", " to be of different studies"))
        if int(found[key].value)
    ]
    rest = prose("; ", found["open"], " ", found["open"].were, " not yet answered") if int(found["open"].value) else ()
    judged_ = prose(", who judged ", listed(answers)) if answers else ()
    return prose(judged_, rest)


def studies(material: Material) -> tuple[Block, ...]:
    """How reports of one study were found, and studies with several models."""
    if material.review.stages.studies is None or not material.studies:
        return ()
    found = companions(material)
    several = [row["study_id"] for row in material.studies if int(row["models"]) > 1]
    models = counted("studies.several_models", several, "study", f"{OUT}/studies.csv: models > 1")
    how = "Included reports were compared by authors, registrations, grants, projects, samples and titles. "
    if int(found["asked"].value):
        said = prose(how, "Signs of a common study were found in ", found["asked"].with_("pair"), ", which ", found["asked"].were,
                     " put to a reviewer", judged_companions(material), ".")  # fmt: skip
    else:
        said = prose(how, "No pair had signs of a common study.")
    more = prose("Reviewers found several models (arrangements or programmes) in ", models.with_("study"), ".")
    return (Paragraph(spaced([said, more]), lead="Studies."),)
