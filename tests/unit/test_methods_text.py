"""The methods text and the checklists of a review that is small enough to count by hand, and of random ones."""

import dataclasses
import importlib.util
import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest

from scoping import comparisons, prisma
from scoping.codebook import Codebook
from scoping.methods import checklists, html, markdown, prisma_s, prisma_scr, search, text, word
from scoping.methods.material import Material
from scoping.methods.prose import (
    TERMS,
    Block,
    Bullets,
    Document,
    Gap,
    Number,
    Paragraph,
    Runs,
    Said,
    Section,
    Text,
    Verbatim,
    numbers,
)
from scoping.tables import compact
from scoping.uptake import Cell

_spec = importlib.util.spec_from_file_location("flows", Path(__file__).with_name("flows.py"))
assert _spec is not None
assert _spec.loader is not None
flows = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(flows)

VERSIONS = {"scoping": "0.1.0", "Python": "3.12.1"}


@pytest.fixture
def codebook() -> Codebook:
    codes = [
        {"id": "REL1", "family": "rel", "label": "Trust 2.0", "definition": "d", "levels": ["system"]},
        {"id": "CTX1", "family": "rel", "label": "Context", "definition": "d", "unit": "report"},
    ]
    return Codebook.model_validate(
        {"version": 1, "families": [{"id": "rel", "label": "Ties", "text": "t"}], "codes": codes}
    )


def boxes(entries: Any, records: Any, states: Any) -> prisma.Boxes:
    """The boxes as the table of ids holds them."""
    found_ = prisma.boxes(entries, records, states["title_abstract"], states["full_text"], states.get("title"))
    return prisma.from_rows(prisma.rows(found_))


@pytest.fixture
def material(make: Any, codebook: Codebook) -> Material:
    """A is included; B excluded and C not retrieved at full text; D and E excluded before; one entry cannot be read."""
    entries = [
        *(make.entry_record(f"{id_}-scopus-1", id_) for id_ in "ABDE"),
        make.entry_record("A-web-1", "A", "duplicate", source="web", arm="other"),
        make.entry_record("A-scopus-2", "A", "duplicate"),
        make.entry_record("C-web-1", "C", source="web", arm="other"),
        make.entry_record("X-scopus-1", "", "rejected"),
    ]
    records = [make.record(id_, arm="other" if id_ == "C" else "databases") for id_ in "ABCDE"]
    first = {id_: make.state(id_, "include" if id_ in "ABC" else "exclude") for id_ in "ABCDE"}
    second = {
        "A": make.state("A", "include"),
        "B": make.state("B", "exclude", reason="topic"),
        "C": make.state("C", "not_retrieved", route="letter", date="2026-02-20"),
    }
    states = {"title_abstract": first, "full_text": second}
    said = [
        make.decision(id_, "include" if id_ in "ABC" else "exclude", person)
        for id_ in "ABCD"
        for person in ("anna", "ben")
    ]
    said += [
        make.decision("E", "include"),
        make.decision("E", "unsure", "ben"),
        make.decision("E", "exclude", "carl", "E"),
    ]
    later = [
        make.decision(id_, second[id_]["state"], person, stage="full_text", sheet=f"ft01.{person}")
        for id_ in "ABC"
        for person in ("anna", "ben")
    ]
    coded = [
        make.decision(f"A:{code}", "yes", person, stage="coding", sheet=f"co01.{person}", version="1")
        for code in ("REL1", "CTX1")
        for person in ("anna", "ben")
    ]
    cells = [
        make.cell("A", "REL1", "coded", value="yes", quote="q", verdict="verbatim"),
        make.cell("A", "CTX1", "coded", value="no"),
    ]
    pilot = {
        "batch": "ta01-pilot", "people": '["anna","ben"]', "state": "reached", "items": "2", "raw": "1.0000", "ac1": "1.0000",
        "threshold": "0.75", "by": "", "reason": "", "compared": '["A","B"]', "differ": "[]",
    }  # fmt: skip
    pairs = [
        {"a": "P", "b": "Q", "band": "ask", "why": "", "answer": "different", "person": "anna", "open": ""},
        {"a": "R", "b": "S", "band": "ask", "why": "", "answer": "same", "person": "anna", "open": ""},
    ]
    given = [
        comparisons.Answer(
            row["stage"], "ta01", "main", row["person"], row["item"], "", row["decision"], row["reason"], "", "", ""
        )
        for row in said
        if row["role"] == "screen"
    ]
    return Material(
        review=make.review(),
        codebook=codebook,
        versions=VERSIONS,
        found=boxes(entries, records, states),
        entries=entries,
        records=records,
        pairs=pairs,
        states=states,
        studies=[make.study("A")],
        cells=cells,
        decisions={"title_abstract": said, "full_text": later, "coding": coded},
        pilots={"title_abstract": [pilot]},
        agreement=comparisons.wholes(given, 7),
    )


