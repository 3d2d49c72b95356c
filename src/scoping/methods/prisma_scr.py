"""The items of PRISMA-ScR (Tricco et al. 2018), paraphrased, and what of the review's data goes into each."""

from collections.abc import Sequence

from scoping.methods import charting, results, search, selection
from scoping.methods.checklists import Item
from scoping.methods.material import Material, flow, protocol
from scoping.methods.prose import Gap, Runs, prose, series
from scoping.methods.search import declared

NAME = "PRISMA-ScR"
CAPTION = "PRISMA-ScR checklist, filled as far as the data of this review go"
NOTE = (
    "Items are paraphrased; cite Tricco et al., Annals of Internal Medicine 2018. Items marked * are optional. Status: "
    "filled, partly, or for the authors. Keys of the numbers are in numbers.csv. Stands in: section of methods.docx; the strategies are in strategies.docx."
)
_WHO = "Selection of sources of evidence"


def _gap(todo: str) -> Sequence[Runs]:
    return [prose(Gap(todo))]


def _title(material: Material) -> Sequence[Runs]:
    title = material.review.title
    named = "scoping review" in title.casefold()
    return [
        prose("“", protocol(title, "title"), "”"),
        prose() if named else prose(Gap("name the report a scoping review in its title")),
    ]


def _abstract(material: Material) -> Sequence[Runs]:
    return [
        prose("Numbers for the abstract: ", search.identified(material).with_("entry"), ", ", search.records(material).with_("record"), ". ", results.end(material)),
        prose(Gap("write the structured abstract")),
    ]  # fmt: skip


def _rationale(material: Material) -> Sequence[Runs]:
    return [
        declared(material, "rationale", "explain why the review was done, and why a scoping review fits its question")
    ]


def _question(material: Material) -> Sequence[Runs]:
    asked = material.review.question
    parts = {"Population": asked.population, "Concept": asked.concept, "Context": asked.context}
    said = [prose(f"{name}: ", protocol(_ended(text), "question", name.lower())) for name, text in parts.items()]
    return [search.question(material), *said]


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _registration(material: Material) -> Sequence[Runs]:
    return [search.registration(material), search.read_protocol(material)]


def _eligibility(material: Material) -> Sequence[Runs]:
    include, exclude = search.criteria(material)
    many = "criteria"
    said = prose(
        include.with_("criterion", many), " for inclusion and ", exclude.with_("reason"), " for exclusion, in order of priority, are given in full."
    )  # fmt: skip
    return [prose("In the protocol, ", said), declared(material, "eligibility", "give the reasons for the criteria")]


def _sources(material: Material) -> Sequence[Runs]:
    return [
        prose("Searched were ", search.kinds(material), "."),
        prose(series(search.source(material, id_) for id_ in search.in_order(material)), "."),
        search.last_search(material),
        declared(material, "coverage", "give the dates of coverage"),
    ]


def _search(material: Material) -> Sequence[Runs]:
    return [strategies(material)]


def strategies(material: Material) -> Runs:
    """For how many sources the protocol holds the strategy as it was run."""
    held, every = search.strategies_held(material), search.all_sources(material)
    if held.value == every.value:
        return prose("The strategies of all ", every.with_("source"), " are given as they were run.")
    return prose(
        "The strategies of ",
        held,
        " of ",
        every.with_("source"),
        " are given as they were run. ",
        Gap("add the others"),
    )


def _selection(material: Material) -> Sequence[Runs]:
    found: list[Runs] = []
    for stage, name in (("title", "Titles"), ("title_abstract", "Titles and abstracts"), ("full_text", "Full texts")):
        if material.screened(stage).people:
            number, noun = selection.judged(material, stage), selection.UNITS[stage]
            found += [
                prose(f"{name}: ", number.with_(noun), " with a settled decision."),
                selection.independence(material, stage), selection.pilots(material, stage, noun), selection.disagreements(material, stage, noun),
            ]  # fmt: skip
    orders = [selection.order(material, stage) for stage in selection.screenings(material)]
    return [*found, *orders] if found else _gap("describe how sources of evidence were selected")


def _process(material: Material) -> Sequence[Runs]:
    stage = "coding"
    if not material.screened(stage).people:
        return _gap("describe how data were charted")
    return [
        charting.asked(material), selection.pilots(material, stage, "cell"), selection.independence(material, stage),
        selection.disagreements(material, stage, "cell"), charting.quotes(material), charting.blind(material), charting.revisions(material),
    ]  # fmt: skip


def _items(material: Material) -> Sequence[Runs]:
    book = material.codebook
    said = prose(
        "The codebook defines ",
        charting.codes(book).with_("code"),
        " in ",
        charting.families(book).with_("family"),
        "; all are listed.",
    )
    return [said, prose(Gap("state what was assumed or simplified"))]


def _appraisal(material: Material) -> Sequence[Runs]:
    return [declared(material, "appraisal", "state how sources were appraised, or that they were not and why")]


