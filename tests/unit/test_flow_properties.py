"""Over random reviews: all identities hold, every number has its ids, and no row can be lost or doubled unseen.

The words of all formats are read back: the same numbers stand in the SVG, the documents, the sentence and the tables.
"""

import csv
import importlib.util
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from scoping import diagram, prisma, prisma_csv, prisma_rows, record_ids
from scoping.drawing import flow_docx, flow_pptx, flow_render
from scoping.drawing.flow_layout import layout
from scoping.prisma import ALL_UNITS

_spec = importlib.util.spec_from_file_location("flows", Path(__file__).with_name("flows.py"))
assert _spec is not None
assert _spec.loader is not None
flows = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(flows)

pytestmark = pytest.mark.slow
REVIEWS = 1000
NUMBER = re.compile(r"\(n\u00a0=\u00a0([\d,]+)\)")


@pytest.fixture(scope="module")
def reviews(make):
    return [flows.Review(make, seed) for seed in range(REVIEWS)]


def numbers(text: str) -> Counter[int]:
    return Counter(int(number.replace(",", "")) for number in NUMBER.findall(text))


def test_the_reviews_hold_every_case(reviews):
    """Else what follows would prove little."""
    filled = {box for review in reviews[:300] for box, lines in review.count()[0].ids.items() if any(lines.values())}
    named = {f"{line['box']}_of_which" for line in flows.LINES}
    assert filled == set(ALL_UNITS) - {"automation"} | named
    variants = {(r.updated, r.other, r.titled, r.protocol.report.wording) for r in reviews}
    assert len(variants) == 16
    given = [row for review in reviews[:300] for stage in review.stages.values() for row in stage.events]
    said = {label["decision"] for event in given if event["kind"] == "read" for label in event["labels"].values()}
    assert said == {"include", "exclude", "unsure", "not_retrieved", "withdraw"}
    whys = {row["why"].split(" ")[0] for review in reviews for row in (*review.first, *review.second)}
    assert whys == {"", "answers", "entries", "everyone"}, "conflicts of all kinds, also by a late merge"
    several = [r for r in reviews if len({row["study_id"] for row in r.studies}) < len(r.studies)]
    assert len(several) > 100


def test_all_identities_hold_and_each_drawn_number_counts_its_ids(reviews):
    for review in reviews:
        assert review.problems() == []
        found, _ = review.count()
        ids = flows.ids_of(found)
        for box in diagram.flow(found, review.protocol).boxes.values():
            for line in box.lines:
                if line.number is not None:
                    assert line.number == sum(len(ids.get(pair, ())) for pair in line.behind), (box.key, line.text)
                    assert line.words.endswith(f"(n\u00a0=\u00a0{line.number:,})")


def test_all_ids_are_behind_a_number_or_named_in_a_footnote(reviews):
    in_notes = {"other_known", "other_unreadable", "other_unscreened", "other_excluded_at_title"}
    in_notes |= {"other_title_excluded", "other_awaiting_abstract", "other_abstract_unscreened"}
    in_notes |= {"other_awaiting_screening", "included_studies", "duplicates_late"}
    for review in reviews[:300]:
        found, _ = review.count()
        lines = [line for box in diagram.flow(found, review.protocol).boxes.values() for line in box.lines]
        drawn = {pair for line in lines for pair in line.behind}
        hidden = {box for box, detail in flows.ids_of(found) if (box, detail) not in drawn}
        allowed = in_notes | ({"included_reports", "other_included_reports"} if review.updated else set())
        assert hidden <= allowed, hidden - allowed


def without(rows, at):
    return [*rows[:at], *rows[at + 1 :]]


def doubled(rows, at):
    return [*rows, rows[at]]


def name_of(table, row):
    """What has to be named: the id, or the file whose receipt is wrong."""
    if table == "receipts":
        return row["file"]
    return row.get("entry_id") or row["record_id"]


@pytest.mark.parametrize(
    "table", ["entry_records", "records", "title_abstract", "full_text", "studies", "receipts", "title"]
)
@pytest.mark.parametrize("fault", [without, doubled])
def test_no_row_can_be_lost_or_doubled_unseen(reviews, table, fault):
    tried = 0
    for review in reviews:
        rows = review.tables().get(table, [])
        for at in review.random.sample(range(len(rows)), min(len(rows), 2)):
            problems = review.problems(**{table: fault(rows, at)})
            name, row = name_of(table, rows[at]), rows[at]
            if fault is without and row.get("role") == "rejected":
                name = row["file"]  # no other table knows the id of an entry that nothing identifies
            assert any(name in problem for problem in problems), (table, row, problems)
            tried += 1
    assert tried > 500


def test_without_the_look_at_rows_a_lost_state_would_pass(reviews, monkeypatch):
    """Control: the report would simply await assessment, and a state that stands twice would be counted once."""
    monkeypatch.setattr(prisma_rows, "check", lambda *_: [])
    passed = 0
    for review in reviews[:100]:
        for fault in (without, doubled) if review.second else ():
            passed += review.problems(full_text=fault(review.second, 0)) == []
    assert passed > 50


def test_without_the_receipts_an_unreadable_entry_could_go(reviews, monkeypatch):
    """Control: nothing else knows of it."""
    monkeypatch.setattr(prisma_rows, "_against_receipts", lambda *_: [])
    for review in reviews[:200]:
        for at, row in enumerate(review.entries):
            if row["role"] == "rejected":
                assert review.problems(entry_records=without(review.entries, at)) == []


FLIPS = {
    "include": "exclude",
    "exclude": "include",
    "pending": "exclude",
    "conflict": "include",
    "unscreened": "exclude",
}