def changed(material: Material, **review: Any) -> Material:
    """The same with another protocol."""
    plain = material.review.model_dump(mode="json")
    return dataclasses.replace(material, review=type(material.review).model_validate({**plain, **review}))


def said(document: Document) -> str:
    """The text without keys and without the marks of Markdown."""
    return re.sub(r"<!--.*?-->|\\(?=[\[\]_*])|\*\*", "", markdown.markdown(document))


def found(document: Document) -> dict[str, str]:
    """Key -> number."""
    return {run.key: run.value for _, run in document.runs() if isinstance(run, Number)}


# what stands in the text


def test_the_text_of_a_small_review(material: Material) -> None:
    words = said(text.methods(material))
    for sentence in (
        "Pairs that were merely alike (2) were put to a reviewer, who judged 1 to be the same report and 1 to be different reports.",
        "In all, 2 duplicate entries were removed (2 by these rules alone, 0 through a reviewer's answer), and 1 entry that could not be identified was set aside, which left 5 records.",
        "Titles and abstracts of 5 records were screened",
        "The work was done by two reviewers; 5 records were judged by two or more of them independently, on sheets that did not show each other's answers",
        "In a pilot, two reviewers judged the same 2 records independently and reached a raw agreement of 1.00 (Gwet's AC1 1.00); "
        "the protocol asked for at least 0.75 before the stage could go on, which was reached.",
        "The answer ‘unsure’, given at least once for 1 record, counted as a disagreement.",
        "Disagreements (1 record) were settled by one further reviewer, who saw the answers but not who had given them.",
        "The full texts of 3 reports were sought",
        "For reports that could not be obtained (1)",
        "Included studies were charted with a codebook (version 1) of 2 codes in 1 family, which were asked as follows: 1 of each "
        "study and 1 of each report. This gave 2 cells (a code of a study, a model or a report), of which 2 were settled.",
        "of the quotations of settled cells, 1 stood there word for word.",
        "Searches of databases and registers identified 6 entries. Before screening, 1 duplicate entry, 0 records marked as "
        "ineligible by automation tools and 1 unreadable entry were removed. Of 4 records screened, 2 were excluded. Of 2 reports "
        "sought, 0 could not be retrieved and 2 were assessed in full text, of which 1 was excluded (Wrong topic: 1).",
        "Other methods identified 2 entries, of which 1 was already known from a database, register or earlier entry. Of 1 report "
        "sought, 1 could not be retrieved.",
        "In all, 1 report of 1 study was included.",
    ):  # fmt: skip
        assert sentence in words
    assert "DRAFT" not in words


def test_duplicates_are_those_of_the_rules_and_those_of_a_reviewer(material: Material, make: Any) -> None:
    """P stands for a record with Q (joined by rule to P), R (by an answer), and S (by rule to R alone)."""
    records = [make.record("P", "Q", "R", "S"), make.record("T")]
    entries = [make.entry_record("P-1", "P"), make.entry_record("T-1", "T")]
    entries += [make.entry_record(f"{id_}-1", "P", "duplicate", content_id=id_) for id_ in "PQRS"]
    plain = {"why": "", "person": "", "open": ""}
    pairs = [
        {"a": a, "b": b, "band": "same", "answer": answer, **plain}
        for a, b, answer in (
            ("P", "Q", ""),
            ("P", "R", "same"),
            ("R", "S", ""),
            ("P", "T", "different"),
            ("Q", "T", ""),
        )
    ]
    rule, answer = search.found_by(dataclasses.replace(material, records=records, entries=entries, pairs=pairs))
    assert [id_ for _, id_ in rule.ids] == ["P-1", "Q-1"]
    assert [id_ for _, id_ in answer.ids] == ["R-1", "S-1"]


def check(kind: str, stratum: str, number: int, answers: list[str]) -> list[dict[str, str]]:
    """Pairs that were decided without asking, those drawn of them with what was answered."""
    rows = []
    for place, said_ in enumerate([*answers, *[None] * (number - len(answers))], 1):
        rows.append(
            {"a": f"{stratum}{place:02}", "b": "Z", "kind": kind, "stratum": stratum, "chance": "", "place": str(place),
             "drawn": "" if said_ is None else "yes", "answer": said_ or "", "person": ""}
        )  # fmt: skip
    return rows


