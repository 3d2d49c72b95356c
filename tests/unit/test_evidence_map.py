"""What the evidence map holds, against the counts of the figures; and the page as a file."""

import base64
import hashlib
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from scoping import code_counts, evidence_map, evidence_map_page
from scoping.derived import NOT_YET

_spec = importlib.util.spec_from_file_location("mapped", Path(__file__).with_name("mapped.py"))
assert _spec is not None
assert _spec.loader is not None
mapped = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(mapped)

SEEDS = range(25)


def held(text: str, id_: str) -> Any:
    """A part of the page as a JSON reader sees it."""
    (found,) = re.findall(rf'<script type="application/json" id="{id_}">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def saying(index: dict[str, Any], line: str, letter: str) -> tuple[str, ...]:
    (says,) = (each[3] for each in index["lines"] if each[0] == line)
    assert len(says) == len(index["studies"])
    return tuple(sorted(study for study, said in zip(index["studies"], says, strict=True) if said == letter))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_says_what_the_figures_count(make: Any, seed: int) -> None:
    found = mapped.drawn(make, seed)
    index, answers = evidence_map.index(found), found.answers
    listed = code_counts.lists(found.codebook)
    for code in code_counts.presence(found.codebook):
        for word, letter in {"yes": "y", "no": "n", "unclear": "u", NOT_YET: "o"}.items():
            assert saying(index, code.id, letter) == answers.saying(word, code.id)
    assert [code.id for code in listed] == ["TIER"]
    values = code_counts.values(answers, listed[0])
    for value in ("local", "national"):
        assert saying(index, f"TIER={value}", "y") == values[value]
        still = set(values[NOT_YET]) - set(values[value])
        assert set(saying(index, f"TIER={value}", "o")) == still
        assert set(saying(index, f"TIER={value}", "u")) == set(values["unclear"]) - still - set(values[value])


@pytest.mark.parametrize("seed", SEEDS)
def test_levels_divide_as_the_figure_of_levels(make: Any, seed: int) -> None:
    found = mapped.drawn(make, seed)
    index = evidence_map.index(found)
    (level,) = (each for each in index["divisions"] if each["id"] == "levels")
    counted = code_counts.levels(found.answers, [code for code in found.codebook.codes if code.levels])
    for (code, name), ids in counted.items():
        bit = 1 << level["options"].index(name) if name in level["options"] else 0
        marks = level["codes"][code]
        assert tuple(sorted(s for s, mark in zip(index["studies"], marks, strict=True) if mark & bit)) == ids


def test_statuses_and_bases_by_hand(make: Any) -> None:
    whole = mapped.book()
    cells = [
        make.cell("A", "MA", "coded", value="yes", status="ended"),
        make.cell("A", "MA", "coded", value="yes", status="operating", model="2"),
        make.cell("A", "CA", "coded", value="yes", basis="asserted; observed"),
        make.cell("B", "MA", "coded", value="yes"),
        make.cell("B", "CA", "coded", value="no", basis=""),
    ]
    found = mapped.material([make.record("A"), make.record("B")], cells, [make.study("A"), make.study("B")], whole)
    divisions = {each["id"]: each for each in evidence_map.index(found)["divisions"]}
    assert divisions["status"]["options"] == ["proposed", "operating", "evaluated", "ended", "not stated"]
    assert divisions["status"]["codes"]["MA"] == [0b01010, 0b10000]
    assert divisions["basis"]["options"] == ["comparative", "documentary", "observed", "self-report", "asserted"]
    assert divisions["basis"]["codes"] == {"CA": [0b00100, 0], "CB": [0, 0]}


AXES = [
    (["status", "", "basis"], ["mec", "cha", "oth"], ("mec", "oth")),
    (["", "", ""], ["mec", "cha", "oth"], ("mec", "cha")),
    (["status", "", ""], ["mec", "cha", "oth"], ("mec", "cha")),
]


@pytest.mark.parametrize(("asks", "axes", "default"), AXES)
def test_rows_and_columns_are_mechanisms_and_changes_else_the_first_families(
    make: Any, asks: list[str], axes: list[str], default: tuple[str, str]
) -> None:
    codes = [
        mapped.code(id_, family=family, **({what: "yes"} if what else {}))
        for id_, family, what in zip(("AA", "BB", "CC"), ("mec", "cha", "oth"), asks, strict=True)
    ]
    index = evidence_map.index(mapped.material([make.record("A")], [], [make.study("A")], mapped.book(codes=codes)))
    assert [axis[0] for axis in index["axes"]] == axes
    assert (index["rows"], index["columns"]) == default


def test_mechanisms_that_are_no_family_get_an_axis_of_their_own(make: Any) -> None:
    codes = [
        mapped.code("AA", status="yes"),
        mapped.code("BB"),
        mapped.code("CC", family="cha", basis="yes"),
        mapped.code("DD", family="oth", status="yes"),
    ]
    index = evidence_map.index(mapped.material([make.record("A")], [], [make.study("A")], mapped.book(codes=codes)))
    assert (index["rows"], index["columns"]) == ("codes-with-status", "cha")
    axes = {axis[0]: [index["lines"][at][0] for at in axis[2]] for axis in index["axes"]}
    assert axes == {"mec": ["AA", "BB"], "cha": ["CC"], "oth": ["DD"], "codes-with-status": ["AA", "DD"]}


def test_a_family_alone_crosses_itself(make: Any) -> None:
    index = evidence_map.index(
        mapped.material([make.record("A")], [], [make.study("A")], mapped.book(codes=[mapped.code("AA")]))
    )
    assert (index["rows"], index["columns"]) == ("mec", "mec")


def test_details_have_every_report_and_cell(make: Any) -> None:
    for seed in SEEDS:
        found = mapped.drawn(make, seed)
        text = mapped.page(found)
        details = held(text, "details")
        reports = [report[0] for study, _ in details for report in study]
        assert sorted(reports) == sorted(row["record_id"] for row in found.reports)
        assert sum(len(cells) for _, cells in details) == len(found.cells)
        assert [study[0][0] for study, _ in details] == [found.linked.of(id_).main for id_ in found.names]
        for (study, cells), id_ in zip(details, found.names, strict=True):
            mine = sorted(
                (c["code"], c["value"] or "not coded yet", c["quote"]) for c in found.cells if c["study_id"] == id_
            )
            assert sorted((found.codebook.codes[c[0]].id, c[3], c[7]) for c in cells) == mine
            assert all(study[c[1]][0] in c[7] for c in cells if c[7])
        assert text.count("\n", text.index('id="details"')) == len(details) + 2  # a line a study


def test_abstracts_are_in_only_where_the_protocol_says_so(make: Any) -> None:
    found = mapped.material([make.record("A", abstract="An abstract.")], [], [make.study("A")], mapped.book())
    assert "An abstract." not in mapped.page(found)
    assert "An abstract." in mapped.page(found, abstracts=True)
    assert make.review().report.map.abstracts is False


def test_what_is_pending_is_said(make: Any) -> None:
    first = [make.state("A", "pending"), make.state("B", "conflict"), make.state("C", "include")]
    second = [make.state("C", "pending")]
    cells = [make.cell("D", "MA", "pending"), make.cell("D", "MB", "coded", value="no")]
    said = evidence_map.pending(first, second, cells)
    assert said == "2 records to be screened, 1 report to be assessed and 1 cell to be coded"
    assert evidence_map.pending(first[2:], [], cells[1:]) == ""
    found = mapped.drawn(make, 1)
    assert "<strong>Draft: 1 cell to be coded.</strong>" in mapped.page(found, draft="1 cell to be coded")
    assert "Draft" not in mapped.page(found)


def test_the_policy_lets_only_what_the_page_holds_run(make: Any) -> None:
    text = mapped.page(mapped.drawn(make, 1))
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    ((script,), (style,)) = (re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("script", "style"))
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (script, style)]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|style=", script)
    assert not re.search(r'\s(?:src|srcset|style|on\w+)="', text.replace(script, ""))