def _synthesis(material: Material) -> Sequence[Runs]:
    said = charting.summarised(material) if material.cells else prose()
    return [said, declared(material, "synthesis", "explain how charted data were handled and summarised")]


def _flow(material: Material) -> Sequence[Runs]:
    return [
        results.databases(material),
        results.other(material),
        results.end(material),
        prose("Diagram: reports/prisma.pdf."),
    ]


def _characteristics(material: Material) -> Sequence[Runs]:
    number = flow(material, "included_studies")
    if not int(number.value):
        return _gap("give the characteristics of each source of evidence, with its citation")
    return [
        prose(
            "Tables reports/tables/characteristics and characteristics_supplement describe ", number.with_("study"),
            "; references are in reports/references.",
        )
    ]  # fmt: skip


def _appraised(material: Material) -> Sequence[Runs]:
    todo = "give the results of the appraisal, if there was one"
    if not material.review.declarations.appraisal.strip():
        return _gap(todo)
    return [declared(material, "appraisal", todo), *_gap(todo)]


def _data(material: Material) -> Sequence[Runs]:
    done = charting.cells(material, "coded")
    if not int(done.value):
        return _gap("give the relevant data of each source of evidence")
    return [
        prose("Table reports/tables/coded_features holds ", done.with_("settled cell"), ", with quotations and pages.")
    ]


def _summary(material: Material) -> Sequence[Runs]:
    if not int(charting.cells(material, "coded").value):
        return _gap("summarise the charted results as they bear on the question")
    where = "Tables and figures in reports/tables and reports/figures count studies by code, level, mechanism and gap."
    return [prose(where), prose(Gap("summarise the charted results as they bear on the question"))]


def _limits(_: Material) -> Sequence[Runs]:
    return [
        prose("Limits of the software are in the automation statement."),
        prose(Gap("discuss the limits of the review process")),
    ]


def _funding(material: Material) -> Sequence[Runs]:
    return [
        declared(material, "funding", "name who funded the review and their part in it"),
        prose(Gap("name the funding of the included sources of evidence")),
    ]


ITEMS = (
    Item("Title", "1", "Title", "That the report is a scoping review.", _title),
    Item("Abstract", "2", "Structured summary", "Background, aims, eligibility, sources, charting, results and conclusions in brief.", _abstract),
    Item("Introduction", "3", "Rationale", "What is known already, and why the question calls for a scoping review.", _rationale),
    Item("Introduction", "4", "Objectives", "The question, with population, concept, context or what else it is made of.", _question, "Protocol and registration"),
    Item("Methods", "5", "Protocol and registration", "Whether there was a protocol, where it is, and the registration.", _registration, "Protocol and registration"),
    Item("Methods", "6", "Eligibility criteria", "What made a source eligible (years, language, status too), and why.", _eligibility, "Eligibility criteria"),
    Item("Methods", "7", "Information sources", "Every source with its dates of coverage and the latest search.", _sources, "Information sources"),
    Item("Methods", "8", "Search", "The whole strategy of one database or more, with limits, so that it can be repeated.", _search, "Search"),
    Item("Methods", "9", "Selection of sources", "How sources were screened and found eligible.", _selection, _WHO),
    Item("Methods", "10", "Data charting", "How data were taken from sources: form, testing, independence, checks with authors.", _process, "Data charting"),
    Item("Methods", "11", "Data items", "All variables, with definitions, assumptions and simplifications.", _items, "Data items"),
    Item("Methods", "12*", "Critical appraisal", "If sources were appraised: why, how, and what for.", _appraisal, "Critical appraisal of sources of evidence"),
    Item("Methods", "13", "Synthesis", "How charted data were handled and summarised.", _synthesis, "Synthesis of results"),
    Item("Results", "14", "Selection of sources", "How many were screened, assessed and included, with reasons for exclusion, best as a diagram.", _flow, "Results: selection of sources of evidence"),
    Item("Results", "15", "Characteristics", "What was charted of each source, with its citation.", _characteristics),
    Item("Results", "16*", "Critical appraisal", "If sources were appraised: what came of it.", _appraised),
    Item("Results", "17", "Results of single sources", "For each source the data that bear on the question.", _data),
    Item("Results", "18", "Synthesis", "The charted results in summary, in relation to the question.", _summary),
    Item("Discussion", "19", "Summary of evidence", "Main results, in relation to the question and to those who may use them.",
         lambda _: _gap("summarise the main results and whom they concern")),
    Item("Discussion", "20", "Limitations", "Limits of the way the review was done.", _limits, "Use of automation"),
    Item("Discussion", "21", "Conclusions", "What the results mean for the question, and what should follow.", lambda _: _gap("draw the conclusions")),
    Item("Funding", "22", "Funding", "Who paid for the included sources and for the review, and their part in it.", _funding, "Funding and competing interests"),
)  # fmt: skip