def test_a_check_says_how_exact_merges_were_and_what_may_be_missed(material: Material) -> None:
    checks = check("merged", "rule", 40, ["same"] * 9 + ["different"]) + check(
        "apart", "near", 20, ["different", "same", ""]
    )
    words = said(text.methods(dataclasses.replace(material, checks=checks)))
    assert (
        "Of 40 merges that had been made without asking, 10 were drawn at random by strata (by a rule, by the model) and judged "
        "by a reviewer who was not shown what the software had decided; 1 of them was different reports (precision 0.900, 95% "
        "Clopper-Pearson interval 0.555 to 0.997)."
    ) in words
    assert "3 were drawn at random" in words
    assert ", of which 2 were judged so far; 1 of them was the same report (share missed 0.500" in words
    assert "No person looked at what the rules merged" not in words
    _, ids = numbers(text.methods(dataclasses.replace(material, checks=checks)).runs())
    assert [row["id"] for row in ids if row["key"] == "recheck.merged.wrong"] == ["rule10~Z"]


def test_nothing_is_claimed_of_merges_before_the_check_is_answered(material: Material) -> None:
    before = said(text.methods(material))
    assert "their error rate was not measured in this review" in before
    unanswered = check("merged", "rule", 40, ["", ""]) + check("apart", "near", 20, [])
    assert said(text.methods(dataclasses.replace(material, checks=unanswered))) == before


def test_pairs_of_a_check_are_not_those_that_were_merely_alike(material: Material) -> None:
    """What people confirmed of merges was merged by rules all the same."""
    pair = {"a": "rule01", "b": "Z", "band": "same", "why": "", "answer": "same", "person": "anna", "open": ""}
    checks = check("merged", "rule", 1, ["same"])
    more = dataclasses.replace(material, pairs=[*material.pairs, pair])
    assert search.asked(dataclasses.replace(more, checks=checks))["asked"] == search.asked(material)["asked"]
    assert search.asked(more)["asked"] != search.asked(material)["asked"], "control"


STOP = {"rule": "buscar", "declared_by": "anna", "date": "2026-03-01", "reason": "Enough was read"}


def ended(material: Material, make: Any, *, met: bool, rule: str = "buscar") -> Material:
    """The same, stopped while E was unread, with a control sample of B and D."""
    states = {**material.states["title_abstract"], "E": make.state("E", "unscreened")}
    all_states = {**material.states, "title_abstract": states}
    figures = {
        "buscar": {"p": 0.021},
        "random_sample": {"estimated": 0.5, "lowest": 0, "highest": 1, "lowest_recall": 0.75},
    }
    control = make.issued("ta02", ["anna"], ["B", "D"], purpose="control", pool=["B", "D", "E"], ordered_by={})
    stop = {
        "kind": "stop", "stage": "title_abstract", "declared": True, **STOP, "rule": rule, "met": met, "target_recall": 0.95, "p": 0.05,
        "read": ["A", "B", "C", "D"], "relevant": ["A", "B", "C"], "held": [], "left": ["E"], "consecutive": 1, "figures": figures,
    }  # fmt: skip
    first = make.issued("ta01", ["anna"], ["A"], target=[0.9, 0.05], ordered_by={})
    events = [first, make.read("ta01.anna", {"A": "include"}, "x"), control, stop]
    here = dataclasses.replace(
        material, states=all_states, events=events, found=boxes(material.entries, material.records, all_states)
    )
    return changed(here, screening={"stop": {**STOP, "rule": rule}})


@pytest.mark.parametrize(
    ("met", "rule", "sentence"),
    [
        (True, "buscar", "The rule of Callaghan and Müller-Hansen gave a p of 0.021: a recall below the target was rejected, provided"),
        (False, "buscar", "gave a p of 0.021; screening was ended although the rule was not met, and no recall can be claimed."),
        (True, "random_sample", "held an estimated 0.5 relevant ones (exact interval at 95%: 0 to 1), and the recall was at least 0.75, provided"),
        (False, "declared", "No rule was met, and no recall can be claimed."),
    ],
)  # fmt: skip
def test_a_declared_stop_is_told_with_what_its_rule_said(
    material: Material, make: Any, met: bool, rule: str, sentence: str
) -> None:
    here = ended(material, make, met=met, rule=rule)
    words = said(text.methods(here))
    for expected in (
        sentence,
        "A control sample of 2 records was drawn at random, all at once, from 3 records that nobody had been given by then; 1 of them was included at title and abstract.",
        "On 1 March 2026, the team declared screening at title and abstract ended, for this reason: “Enough was read”. By then, 4 records had been read, of which 3 were included; 1 record was left unscreened.",
        "The last 1 record in a row was irrelevant, which guarantees nothing.",
        "The protocol set a target recall of 90% at p below 0.05, before the first decision. Deviation from the protocol: after the first decision, this was changed to a recall of 95% at p below 0.05.",
        "A declared stopping rule left 1 record unscreened.",
    ):  # fmt: skip
        assert expected in words
    assert "A stop that the team declared left 1 record unscreened" in said(text.automation_statement(here))
    ids = [row["id"] for row in numbers(text.methods(here).runs())[1] if row["key"] == "title_abstract.stop.left"]
    assert ids == ["E"]