@pytest.mark.parametrize("path", ["boxes", "ends"])
@pytest.mark.parametrize("table", ["title", "first"])
def test_a_state_that_differs_between_the_paths_is_named_where_titles_come_first(reviews, table, path):
    tried = 0
    for review in reviews:
        if review.title is None or not getattr(review, table):
            continue
        states = {name: record_ids.by_id(rows) for name, rows in (("title", review.title), ("first", review.first))}
        id_ = review.random.choice(sorted(states[table]))
        second, before = record_ids.by_id(review.second), states[table][id_]
        there = {**states, table: {**states[table], id_: {**before, "state": FLIPS[before["state"]]}}}
        of = {"boxes": states, "ends": states, path: there}
        found = prisma.boxes(review.entries, review.records, of["boxes"]["first"], second, of["boxes"]["title"])
        ends = prisma.terminal_states(review.entries, of["ends"]["first"], second, of["ends"]["title"])
        problems = prisma.check(found, review.entries, review.records, ends)
        assert any(id_ in problem for problem in problems), (before, problems)
        tried += 1
    assert tried > 200


def test_no_id_can_drop_out_of_a_box_of_titles(reviews):
    seen = set()
    for review in reviews:
        found, _ = review.count()
        for box in prisma.TITLED if review.title is not None else ():
            for id_ in sorted(found.of(box))[:1]:
                fewer = {line: ids - {id_} for line, ids in found.ids[box].items()}
                wrong = prisma.check(
                    prisma.Boxes({**found.ids, box: fewer}), review.entries, review.records, review.ends()
                )
                assert wrong, box
                assert box == "title_screened" or any(id_ in problem for problem in wrong), box
                seen.add(box)
    assert seen == set(prisma.TITLED)


# --- the same numbers everywhere -------------------------------------------------------------------------------------


def words_of_docx(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return "\n".join(text.text or "" for text in root.iter(f"{space}t"))


def words_of_pptx(data: bytes) -> str:
    from pptx import Presentation

    (group,) = Presentation(io.BytesIO(data)).slides[0].shapes
    return "\n".join(shape.text_frame.text for shape in group.shapes if shape.has_text_frame)


def words_of_svg(data: bytes) -> str:
    root = ET.fromstring(data)
    return " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))


def read_by_others(text: str) -> dict[str, str]:
    """The table as PRISMA2020 reads it: keys by their first column; lists split at semicolons, then at the comma."""
    return {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(text)) if row["data"] != "NA"}


def listed(cell: str) -> list[tuple[str, int]]:
    if cell.isdigit():
        return []
    pairs = [part.split(",") for part in cell.split("; ")]
    assert all(len(pair) == 2 for pair in pairs), cell
    return [(name, int(number)) for name, number in pairs]


def table_of(review, found) -> dict[str, str]:
    rows = prisma_csv.rows(found, review.protocol)
    out = io.StringIO()
    writer = csv.DictWriter(out, prisma_csv.COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return read_by_others(out.getvalue())


def test_the_table_of_prisma2020_adds_up_and_says_what_is_drawn(make):
    for seed in range(300):
        review = flows.Review(make, seed, settled=True)
        found, _ = review.count()
        table = table_of(review, found)
        n = {key: int(value) for key, value in table.items() if value.isdigit()}
        assert len(table) == 26
        identified = n["database_results"] + n["register_results"]
        removed = n["duplicates"] + n["excluded_automatic"] + n["excluded_other"]
        assert n["records_screened"] == identified - removed
        assert n["dbr_sought_reports"] == n["records_screened"] - n["records_excluded"]
        included = 0
        for arm in ("dbr", "other"):
            assert n[f"{arm}_assessed"] == n[f"{arm}_sought_reports"] - n[f"{arm}_notretrieved_reports"]
            reasons = listed(table[f"{arm}_excluded"])
            included += n[f"{arm}_assessed"] - sum(number for _, number in reasons)
        further = found.count("further_reports") + found.count("known_reports")
        assert n["new_reports"] + further == included
        assert n["total_reports"] == n["previous_reports"] + n["new_reports"] + found.count("further_reports")
        assert n["total_studies"] == n["previous_studies"] + n["new_studies"]
        others = n["website_results"] + n["organisation_results"] + n["citations_results"]
        assert others == found.count("other_identified")
        for kind in ("database", "register"):
            assert sum(number for _, number in listed(table[f"{kind}_specific_results"])) == n[f"{kind}_results"]


def test_reasons_that_become_one_name_are_both_counted():
    """Commas and semicolons have to go, and with them the difference between two labels."""
    found = prisma_csv._named({"design": 2, "same": 3}, flows.REASONS)
    assert prisma_csv._list(found) == "No data, 2; No data, 3"
    assert prisma_csv._list([("a, b; c", 1), ("d", 2)]) == "a b c, 1; d, 2"
    assert prisma_csv._list([]) == "0"


def test_the_same_numbers_stand_in_every_format(reviews):
    for review in reviews[:150]:
        found, _ = review.count()
        flow = diagram.flow(found, review.protocol)
        placed = layout(flow)
        said = Counter(line.number for box in flow.boxes.values() for line in box.lines if line.number is not None)
        assert numbers(words_of_svg(flow_render.to_svg(placed))) == said
        assert numbers(words_of_docx(flow_docx.to_docx(placed))) == said
        assert numbers(words_of_pptx(flow_pptx.to_pptx(placed))) == said
        in_words = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", flow.alt)}
        lines = [line for box in flow.boxes.values() for line in box.lines if line.behind]
        single = ("identified", "other_identified")  # sources and kinds of them: the sentence has their sum
        parts = {line.number for line in lines if line.behind[0][0] in single or "_of_which" in line.behind[0][0]}
        assert set(said) <= in_words | parts | {0}