def test_a_hostile_record_stays_text(make: Any) -> None:
    text = mapped.page(mapped.hostile(make), abstracts=True, notice=mapped.HOSTILE, draft=mapped.HOSTILE)
    text.encode()  # no lone surrogate is left
    assert text.count("<script") == text.count("</script>") == 3
    assert "<img" not in text
    assert not re.search("[\x00\x0b\x7f\u202e\u2066]", text)
    assert held(text, "index")["titles"][0].startswith("=1+1</script><img src=x onerror=")
    assert [report[7] for study, _ in held(text, "details") for report in study] == ['https://doi.org/10.5555/<b>"x']


def test_same_input_same_bytes_whatever_the_order_of_rows(make: Any) -> None:
    one, other = mapped.drawn(make, 3), mapped.drawn(make, 3)
    assert mapped.page(one) == mapped.page(other)
    rows = list(other.linked.rows.values())
    turned = mapped.material(list(reversed(other.reports)), list(other.cells), rows[::-1], other.codebook)
    assert mapped.page(turned) == mapped.page(one)


def test_the_parts_of_the_page_are_all_used() -> None:
    folder = Path(evidence_map_page.__file__).with_name("pages")
    named = {*evidence_map_page.SCRIPTS, evidence_map_page.STYLE}
    assert named == {f"pages/{path.name}" for path in folder.iterdir()}