def test_a_changed_target_is_told_without_a_stop_and_nothing_where_none_was_changed(
    material: Material, make: Any
) -> None:
    here = dataclasses.replace(ended(material, make, met=True), states=material.states)
    here = changed(dataclasses.replace(here, events=here.events[:2]), screening={})
    assert "Deviation from the protocol: after the first decision" in said(text.methods(here))
    kept = changed(here, screening={"target_recall": 0.9})
    for plain in (kept, material):
        words = said(text.methods(plain))
        assert "Deviation" not in words
        assert "target" not in words
        assert "control sample" not in words


def test_answers_about_what_is_out_are_not_counted(material: Material, make: Any) -> None:
    """D never came to full text, and nothing of B is charted any more."""
    before = found(text.methods(material))
    late = [
        make.decision("D", "include", person, stage="full_text", sheet=f"ft01.{person}") for person in ("anna", "dora")
    ]
    coded = [make.decision("B:REL1", "yes", "dora", stage="coding", sheet="co01.dora", version="1")]
    both = {stage: [*material.decisions[stage], *more] for stage, more in (("full_text", late), ("coding", coded))}
    assert found(text.methods(dataclasses.replace(material, decisions={**material.decisions, **both}))) == before
    here = [make.decision("A", "include", "dora", stage="full_text", sheet="ft01.dora")]
    more = dataclasses.replace(
        material, decisions={**material.decisions, "full_text": [*material.decisions["full_text"], *here]}
    )
    assert found(text.methods(more))["full_text.people"] == "3"


def test_agreement_in_the_text_is_that_of_the_table(material: Material) -> None:
    (line,) = [line for line in material.agreement if line.stage == "title_abstract" and line.scale != "as answered"]
    numbers_ = found(text.methods(material))
    assert numbers_["agreement.title_abstract.items"] == "5"
    assert numbers_["agreement.title_abstract.raw_agreement"] == f"{line.panel.raw.value:.2f}" == "1.00"


def test_whole_stages_are_compared_as_in_the_table_of_agreement() -> None:
    given = [
        comparisons.Answer(
            stage, "b1", purpose, person, f"R{at}", "", word, "topic" if word == "exclude" else "", "", "", ""
        )
        for stage in ("title_abstract", "full_text")
        for at, words in enumerate(["ie", "ee", "ii", "ei", "ii"])
        for person, letter in zip(("anna", "ben"), words, strict=True)
        for word in [{"i": "include", "e": "exclude"}[letter]]
        for purpose in ["pilot" if at < 2 else "main"]
    ]
    labels = comparisons.Labels({"topic": "Topic"}, {}, {})
    every = comparisons.comparisons(given, labels, 7)
    assert comparisons.wholes(given, 7) == [line for line in every if line.by == comparisons.ALL]


def test_titles_that_were_screened_first_have_a_paragraph_and_a_sentence(material: Material, make: Any) -> None:
    """D goes out by its title; the others are judged by their abstracts as before."""
    by_title = {id_: make.state(id_, "exclude" if id_ == "D" else "include") for id_ in "ABCDE"}
    first = {id_: row for id_, row in material.states["title_abstract"].items() if id_ != "D"}
    states = {**material.states, "title": by_title, "title_abstract": first}
    answers = [
        make.decision(id_, "exclude" if id_ == "D" else "include", person, stage="title", sheet=f"ti01.{person}")
        for id_ in "ABCDE"
        for person in ("anna", "ben")
    ]
    issued = make.issued("ti01", ["anna", "ben"], list("ABCDE"), stage="title", ordered_by={"kind": "svm"})
    titled = dataclasses.replace(
        changed(
            material,
            stages={
                **material.review.stages.model_dump(mode="json"),
                "title": {"mode": "dual", "people": ["anna", "ben"]},
            },
        ),
        states=states,
        found=boxes(material.entries, material.records, states),
        decisions={**material.decisions, "title": answers},
        events=[*material.events, issued],
    )
    words = said(text.methods(titled))
    assert (
        "Titles.** Titles of 5 records were screened against the criteria, without their abstracts, on a"
        in words.replace("Titles. ", "Titles.** ")
    )
    assert "Titles and abstracts of 4 records were screened" in words
    assert "Reviewers were given 5 records in an order suggested by a classifier" in words
    assert "Of 4 records screened by title, 1 was excluded. Of 3 records screened by abstract, 1 was excluded." in words
    assert "by title" not in said(text.methods(material))
    assert "Titles: 5 records with a settled decision." in str(
        checklists.sheet("prisma_scr", "c", checklists.answers(titled, prisma_scr.ITEMS), "", "").rows
    )


