"""An updated review: reading what came before, and telling new studies from further reports and those found again."""

import pytest

from scoping import previous
from scoping.errors import ScopingError
from scoping.prisma import Boxes


def row(report, study, **fields):
    return {**dict.fromkeys(previous.KNOWN, ""), "report": report, "study": study, **fields}


@pytest.fixture
def records(make):
    """A and B are one study; C, D and E one each; X is not included."""
    return [
        make.record("A", "A2", study_id="A"),
        make.record("B", study_id="A"),
        make.record("C", doi="10.5555/c"),
        make.record("D"),
        make.record("E"),
        make.record("X", study_id="D"),
    ]


def found(**boxes):
    plain = {"included_reports": "ABCD", "other_included_reports": "E", "included_studies": "ACDE"}
    return Boxes({box: {"": frozenset(ids)} for box, ids in {**plain, **boxes}.items()})


BEFORE = [
    row("Old A", "S1", record_id="A2"),
    row("Old C", "S2", doi="10.5555/c"),
    row("Old F", "S3"),
    row("Old G", "S3"),
]


def test_each_included_report_is_new_further_or_known(records):
    boxes = Boxes(previous.boxes(BEFORE, records, found()))
    assert boxes.of("known_reports") == {"A", "C"}
    assert boxes.of("further_reports") == {"B"}
    assert boxes.of("new_reports") == {"D", "E"}
    assert boxes.of("new_studies") == {"D", "E"}
    assert boxes.of("previous_reports") == {"A", "C", "Old F", "Old G"}
    assert boxes.of("previous_studies") == {"S1", "S2", "S3"}
    assert boxes.of("total_reports") == {"A", "B", "C", "D", "E", "Old F", "Old G"}
    assert boxes.of("total_studies") == {"S1", "S2", "S3", "D", "E"}
    assert previous.check(found().and_(boxes.ids), BEFORE, records) == []


def test_a_report_of_before_that_is_not_included_now_still_makes_its_study_known(records):
    before = [row("Old X", "S1", record_id="X")]
    boxes = Boxes(previous.boxes(before, records, found()))
    assert boxes.of("further_reports") == {"D"}
    assert boxes.of("previous_reports") == {"X"}
    assert previous.check(found().and_(boxes.ids), before, records) == []


@pytest.mark.parametrize(
    ("box", "ids", "said"),
    [
        ("new_reports", "DEB", "further_reports: B"),
        ("new_reports", "D", "new_reports: E"),
        ("known_reports", "A", "known_reports: C"),
        ("new_studies", "DEA", "new_studies: A"),
        ("new_studies", "D", "new_studies: E"),
        ("total_studies", "DE", "total studies"),
        ("total_reports", "DE", "total reports"),
        ("previous_reports", "A", "reports of the previous version"),
        ("previous_studies", "A", "studies of the previous version"),
    ],
)
def test_what_does_not_hold_is_named(records, box, ids, said):
    boxes = previous.boxes(BEFORE, records, found())
    wrong = {**boxes, box: {"": frozenset(ids)}}
    assert any(said in problem for problem in previous.check(found().and_(wrong), BEFORE, records))


def test_two_lines_for_one_report_are_the_persons_affair(records):
    before = [row("Old C", "S1", record_id="C"), row("Again C", "S1", doi="10.5555/c")]
    with pytest.raises(ScopingError, match="'Old C' and 'Again C' are one report, C"):
        previous.boxes(before, records, found())


GOOD = "study,report,title,doi,mine\nS1,Marsh 2019,A title,https://doi.org/10.5555/ABC,x\n,,,,\nS1,Marsh 2020,,,\n"


@pytest.mark.parametrize("text", [GOOD, "\ufeff" + GOOD, GOOD.replace(",", ";"), GOOD.replace("\n", "\r\n")])
def test_reading(tmp_path, text):
    path = tmp_path / "reports.csv"
    path.write_bytes(text.encode())
    rows = previous.read(path)
    assert [(line["study"], line["report"], line["doi"]) for line in rows] == [
        ("S1", "Marsh 2019", "10.5555/abc"), ("S1", "Marsh 2020", ""),
    ]  # fmt: skip
    assert set(rows[0]) == set(previous.KNOWN)


WRONG = [
    ("", "has no column report and no column study"),
    ("study,title\nS1,x\n", "reports.csv:1: has no column report"),
    ("study,report\n", "names no report"),
    ("study,report\nS1,\n", "reports.csv:2: a report without its study or name"),
    ("study,report\nS1,R1\nS2,R1\n", "reports.csv:3: 'R1' stands in line 2 too"),
    ("study,report,doi\nS1,R1,10.5555/a\nS2,R2,doi:10.5555/A\n", "reports.csv:3: '10.5555/a' stands in line 2 too"),
    ("study,report\nS1,caf\u00e9\n".encode("cp1252"), "is not UTF-8 text"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_with_the_file_is_said(tmp_path, text, said):
    path = tmp_path / "reports.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScopingError) as caught:
        previous.read(path)
    assert said in str(caught.value)
    assert "; " in str(caught.value), "and what to do"


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ScopingError, match=r"is not there, and config/review\.yaml names a previous version"):
        previous.read(tmp_path / "reports.csv")
