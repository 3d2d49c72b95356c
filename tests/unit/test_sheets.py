"""What stands on the sheets of each stage."""

import io
from typing import Any

import openpyxl
import pytest

from scoping import codebook as codebooks
from scoping import folder, forms, questions, sheets
from scoping.batches import Batch
from scoping.codebook import Codebook
from scoping.offers import Offer
from scoping.sheets import Content
from scoping.studies import Studies
from scoping.workbook.keys import find
from scoping.workbook.layout import Sheet
from scoping.workbook.write import write


@pytest.fixture
def codebook() -> Codebook:
    codes = [
        {"id": id_, "family": "rel", "label": f"Label {id_}", "definition": "d", "include": "in"}
        for id_ in ("REL1", "REL2")
    ]
    families = [{"id": "rel", "label": "Relationships", "text": "t"}]
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes})


def laid_out(make: Any, stage: str, batch: Batch, codebook: Codebook | None = None, **content: Any) -> Sheet:
    a, b = make.id("a"), make.id("b")
    records = {
        a: make.record(a, title="Brokers", abstract="An abstract", doi="10.5555/a", year="2020"),
        b: make.record(b, title="", abstract=""),
    }
    pair = {"why": "the years differ", "chance": "0.700", "against": "", "answer": ""}
    plain = {"texts": {a: "a.pdf"}, "pairs": {f"{a}~{b}": pair}, "said": {}}
    review = make.review(notice="Made up")
    return sheets.sheet(
        batch, batch.people[0], review, forms.form(stage, review), Content(records, **{**plain, **content}), codebook
    )


def test_a_screening_sheet_shows_no_score_and_no_other_answer(make: Any) -> None:
    a, b = make.id("a"), make.id("b")
    sheet = laid_out(
        make,
        "title_abstract",
        Batch(
            "ta01",
            "main",
            "screen",
            dict.fromkeys(
                (
                    "anna",
                    "ben",
                ),
                (b, a),
            ),
        ),
    )
    assert sheet.id == "ta01.anna"
    assert [column.header for column in sheet.shown] == ["Title", "Abstract", "Authors", "Year", "Source", "Link"]
    assert [row.item for row in sheet.tabs[0].rows] == [b, a]  # the frozen order
    assert sheet.tabs[0].rows[0].cells[:2] == ("[no title]", "[no abstract]")
    assert sheet.notice == "Made up"
    assert "Wrong topic: Not about evidence" in [line.text for line in sheet.guide]


def test_an_adjudicator_sees_answers(make: Any) -> None:
    a = make.id("a")
    batch = Batch("ft02-adjudication", "adjudication", "adjudicate", dict.fromkeys(("carl",), (a,)))
    sheet = laid_out(make, "full_text", batch, said={a: "exclude: No data\ninclude"})
    assert sheet.shown[0].header == "Answers so far"
    assert sheet.tabs[0].rows[0].cells[0] == "exclude: No data\ninclude"
    assert "adjudication" in sheet.title


def test_a_full_text_sheet_says_how_to_name_a_file(make: Any) -> None:
    a, b = make.id("a"), make.id("b")
    sheet = laid_out(make, "full_text", Batch("ft01", "main", "screen", dict.fromkeys(("anna",), (a, b))))
    assert [row.cells[-1] for row in sheet.tabs[0].rows] == ["a.pdf", f"none yet; name the file `{b} ….pdf`"]


def test_coding_has_a_tab_a_study_and_a_row_a_code(make: Any, codebook: Codebook) -> None:
    a, b = make.id("a"), make.id("b")
    items = tuple(f"{id_}:{code}" for id_ in (a, b) for code in ("REL1", "REL2"))
    sheet = laid_out(make, "coding", Batch("co01", "main", "screen", dict.fromkeys(("anna",), items)), codebook)
    assert [(tab.name, [row.item for row in tab.rows]) for tab in sheet.tabs] == [
        ("Marsh 2020", [f"{a}:REL1", f"{a}:REL2"]), ("Marsh n.d.", [f"{b}:REL1", f"{b}:REL2"]),
    ]  # fmt: skip
    assert sheet.tabs[0].rows[0].cells[:2] == ("REL1  Label REL1", "d\nCounts: in")
    assert sheet.tabs[0].heading[1] == "Text: data/raw/fulltext/a.pdf"