def test_only_what_happened_is_described(material: Material, make: Any) -> None:
    records = list(material.records)
    states = {"title_abstract": {id_: make.state(id_, "pending") for id_ in "ABCDE"}, "full_text": {}}
    entries = [make.entry_record(f"{id_}-scopus-1", id_) for id_ in "ABCDE"]
    begun = Material(
        material.review, material.codebook, VERSIONS, boxes(entries, records, states), records=records, states=states
    )
    made = text.methods(begun)
    titles = [section.title for section in made.sections]
    assert not {"Selection of sources of evidence", "Data charting", "Interviews"} & set(titles)
    assert said(made).count("DRAFT: 5 records to be screened. All numbers are as of now and will change.") == 1
    assert not re.search(r"classifier|passages|pilot|[Dd]isagreement", said(made))


def test_what_is_open_is_told_with_its_numbers(material: Material) -> None:
    cells = [{**material.cells[0], "state": "pending"}, *material.cells[1:]]
    pairs = [{**material.pairs[0], "answer": "", "open": "yes"}, *material.pairs[1:]]
    words = said(text.methods(dataclasses.replace(material, cells=cells, pairs=pairs)))
    assert "DRAFT: 1 pair of entries to be compared and 1 cell to be charted." in words
    assert "who judged 1 to be the same report; 1 was not yet answered" in words


@pytest.mark.parametrize(
    ("state", "more", "words"),
    [
        ("below", {"raw": "0.5000"}, "raw agreement of 0.50 (Gwet's AC1 1.00); the protocol asked for at least 0.75 before the stage could go on, which was not reached."),
        ("passed", {"raw": "0.5000", "reason": "All differ on R2."}, "A member of the team let the stage go on, for this reason: “All differ on R2.”"),
        ("open", {}, "In a pilot, two reviewers began to judge the same records; it was not finished."),
    ],
)  # fmt: skip
def test_a_pilot_is_told_as_it_was(material: Material, state: str, more: dict[str, str], words: str) -> None:
    row = {**material.pilots["title_abstract"][0], "state": state, **more}
    told = said(text.methods(dataclasses.replace(material, pilots={"title_abstract": [row]})))
    assert words in told


def test_the_order_and_the_records_drawn_by_lot(material: Material, make: Any) -> None:
    events = [
        make.issued("ta01", ["anna"], ["A", "B"], ordered_by={"kind": "cold start"}, audit=[]),
        make.issued("ta02", ["anna"], ["C", "D", "E"], ordered_by={"kind": "svm"}, audit=["D"]),
        make.issued(
            "ta03", ["carl"], ["E"], ordered_by={"kind": "svm"}, purpose="adjudication", role="adjudicate", audit=[]
        ),
    ]
    ordered = dataclasses.replace(material, events=events)
    words = said(text.methods(ordered))
    assert (
        "reviewers were given 2 records by their likeness to the review question, alternating with records drawn at random, 2 records in an "
        "order suggested by a classifier that had learnt from the decisions made until then and 1 record by lot, whatever the order."
    ) in words
    assert "Of the 1 record drawn by lot, 0 were included at title and abstract." in words
    assert "C = 0.11; all inclusions together weighing 9.8 times" in words
    assert "support vector" not in said(text.methods(material)), "nothing was ordered there"


def test_the_model_that_ordered_is_told_by_its_name_in_the_ledger(material: Material, make: Any) -> None:
    by = {"kind": "svm", "name": "mixed"}
    events = [make.issued("ta01", ["anna"], ["A", "B"], ordered_by=by, audit=[])]
    ordered = dataclasses.replace(material, events=events)
    words = said(text.methods(ordered))
    assert (
        "Two linear support vector machines (squared hinge loss, C = 0.11; all inclusions together weighing 9.8"
        in words
    )
    assert "A linear support vector machine" not in words
    assert "known to be relevant beforehand" not in words
    both = [*events, make.issued("ta02", ["anna"], ["C"], ordered_by={"kind": "svm"}, audit=[])]
    words = said(text.methods(dataclasses.replace(material, events=both)))
    assert "Two linear support vector machines" in words
    assert "A linear support vector machine" in words
    taught = make.review(ranking={"prior": {"included": ["10.5555/known"]}})
    words = said(text.methods(dataclasses.replace(ordered, review=taught)))
    assert "known to be relevant beforehand" in words


