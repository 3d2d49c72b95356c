"""The sheets of each stage: what stands on them, as people see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scoping import citation, coding_rows, interviews, pair_sheet, questions
from scoping.batches import Batch
from scoping.codebook import USUAL, Code, Codebook
from scoping.columns import BASES, STATUSES
from scoping.config import Review
from scoping.forms import Form
from scoping.items import Item, split
from scoping.offers import WITHOUT, Offer
from scoping.schemas import CODED
from scoping.studies import Studies
from scoping.tables import Row
from scoping.workbook.layout import GuideLine, Sheet, Shown, Tab
from scoping.workbook.layout import Row as SheetRow

_TITLES = {
    "duplicates": pair_sheet.TITLE,
    "title": "Title screening",
    "title_abstract": "Title and abstract screening",
    "full_text": "Full-text screening",
    "coding": "Coding",
    "interviews": "Coding of interviews",
    **questions.TITLES,
}
_HELP = {
    "duplicates": pair_sheet.HELP,
    "title": "Choose include (the abstract is read next), exclude or unsure in the yellow column; the key at the far right is "
    "ours.",
    "title_abstract": "Choose include, exclude or unsure in the yellow column; the key at the far right is ours.",
    "full_text": "Choose include, exclude (with a reason), unsure, or not retrieved (with routes and date).",
    "coding": "One tab a study. `yes` needs a quote copied from the text, `unclear` a note; blank means not yet coded.",
    "interviews": "One tab a transcript. `yes` needs a quote copied from it, `unclear` a note; blank means not yet coded.",
    **questions.HELP,
}
_TOLD = "Status and evidence basis, where a code asks for them: `not stated` if the report does not tell."
_SUGGESTIONS = (
    "Suggestion: passages worth reading, word for word, with page and reason. They set no value: most of them are not it.",
    "Read the report all the same: what is not suggested counts as much. Copy as quote what shows it best.",
    f"{WITHOUT}: this row was drawn by lot, for everybody who codes it, to see whether suggestions sway us.",
)
_PURPOSES = {"adjudication": ", adjudication", "pilot": ", pilot", "check": " (check)"}
_AGAIN = "Write `withdraw` to take an answer back. Save the file where it lies, or send it back under any name."


@dataclass(frozen=True)
class Content:
    """All that sheets may show. `said` gives, for an item to adjudicate, the answers without names.

    `offers`: for each item of a coding sheet what it shows of suggestions; none where there is no such column.
    """

    records: Mapping[str, Row]
    texts: Mapping[str, str]  # record id -> file with the full text
    pairs: Mapping[str, Row]  # `a~b` -> row of the table of pairs
    said: Mapping[str, str]
    offers: Mapping[str, Offer] = field(default_factory=dict)
    studies: Studies | None = None  # what is coded: one tab a study


def sheet(batch: Batch, person: str, review: Review, form: Form, content: Content, codebook: Codebook | None) -> Sheet:
    """The sheet of one person of a batch."""
    adjudicating = batch.role == "adjudicate"
    blind = batch.purpose == "check"
    shown, tabs = _body(batch.sheets[person], form, content, codebook, adjudicating=adjudicating, blind=blind)
    what = f"{_TITLES[form.stage]}{_PURPOSES.get('adjudication' if adjudicating else batch.purpose, '')}"
    return Sheet(
        id=f"{batch.batch}.{person}",
        title=f"{what} – {batch.batch} – {review.people[person].name or person}",
        help=" ".join([_HELP[form.stage], *([pair_sheet.BLIND_HELP] if blind else []), _AGAIN]),
        notice=review.notice,
        inputs=form.inputs,
        shown=shown,
        tabs=tabs,
        guide=_guide(form.stage, review, codebook, suggesting=bool(content.offers)),
        keywords=tuple(review.keywords),
        alarm=form.alarms,
        colours=form.colours,
    )


def _body(
    items: Sequence[str], form: Form, content: Content, codebook: Codebook | None, *, adjudicating: bool, blind: bool
) -> tuple[tuple[Shown, ...], tuple[Tab, ...]]:
    stage = form.stage
    if stage == "duplicates":
        return pair_sheet.body(items, content.records, content.pairs, blind=blind)
    why = {item: row["why"] for item, row in content.pairs.items()}
    if stage == "doubtful_texts":
        return questions.doubtful_texts(items, content.records, why)
    if stage == "studies":
        return questions.studies(items, content.records, why)
    if stage in CODED:
        if codebook is None:
            raise ValueError("a coding sheet needs the codebook")
        return _coding(items, form, content, codebook, adjudicating=adjudicating)
    return _screening(items, stage, content, adjudicating=adjudicating)


def _screening(
    items: Sequence[str], stage: str, content: Content, *, adjudicating: bool
) -> tuple[tuple[Shown, ...], tuple[Tab, ...]]:
    if stage == "title":
        return _titles(items, content, adjudicating=adjudicating)
    shown = [
        Shown("Title", 42, "title"),
        Shown("Abstract", 92, "highlight"),
        Shown("Authors", 22, "small"),
        Shown("Year", 6, "small"),
        Shown("Source", 24, "small"),
        Shown("Link", 26, "link"),
    ]
    if stage == "full_text":
        shown.append(Shown("Full text in data/raw/fulltext", 24, "small"))
    if adjudicating:
        shown.insert(0, Shown("Answers so far", 22))
    rows = []
    for item in items:
        record = content.records[item]
        cells = [
            citation.titled(record) or "[no title]",
            record["abstract"] or "[no abstract]",
            citation.authors(record),
            record["year"],
            citation.container(record),
            citation.link(record),
        ]
        if stage == "full_text":
            cells.append(content.texts.get(item) or f"none yet; name the file `{item} ….pdf`")
        if adjudicating:
            cells.insert(0, content.said[item])
        rows.append(SheetRow(item, tuple(cells)))
    return tuple(shown), (Tab("Screening", tuple(rows)),)


def _titles(items: Sequence[str], content: Content, *, adjudicating: bool) -> tuple[tuple[Shown, ...], tuple[Tab, ...]]:
    """Titles and where they appeared; neither abstract nor link, which would lead to it."""
    shown = [Shown("Title", 92, "title"), Shown("Authors", 30, "small"), Shown("Year", 6, "small")]
    shown.append(Shown("Source", 34, "small"))
    rows = []
    for item in items:
        record = content.records[item]
        title = citation.titled(record) or "[no title; include it, so that its abstract is read]"
        cells = [title, citation.authors(record), record["year"], citation.container(record)]
        rows.append(SheetRow(item, (*([content.said[item]] if adjudicating else []), *cells)))
    if adjudicating:
        shown.insert(0, Shown("Answers so far", 22))
    return tuple(shown), (Tab("Screening", tuple(rows)),)


def _coding(
    items: Sequence[str], form: Form, content: Content, codebook: Codebook, *, adjudicating: bool
) -> tuple[tuple[Shown, ...], tuple[Tab, ...]]:
    shown = [
        Shown("Code", 26, "title"),
        Shown("Definition", 58),
        Shown("Levels", 16, "small"),
        Shown("Family", 20, "small"),
    ]
    own = any(set(code.values) - set(USUAL) for code in codebook.codes if code.id in {split(i).code for i in items})
    if own:
        shown.insert(2, Shown("Values", 16, "small"))
    if content.offers:
        shown.insert(len(shown) - 2, Shown("Suggestion", 62, "suggestion"))
    if adjudicating:
        shown.insert(0, Shown("Answers so far", 34))
    linked, units = content.studies or Studies(()), {code.id: code.unit for code in codebook.codes}
    of_study: dict[str, list[Item]] = {}
    for item in map(split, items):
        of_study.setdefault(linked.of(item.record).main, []).append(item)
    apart = form.stage == "interviews"
    mains = [content.records[main] for main in of_study]
    name = interviews.named(mains) if apart else citation.shorts(mains)
    about = coding_rows.about(map(split, items), linked, content.records, units)
    if any(about.values()):
        shown.insert(1 + adjudicating, Shown("Asked of", 22, "small"))
    order = list(units)
    tabs = []
    for main, mine in of_study.items():
        mine.sort(key=lambda item: (item.record != main, item.record, item.model, order.index(item.code)))
        rows = tuple(
            _code_row(item, about, codebook, form, content, adjudicating=adjudicating, own=own) for item in mine
        )
        reports = linked.of(main).reports
        lines = interviews.heading if apart else _heading
        heading = [line for id_ in reports for line in lines(content.records[id_], content.texts.get(id_))]
        tabs.append(Tab(name[main], rows, tuple(heading)))
    return tuple(shown), tuple(tabs)


def _code_row(
    of: Item,
    about: Mapping[Item, str],
    codebook: Codebook,
    form: Form,
    content: Content,
    *,
    adjudicating: bool,
    own: bool,
) -> SheetRow:
    item = str(of)
    code = next(code for code in codebook.codes if code.id == of.code)
    examples = (("Counts", code.include), ("Does not", code.exclude))
    lines = [
        code.definition,
        *(f"{sign}: {text}" for sign, text in examples if text),
        _asks(code, apart=form.stage == "interviews"),
    ]
    definition = "\n".join(line for line in lines if line)
    family = next(family.label for family in codebook.families if family.id == code.family)
    values = (", ".join(code.values),) if own else ()
    asked = (about[of],) if any(about.values()) else ()
    suggestion = (content.offers[item].text,) if content.offers else ()
    said = (content.said[item],) if adjudicating else ()
    cells = (
        *said,
        f"{code.id}  {code.label}",
        *asked,
        definition,
        *values,
        *suggestion,
        ", ".join(code.levels),
        family,
    )
    choices, alarm = form.of_code(code.id)
    return SheetRow(item, cells, choices, alarm)


def _asks(code: Code, *, apart: bool) -> str:
    """What is special about a code, in words; a transcript is asked `apart` from literature, and as a whole."""
    said = [
        f"Judge each {code.unit}." if code.unit != "study" and not apart else "",
        f"Status: {', '.join(STATUSES)}." if code.status else "",
        f"Evidence basis: {', '.join(BASES)}." if code.basis else "",
        "No quote is needed." if not code.quote else "",
    ]
    return " ".join(part for part in said if part)


def _heading(record: Row, text: str | None) -> tuple[str, ...]:
    place = f"data/raw/fulltext/{text}" if text else citation.link(record) or "title and abstract only"
    return (
        f"{record['title']} – {citation.authors(record)} ({record['year']}). {citation.container(record)}",
        *(f"⚠ {flag}" for flag in citation.flags(record)),
        f"Text: {place}",
    )


def _guide(stage: str, review: Review, codebook: Codebook | None, *, suggesting: bool) -> tuple[GuideLine, ...]:
    """The tab that tells people what they are to decide, from the config."""
    lines = [
        GuideLine("How to code" if stage in CODED else "How to screen", "heading"),
        GuideLine(review.title),
        GuideLine(f"Question: {review.question.text}"),
        GuideLine(f"Population: {review.question.population}", "item"),
        GuideLine(f"Concept: {review.question.concept}", "item"),
        GuideLine(f"Context: {review.question.context}", "item"),
    ]
    if stage in CODED and codebook is not None:
        return (*lines, *_coding_guide(codebook, "study" if stage == "coding" else "interview", suggesting=suggesting))
    if stage == "duplicates":
        return (*lines, *pair_sheet.guide())
    if stage in questions.TITLES:
        return (*lines, *questions.guide(stage))
    if stage == "title":
        lines.append(
            GuideLine("Only the title is shown: exclude what it shows to be out; the abstract tells of the rest.")
        )
    lines.append(GuideLine("Include what meets all of these", "heading"))
    lines += [GuideLine(criterion.text, "item") for criterion in review.criteria.include]
    lines.append(GuideLine("Exclude for the first of these reasons that applies", "heading"))
    lines += [GuideLine(f"{criterion.label}: {criterion.text}", "item") for criterion in review.criteria.exclude]
    if review.examples:
        lines.append(GuideLine("Examples", "heading"))
        lines += [
            GuideLine(f"{example.decision}: {example.title} – {example.why}", "item") for example in review.examples
        ]
    if stage == "full_text":
        lines.append(
            GuideLine("Not retrieved: name the routes you tried and the date of the last one, as 2026-02-20.", "item")
        )
    return tuple(lines)


def _coding_guide(codebook: Codebook, what: str, *, suggesting: bool) -> Sequence[GuideLine]:
    texts = (
        f"yes: the {what} reports it; copy the sentence that says so and note where it stands.",
        f"no: you looked for it and the {what} does not report it.",
        "unclear: it cannot be told; say why in a note.",
        "blank: not yet coded. Blank is never counted as no.",
    )
    lines = [GuideLine("Values", "heading"), *(GuideLine(text, "item") for text in texts)]
    if any(code.status or code.basis for code in codebook.codes):
        lines.append(GuideLine(_TOLD, "item"))
    if suggesting:
        lines += [GuideLine("Suggestions", "heading"), *(GuideLine(text, "item") for text in _SUGGESTIONS)]
    for family in codebook.families:
        lines.append(GuideLine(family.label, "heading"))
        lines += [
            GuideLine(f"{code.id} {code.label}: {code.definition}", "item")
            for code in codebook.codes
            if code.family == family.id
        ]
    return lines