def test_a_suggestion_stands_beside_its_code_and_nowhere_else(make: Any, codebook: Codebook) -> None:
    a = make.id("a")
    items = (f"{a}:REL1", f"{a}:REL2")
    batch = Batch("co01", "main", "screen", dict.fromkeys(("anna",), items))
    offered = {item: Offer("shown", 1, "model", f"for {item}") for item in items}
    sheet = laid_out(make, "coding", batch, codebook, offers=offered)
    headers = [column.header for column in sheet.shown]
    assert headers == ["Code", "Definition", "Suggestion", "Levels", "Family"]
    assert [row.cells[2] for row in sheet.tabs[0].rows] == [f"for {item}" for item in items]
    assert any("Suggestion" in line.text for line in sheet.guide)
    without = laid_out(make, "coding", batch, codebook)
    assert "Suggestion" not in [column.header for column in without.shown]
    assert not any("Suggestion" in line.text for line in without.guide)


def test_a_hostile_suggestion_is_a_text_like_any_other(make: Any, codebook: Codebook) -> None:
    a = make.id("a")
    texts = {f"{a}:REL1": '=HYPERLINK("http://x.example")', f"{a}:REL2": "\x07@SUM(A1)" + "x" * 40_000}
    offered = {item: Offer("shown", 1, "model", text) for item, text in texts.items()}
    batch = Batch("co01", "main", "screen", dict.fromkeys(("anna",), tuple(texts)))
    tab = openpyxl.load_workbook(io.BytesIO(write(laid_out(make, "coding", batch, codebook, offers=offered))))
    shown = [cell for row in tab.worksheets[0].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert [(cell.data_type, cell.value) for cell in shown] == [("s", texts[f"{a}:REL1"])]
    (long,) = [cell.value for row in tab.worksheets[0].iter_rows() for cell in row if "@SUM" in str(cell.value)]
    assert "\x07" not in long
    assert long.endswith("[…the rest is cut: longer than a cell can hold]")


def test_each_row_offers_the_values_of_its_code_where_codes_differ(make: Any) -> None:
    codes = [
        {"id": "REL1", "family": "rel", "label": "One", "definition": "d"},
        {"id": "REL2", "family": "rel", "label": "Two", "definition": "d", "values": ["none", "touches"]},
        {"id": "REL3", "family": "rel", "label": "Three", "definition": "d", "status": "yes"},
    ]
    families = [{"id": "rel", "label": "R", "text": "t"}]
    book = Codebook.model_validate({"version": 1, "families": families, "codes": codes})
    a = make.id("a")

    def tab(*ids: str) -> Any:
        batch = Batch("co01", "main", "screen", dict.fromkeys(("anna",), tuple(f"{a}:{id_}" for id_ in ids)))
        asked = {code.id: codebooks.asked(code) for code in book.codes if code.id in ids}
        form = forms.form("coding", make.review(), forms.asking({"co01": asked}))
        content = Content({a: make.record(a)}, {}, {}, {})
        made = sheets.sheet(batch, "anna", make.review(), form, content, book)
        return openpyxl.load_workbook(io.BytesIO(write(made))).worksheets[0]

    def lists(tab: Any) -> dict[str, str]:
        rules = [(rule.formula1, cell) for rule in tab.data_validations.dataValidation for cell in rule.sqref.ranges]
        keys = {row: found.item.partition(":")[2] for row in range(1, tab.max_row + 1) for cell in tab[row]
                if cell.value and (found := find(str(cell.value))) and found.checkpoint is None}  # fmt: skip
        return {
            code: formula
            for row, code in keys.items()
            for formula, cells in rules
            if cells.min_col == 1 and cells.min_row <= row <= cells.max_row
        }

    def red(tab: Any) -> set[str]:
        return {
            rule.formula[0] for rules in tab.conditional_formatting for rule in rules.rules if rule.type != "cellIs"
        }

    mixed = tab("REL1", "REL2", "REL3")
    usual = '"yes,no,unclear,withdraw"'
    assert lists(mixed) == {"REL1": usual, "REL2": '"none,touches,withdraw"', "REL3": usual}
    assert any('="touches"' in formula for formula in red(mixed))
    alike = tab("REL1")
    assert len([r for r in alike.data_validations.dataValidation if "A" in str(r.sqref)]) == 1
    assert sum('="yes"' in formula and "$C" in formula for formula in red(mixed)) == 1, "status, of REL3 alone"


def test_a_pair_stands_side_by_side_with_the_reason_for_asking(make: Any) -> None:
    a, b = make.id("a"), make.id("b")
    sheet = laid_out(make, "duplicates", Batch("du01", "main", "screen", dict.fromkeys(("anna",), (f"{a}~{b}",))))
    why, differs, left, right = sheet.tabs[0].rows[0].cells
    assert left.startswith("Brokers\nAuthors: Marsh\nYear: 2020")
    assert right.startswith("[no title]")
    assert why == "Rather the same (chance 0.70).\nThe years differ."
    assert differs.startswith("Only A has: title, year, DOI, abstract")


def test_what_a_code_asks_beyond_the_usual_stands_beside_it(make: Any) -> None:
    codes = [
        {"id": "REL1", "family": "rel", "label": "One", "definition": "d"},
        {"id": "REL2", "family": "rel", "label": "Two", "definition": "d", "values": ["none", "touches"], "quote": "no"},
        {"id": "MEC1", "family": "rel", "label": "M", "definition": "d", "unit": "model", "status": "yes", "basis": "yes"},
    ]  # fmt: skip
    families = [{"id": "rel", "label": "R", "text": "t"}]
    book = Codebook.model_validate({"version": 1, "families": families, "codes": codes})
    a = make.id("a")

    def cells(*ids: str) -> tuple[list[str], list[tuple[str, ...]]]:
        items = dict.fromkeys(("anna",), tuple(f"{a}:{id_}" for id_ in ids))
        sheet = laid_out(make, "coding", Batch("co01", "main", "screen", items), book)
        return [column.header for column in sheet.shown], [row.cells for row in sheet.tabs[0].rows]

    headers, (one, two, mechanism) = cells("REL1", "REL2", "MEC1")
    assert headers == ["Code", "Definition", "Values", "Levels", "Family"]
    assert (one[1], one[2]) == ("d", "yes, no, unclear")
    assert (two[1], two[2]) == ("d\nNo quote is needed.", "none, touches")
    assert mechanism[1] == (
        "d\nJudge each model. Status: proposed, operating, evaluated, ended, not stated. "
        "Evidence basis: self-report, observed, documentary, comparative, asserted, not stated."
    )
    assert cells("REL1", "MEC1")[0] == ["Code", "Definition", "Levels", "Family"]


def anna(stage: str, *items: str) -> Batch:
    return Batch(
        {"studies": "st01", "doubtful_texts": "dt01", "coding": "co01"}[stage], "main", "screen", {"anna": items}
    )


def test_reports_of_one_study_and_their_models_stand_on_two_tabs(make: Any) -> None:
    a, b = make.id("a"), make.id("b")
    pairs = {f"{a}~{b}": {"why": "the same project"}, a: {"why": ""}}
    sheet = laid_out(make, "studies", anna("studies", f"{a}~{b}", a), pairs=pairs)
    assert [(tab.name, [row.item for row in tab.rows]) for tab in sheet.tabs] == [
        ("Reports of one study", [f"{a}~{b}"]), ("Models", [a]),
    ]  # fmt: skip
    left, right, why = sheet.tabs[0].rows[0].cells
    assert (left.split("\n")[0], right.split("\n")[0], why) == ("Brokers", "[no title]", "the same project")
    alone = laid_out(make, "studies", anna("studies", a), pairs=pairs)
    assert [tab.name for tab in alone.tabs] == ["Models"], "no tab without rows"
    assert any(line.text.startswith("several:") for line in sheet.guide)


def test_a_doubtful_file_stands_beside_the_report_that_it_may_be(make: Any) -> None:
    a, file = make.id("a"), make.id("file")
    records = {a: make.record(a, title="Brokers"), file: questions.file_record("scan 7.pdf")}
    content = Content(records, {}, {f"{a}~{file}": {"why": "its title is only like that of a report"}}, {})
    review = make.review()
    form = forms.form("doubtful_texts", review)
    sheet = sheets.sheet(anna("doubtful_texts", f"{a}~{file}"), "anna", review, form, content, None)
    name, report, why = sheet.tabs[0].rows[0].cells
    assert (name, report.split("\n")[0], why) == ("scan 7.pdf", "Brokers", "its title is only like that of a report")


def test_a_tab_of_coding_is_a_study_with_its_models_and_further_reports(make: Any) -> None:
    codes = [
        {"id": "POP", "family": "f", "label": "P", "definition": "d"},
        {"id": "MEC", "family": "f", "label": "M", "definition": "d", "unit": "model"},
        {"id": "DOC", "family": "f", "label": "D", "definition": "d", "unit": "report"},
    ]
    families = [{"id": "f", "label": "F", "text": "t"}]
    book = Codebook.model_validate({"version": 1, "families": families, "codes": codes})
    a, b = make.id("a"), make.id("b")
    main, other = sorted((a, b), reverse=True)  # the main report first, whatever its id
    names = {a: "Marsh 2020", b: "Marsh n.d."}
    texts = {a: "data/raw/fulltext/a.pdf", b: "title and abstract only"}
    studies = Studies([make.study(main, main, "Hub", "Pool"), make.study(other, main)])
    items = (f"{other}:DOC", f"{main}+2:MEC", f"{main}:POP", f"{main}:DOC", f"{main}:MEC")
    sheet = laid_out(make, "coding", anna("coding", *items), book, studies=studies)
    (tab,) = sheet.tabs
    assert tab.name == names[main]
    assert [column.header for column in sheet.shown][:2] == ["Code", "Asked of"]
    assert [(row.item, row.cells[1]) for row in tab.rows] == [
        (f"{main}:POP", "the study"),
        (f"{main}:MEC", "model 1: Hub"),
        (f"{main}:DOC", names[main]),
        (f"{main}+2:MEC", "model 2: Pool"),
        (f"{other}:DOC", names[other]),
    ]
    assert [line for line in tab.heading if line.startswith("Text")] == [
        f"Text: {texts[main]}", f"Text: {texts[other]}",
    ]  # fmt: skip
    single = laid_out(make, "coding", anna("coding", f"{a}:POP"), book)
    assert "Asked of" not in [column.header for column in single.shown]


@pytest.mark.parametrize("stage", ["title", "title_abstract", "full_text"])
def test_a_retraction_stands_below_the_title_and_does_not_hide_whose_title_it_is(make: Any, stage: str) -> None:
    a = make.id("a")
    review = make.review()
    record = make.record(
        a, title="Brokers", flags='["RETRACTED (its title says so)","A comment was published: Ray 2021 (X)"]'
    )
    batch = Batch("b01", "main", "screen", {"anna": (a,)})
    sheet = sheets.sheet(batch, "anna", review, forms.form(stage, review), Content({a: record}, {}, {}, {}), None)
    shown = sheet.tabs[0].rows[0].cells[0]
    assert shown == "Brokers\n⚠ RETRACTED (its title says so)\n⚠ A comment was published: Ray 2021 (X)"
    assert folder._read_as_signs(shown, code=False) & folder._read_as_signs("Brokers", code=False)


def test_a_coding_tab_tells_it_too(make: Any, codebook: Codebook) -> None:
    a = make.id("a")
    review = make.review()
    content = Content(
        {a: make.record(a, flags='["RETRACTED (its title says so)"]')}, {}, {}, {}, studies=make.studies(a)
    )
    batch = Batch("co01", "main", "screen", {"anna": (f"{a}:REL1",)})
    sheet = sheets.sheet(batch, "anna", review, forms.form("coding", review), content, codebook)
    assert "⚠ RETRACTED (its title says so)" in sheet.tabs[0].heading