def test_suggestions_are_told_with_what_became_of_them(material: Material, make: Any) -> None:
    cells = [
        Cell("A:REL1", "REL1", "shown", True, "yes", (("anna", "yes"), ("ben", "yes"))),
        Cell("B:REL1", "REL1", "shown", True, "no", (("anna", "no"), ("ben", "no"))),
        Cell("C:REL1", "REL1", "blind", True, "yes", (("anna", "yes"), ("ben", "yes"))),
        Cell("D:REL1", "REL1", "blind", False, "yes", (("anna", "yes"), ("ben", "yes"))),
        Cell("E:REL1", "REL1", "blind", True, "divided", (("anna", "yes"), ("ben", "no"))),
    ]
    coded = [
        {"item": cell.id, "offer": cell.offer, "source": source}
        for cell, source in zip(cells, ("model", "both", "both", "", "model"), strict=True)
    ]
    charted = [make.cell(cell.id[0], "REL1", "coded", value="yes") for cell in cells]
    told = dataclasses.replace(material, offered=cells, coded=coded, cells=charted)
    made = text.automation_statement(told)
    words = said(made)
    assert (
        "learnt from the coded quotations of other studies (2 cells); sentences from both (2 cells). A suggestion"
        in words
    )
    assert "words that the codebook lists" not in words, "nothing came from these alone"
    assert (
        "with a suggestion that was shown (2), coders confirmed 1, rejected 1 and differed on 0; for 0 further cells"
        in words
    )
    assert "(2 with a suggestion that nobody saw, of which coders said yes to 1), the precision was 1.00" in words
    assert "the recall was 0.50" in words
    ids = {
        key: {row["id"] for row in numbers(made.runs())[1] if row["key"] == key}
        for key in ("suggestions.blind.recall.cells",)
    }
    assert ids == {"suggestions.blind.recall.cells": {"C:REL1", "D:REL1"}}


def test_interviews_are_a_stream_of_their_own(material: Material, make: Any) -> None:
    assert "transcript" not in said(text.methods(material))
    cells = [make.cell("T1", "REL1", "coded", value="yes"), make.cell("T1", "CTX1", "pending")]
    answers = [
        make.decision("T1:REL1", "yes", person, stage="interviews", sheet=f"iv01.{person}")
        for person in ("anna", "ben")
    ]
    more = changed(
        material,
        stages={
            **material.review.model_dump(mode="json")["stages"],
            "interviews": {"mode": "dual", "people": ["anna", "ben"]},
        },
        interviews=[{"id": "t1", "file": "t1.txt", "title": "A talk"}],
    )
    more = dataclasses.replace(
        more,
        transcripts=cells,
        transcript_codes=material.codebook,
        decisions={**material.decisions, "interviews": answers},
    )
    words = said(text.methods(more))
    assert "1 transcript of interviews was coded by two reviewers with 2 codes of the same codebook." in words
    assert "Of 2 cells, 1 was settled." in words
    assert "DRAFT: 1 cell of an interview to be coded." in words
    before, after = found(text.methods(material)), found(text.methods(more))
    assert {key: after[key] for key in before} == before, "no number of the literature has changed"


# what authors have to write


def test_what_the_protocol_declares_stands_there_and_nothing_is_made_up(material: Material) -> None:
    declared = {
        "registration": {"name": "OSF Registries", "id": "osf.io/abc12", "date": "2025-03-02"},
        "funding": "Nobody paid for it",
        "appraisal": "No appraisal was done, since all accounts counted.",
    }
    full = text.methods(changed(material, declarations=declared))
    assert "The review was registered with OSF Registries (osf.io/abc12) on 2 March 2025." in said(full)
    assert "Funding. Nobody paid for it." in said(full)
    assert "No appraisal was done, since all accounts counted." in said(full)
    gaps, fewer = (
        [run.todo for _, run in made.runs() if isinstance(run, Gap)] for made in (text.methods(material), full)
    )
    assert len(gaps) - len(fewer) == 3
    assert any("funded" in gap for gap in gaps)
    assert not any("funded" in gap or "registered" in gap for gap in fewer)


def test_checklists_have_all_items_and_say_who_fills_them(material: Material) -> None:
    for list_, wanted in ((prisma_scr, 22), (prisma_s, 16)):
        answers = checklists.answers(material, list_.ITEMS)
        assert [answer.item.number.strip("*") for answer in answers] == [str(at) for at in range(1, wanted + 1)]
        sheet = checklists.sheet("x", "c", answers, "n")
        for row in sheet.rows:
            marked = "[AUTHORS" in row["What the review's data say"]
            assert (row["Status"] == "filled") == (not marked), row
            assert (row["Status"] == "for the authors") == (
                re.sub(r"\[AUTHORS: .*?\]", "", row["What the review's data say"]).strip() == ""
            )
            assert row["Page"] == "[AUTHORS: page]"
    by_item = {answer.item.number: answer for answer in checklists.answers(material, prisma_scr.ITEMS)}
    assert [by_item[at].status for at in ("14", "12*", "3", "7")] == [
        "filled",
        "for the authors",
        "for the authors",
        "partly",
    ]
    draft = checklists.sheet(
        "x",
        "c",
        answers,
        "n",
        text.draft(dataclasses.replace(material, cells=[{**material.cells[0], "state": "pending"}])),
    )
    assert (draft.caption, draft.note) == (
        "c (draft)",
        "DRAFT: 1 cell to be charted. All numbers are as of now and will change. n",
    )
    declared = changed(material, declarations={"rationale": "Much is written, and nobody has mapped it."})
    assert checklists.answers(declared, prisma_scr.ITEMS)[2].status == "filled"


def test_sections_that_checklists_name_are_there(material: Material) -> None:
    titles = {section.title for section in text.methods(material).sections}
    assert {item.section for item in (*prisma_scr.ITEMS, *prisma_s.ITEMS)} - {""} <= titles


# every number has its key


def without_said(document: Document) -> Document:
    """The document without what people and programs say of themselves."""

    def cut(runs: Runs) -> Runs:
        return tuple(dataclasses.replace(run, text="¤") if isinstance(run, Said) else run for run in runs)

    def block(each: Block) -> Block:
        if isinstance(each, Paragraph):
            return dataclasses.replace(each, runs=cut(each.runs))
        if isinstance(each, Bullets):
            return Bullets(tuple(map(cut, each.items)))
        return Verbatim(cut(each.head), Said("¤", ""))

    sections = tuple(Section(each.title, tuple(map(block, each.blocks))) for each in document.sections)
    return Document(cut(document.title), "", cut(document.draft), sections)


def digits(document: Document) -> list[str]:
    """Numbers that Word shows outside bookmarks, the protocol's words and the terms."""
    left = []
    for paragraph in docx.Document(io.BytesIO(word.word(without_said(document)))).paragraphs:
        inside, out = 0, ""
        for element in paragraph._p.iter():
            inside += element.tag.endswith("}bookmarkStart") - element.tag.endswith("}bookmarkEnd")
            out += (element.text or "") if element.tag.endswith("}t") and not inside else ""
        for term in sorted(TERMS, key=len, reverse=True):
            out = out.replace(term, "")
        left += re.findall(r"\d+", out)
    return left


def test_no_number_stands_in_the_text_without_a_key(material: Material) -> None:
    made = text.methods(material)
    assert digits(made) == []
    sly = Text("twelve")
    object.__setattr__(sly, "text", "12 records ")  # what Text refuses
    block = dataclasses.replace(made.sections[0].blocks[0], runs=(sly,))  # type: ignore[type-var]
    worse = dataclasses.replace(
        made, sections=(dataclasses.replace(made.sections[0], blocks=(block,)), *made.sections[1:])
    )
    assert digits(worse) == ["12"]


def test_what_is_said_word_for_word_stands_in_the_protocol_the_codebook_or_the_versions(material: Material) -> None:
    sources = json.dumps(
        [material.review.model_dump(mode="json"), material.codebook.model_dump(mode="json"), VERSIONS],
        ensure_ascii=False,
    )
    names = {f"{name} {version}" for name, version in VERSIONS.items()}
    for _, run in text.methods(material).runs():
        if isinstance(run, Said):
            assert run.text.rstrip(".") in sources or run.text in names, run


@pytest.mark.parametrize("seed", range(12))
def test_numbers_are_those_of_the_diagram_and_open_to_their_ids(make: Any, codebook: Codebook, seed: int) -> None:
    random = flows.Review(make, seed, settled=seed % 2 == 0)
    boxes_, wrong = random.count()
    assert not wrong
    material = of_random(random, codebook)
    made = text.methods(material)
    rows, ids = numbers(made.runs())
    by_key: dict[str, set[str]] = {}
    for row in ids:
        by_key.setdefault(row["key"], set()).add(row["id"])
    for row in rows:
        assert row["ids"] == str(len(by_key.get(row["key"], ())))
        if row["kind"] == "counted":
            assert int(row["number"]) == len(by_key.get(row["key"], ())), row
        if row["key"].startswith("flow."):
            _, names, *detail = row["key"].split(".", 2)
            count = sum(
                len(members)
                for box in names.split("+")
                for line, members in boxes_.ids.get(box, {}).items()
                if detail in ([], [line])
            )
            assert int(row["number"]) == count, row
    assert bool(made.draft) == bool(prisma.pending(boxes_))
    assert digits(made) == []
    html.html(made)


def of_random(random: Any, codebook: Codebook) -> Material:
    """What can be told of a random review."""
    found_, _ = random.count()
    states = {
        stage: {row["record_id"]: row for row in rows}
        for stage, rows in (("title_abstract", random.first), ("full_text", random.second))
    }
    return Material(
        random.protocol, codebook, VERSIONS, prisma.from_rows(prisma.rows(found_)), records=random.records, states=states,
        studies=random.studies,
    )  # fmt: skip


def test_one_changed_decision_changes_the_text_and_its_numbers(make: Any, codebook: Codebook) -> None:
    tried = 0
    for seed in range(24):
        random = flows.Review(make, seed, settled=True)
        included = [row for row in random.second if row["state"] == "include"]
        if not included or random.updated:
            continue
        before = text.methods(of_random(random, codebook))
        included[0].update(state="exclude", reason="topic")
        after = text.methods(of_random(random, codebook))
        key = "flow.included_reports+other_included_reports"
        assert int(found(before)[key]) == int(found(after).get(key, 0)) + 1 == len(included)
        assert markdown.markdown(before) != markdown.markdown(after)
        assert html.html(before) != html.html(after)
        assert word.word(before) != word.word(after)
        tried += 1
    assert tried >= 6


def test_the_order_of_rows_changes_nothing(material: Material) -> None:
    turned = dataclasses.replace(
        material, records=material.records[::-1], pairs=material.pairs[::-1], cells=material.cells[::-1],
        decisions={stage: rows[::-1] for stage, rows in material.decisions.items()},
        found=prisma.from_rows(prisma.rows(material.found)[::-1]),
    )  # fmt: skip
    assert word.word(text.methods(turned)) == word.word(text.methods(material))
    assert markdown.markdown(text.methods(turned)) == markdown.markdown(text.methods(material))


def test_a_hostile_review_stays_words(material: Material) -> None:
    evil = "=cmd|'/c x'!A1 <script>alert(1)</script> ]]> --> &amp; # [x](y) `q` \x00\x0b\u202e"
    plain = material.review.model_dump(mode="json")
    source = {
        "name": evil,
        "kind": "database",
        "platform": evil,
        "strategy": evil,
        "files": ["a.ris"],
        "searched": "2026-01-02",
    }
    more = changed(
        material, title=evil, notice=evil, sources={"scopus": source, "web": {**source, "kind": "website"}},
        criteria={"include": [{"id": "I1", "text": evil}], "exclude": [{"id": "topic", "label": evil, "text": evil}]},
        declarations={"funding": evil}, question=dict.fromkeys(plain["question"], evil),
    )  # fmt: skip
    made = text.methods(more)
    fenced = re.compile(r"(?s)\n(`{3,})text\n.*?\n\1\n")
    assert "<script" not in html.html(made) + fenced.sub("\n", markdown.markdown(made))
    assert "<script>alert(1)</script>" in "".join(
        each.text for each in docx.Document(io.BytesIO(word.word(made))).paragraphs
    )
    assert digits(made) == []
    strategies = text.strategies(more)
    assert "<script" not in html.html(strategies) + fenced.sub("\n", markdown.markdown(strategies))
    assert digits(strategies) == []


def test_ids_are_found_whatever_shape_they_have(material: Material) -> None:
    rows, ids = numbers(text.methods(material).runs())
    assert {row["id"] for row in ids if row["key"] == "duplicates.asked"} == {"P~Q", "R~S"}
    assert {row["id"] for row in ids if row["key"] == "cells"} == {"A:REL1", "A:CTX1"}
    assert {row["id"] for row in ids if row["key"] == "title_abstract.people"} == {"anna", "ben"}
    assert compact(sorted({row["kind"] for row in rows})) == '["counted","measured","set"]'
