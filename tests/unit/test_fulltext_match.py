"""Which report a file is: one sign that nothing speaks against, else a person is asked."""

from typing import Any

import pytest

from scoping.fulltext import Text
from scoping.fulltext_match import Match, Reports, find, links
from scoping.tables import Row, compact

TITLE = "Knowledge brokers in local councils"
DOI = "10.5555/kb.2020.1"
BODY = "We spoke with forty officers of six councils over two years, and watched what they did with evidence. " * 4
FIRST = f"Evidence in Practice 12 (2020) 1-20\n{TITLE}\nAnn Marsh and Bo Li\n{BODY}"


def text(*pages: str, doi: str = "") -> Text:
    """What was read; the matching looks at raw pages."""
    return Text("ok", "", pages, pages, tuple(((0, 0),) for _ in pages), doi)


@pytest.fixture
def a(make: Any) -> str:
    return str(make.id("a"))


@pytest.fixture
def b(make: Any) -> str:
    return str(make.id("b"))


@pytest.fixture
def report(make: Any, a: str) -> Row:
    row: Row = make.record(a, title=TITLE, authors=make.authors("Marsh", "Li"), year="2020", doi=DOI)
    return row


@pytest.fixture
def other(make: Any, b: str) -> Row:
    """Another report by the same authors."""
    row: Row = make.record(
        b, title="Knowledge brokers after the councils merged", authors=make.authors("Marsh", "Li"), year="2020",
        doi="10.5555/kb.2020.12",
    )  # fmt: skip
    return row


def doubt(found: Match, *ids: str) -> str:
    assert (found.record_id, found.how, found.candidates) == ("", "", tuple(sorted(ids)))
    return found.why


# the name


@pytest.mark.parametrize(
    "name",
    [
        "10.5555_kb.2020.1.pdf", "10.5555-kb.2020.1.pdf", "10.5555%2Fkb.2020.1.PDF", "10.5555:kb.2020.1 (2).pdf",
        "Marsh 2020 10.5555_kb.2020.1.docx", "sub/doi_10.5555_kb.2020.1_Marsh.html",
    ],
)  # fmt: skip
def test_a_doi_in_the_name(report: Row, other: Row, a: str, name: str) -> None:
    assert find(name, text(BODY), Reports([report, other])) == Match(a, "doi")


@pytest.mark.parametrize(
    "name", ["10.5555_kb.2020.13.pdf", "10.5555_kb.2020.1.s1.pdf", "210.5555_kb.2020.1.pdf", "10.5555_kb.2020.pdf"]
)
def test_another_doi_in_the_name(report: Row, other: Row, name: str) -> None:
    assert find(name, text(BODY), Reports([report, other])) == Match(why="no report has its title or DOI")


def test_each_doi_of_its_entries_is_the_report_s(report: Row, other: Row, a: str) -> None:
    of_proceedings = "10.5555/proceedings.7"
    file = text(f"{FIRST}\nhttps://doi.org/{of_proceedings}")
    assert "another DOI" in find("paper.pdf", file, Reports([report, other])).why, "control"
    known = Reports([{**report, "dois": compact([DOI, of_proceedings])}, other])
    assert find("paper.pdf", file, known) == Match(a, "doi")
    assert find("10.5555_proceedings.7.pdf", text(BODY), known) == Match(a, "doi")


def test_the_longest_doi_counts(report: Row, other: Row, b: str) -> None:
    assert find("10.5555_kb.2020.12.pdf", text(BODY), Reports([report, other])) == Match(b, "doi")


def test_the_id_in_the_name_counts_before_all_others(report: Row, other: Row, a: str) -> None:
    assert find(f"{a} 10.5555_kb.2020.12.pdf", text(FIRST), Reports([report, other], [])) == Match(a, "id")


# the DOI


def test_a_doi_of_the_file_itself(report: Row, other: Row, a: str) -> None:
    assert find("x.pdf", text(BODY, doi=f"doi:{DOI.upper()}"), Reports([report, other])) == Match(a, "doi")


def test_a_doi_on_the_first_two_pages_with_the_title(report: Row, other: Row, a: str) -> None:
    reports = Reports([report, other])
    assert find("x.pdf", text(f"A protocol: {FIRST}", f"https://doi.org/{DOI}."), reports) == Match(a, "doi")
    assert doubt(find("x.pdf", text(BODY, f"https://doi.org/{DOI}"), reports), a).startswith("the DOI of a report")
    assert find("x.pdf", text(BODY, BODY, DOI), reports).candidates == ()


def test_name_and_metadata_with_different_dois(report: Row, other: Row, a: str, b: str) -> None:
    found = find("10.5555_kb.2020.1.pdf", text(BODY, doi="10.5555/kb.2020.12"), Reports([report, other]))
    assert "metadata" in doubt(found, a, b)


# links


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("file", "Full Text:files/12/Marsh 2020.pdf:application/pdf"),
        ("file", r"C\:\\Users\\x\\Marsh 2020.pdf"),
        ("L1", "file:///somewhere/Marsh%202020.pdf"),
        ("L1", "internal-pdf://0123/Marsh 2020.pdf"),
        ("File Attachments", "/somewhere/snapshot.html; /somewhere/MARSH 2020.pdf"),
    ],
)
def test_a_link_in_an_export(report: Row, a: str, tag: str, value: str) -> None:
    attached = list(links([(compact([["TI", "x.pdf"], [tag, value]]), a)]))
    assert find("Marsh 2020.pdf", text(BODY), Reports([report], None, attached)) == Match(a, "link")
    assert find("arsh 2020.pdf", text(BODY), Reports([report], None, attached)).record_id == ""


def test_other_tags_are_no_links(a: str) -> None:
    assert list(links([(compact([["TI", "x.pdf"], ["UR", "http://x/y.pdf"], ["file", "no name"]]), a)])) == []


def test_a_name_that_two_files_or_two_reports_have(report: Row, other: Row, a: str, b: str) -> None:
    attached = [("files/1/full text.pdf", a), ("files/2/full text.pdf", b)]
    reports = Reports([report, other], None, attached)
    assert "several" in doubt(find("Full Text.pdf", text(BODY), reports), a, b)
    assert find("2/Full Text.pdf", text(BODY), reports, alone=False) == Match(b, "link")
    assert find("Full Text.pdf", text(BODY), reports, alone=False).candidates == ()


# the title


def test_a_title_with_author_and_year(report: Row, other: Row, a: str) -> None:
    assert find("x.pdf", text(FIRST), Reports([report, other])) == Match(a, "title")


@pytest.mark.parametrize(
    "first",
    [
        FIRST.replace("brokers in local", "bro\ufffe\nkers in\r\nLOCAL"),
        FIRST.replace("councils\n", "councils*\n"),
        FIRST.replace("brokers", "broker's"),
        FIRST.replace("in local councils", "in lokal councils"),
        FIRST.replace("2020", "x").replace("Ann Marsh and", "by A. Marsh"),
        FIRST.replace("Marsh", "M.").replace("Li", "L."),
        FIRST.replace("Evidence in Practice 12 (2020) 1-20\n", "Original Article: ").replace("\nAnn", " (2021)\nAnn")
        .replace(" (2021)\n", "\n2021\n"),
    ],
)  # fmt: skip
def test_a_title_as_it_is_typeset(report: Row, a: str, first: str) -> None:
    assert find("x.pdf", text(first), Reports([report])) == Match(a, "title")


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (FIRST.replace("councils\n", "councils: a protocol\n"), "part of another line"),
        (FIRST.replace("councils\n", "councils:\nA story\n"), "part of another line"),
        (FIRST.replace("councils\n", "councils\nA study protocol\n"), "part of another line"),
        (FIRST.replace("councils\n", "councils\nand hospitals\n"), "part of another line"),
        (FIRST.replace("Knowledge brokers", "Comment on\nKnowledge brokers"), "part of another line"),
        (FIRST.replace("Knowledge brokers", "A second look at Knowledge brokers"), "part of another line"),
        (f"Another work\n{BODY}\nMarsh A (2020). {TITLE}. Evidence in Practice 12.", "part of another line"),
        (FIRST + "\nhttps://doi.org/10.5555/other", "another DOI (10.5555/other)"),
        (FIRST.replace("2020", "2014"), "the years 2014 only"),
        (
            FIRST.replace("2020", "x").replace("Marsh", "Nobody").replace("Li", "Noone"),
            "neither an author nor the year",
        ),
        (FIRST.replace("local councils", "rural councils"), "only like"),
        (FIRST.replace("in local", "not in local"), "only like"),
    ],
)
def test_what_speaks_against_a_title(report: Row, a: str, first: str, why: str) -> None:
    assert why in doubt(find("x.pdf", text(first), Reports([report])), a)


def test_another_report_by_the_same_authors(report: Row, a: str) -> None:
    first = FIRST.replace(TITLE, "Knowledge brokers after the councils merged").replace("12 (2020)", "13 (2020)")
    assert find("Marsh 2020.pdf", text(first), Reports([report])) == Match(why="no report has its title or DOI")
    cites = text(first, f"as we showed (Marsh and Li 2020, https://doi.org/{DOI})")
    assert doubt(find("Marsh 2020.pdf", cites, Reports([report])), a)


def test_two_reports_with_the_title(make: Any, report: Row, a: str, b: str) -> None:
    twin = {**report, "record_id": b, "content_ids": compact([b]), "doi": ""}
    assert doubt(find("x.pdf", text(FIRST), Reports([report, twin])), a, b).startswith("several reports have its title")
    assert find("x.pdf", text(FIRST), Reports([report, twin], [b])) == Match(b, "title")


def test_a_longer_title_counts_before_one_that_is_part_of_it(make: Any, report: Row, b: str) -> None:
    longer = make.record(b, title=f"{TITLE}: a protocol", authors=make.authors("Marsh"), year="2020")
    first = FIRST.replace("councils\n", "councils: a protocol\n")
    assert find("x.pdf", text(first), Reports([report, longer])) == Match(b, "title")
    assert "not included" in doubt(find("x.pdf", text(first), Reports([report, longer], [report["record_id"]])), b)


def test_parts_of_a_series_are_asked_about(make: Any, a: str) -> None:
    record = make.record(
        a, title="Evidence officers in county councils, part 1", authors=make.authors("Marsh"), year="2020"
    )
    first = FIRST.replace(TITLE, "Evidence officers in county councils, part 2")
    assert "only like" in doubt(find("x.pdf", text(first), Reports([record])), a)


def test_a_report_that_was_not_sought(report: Row, a: str) -> None:
    for name, what in (("x.pdf", text(FIRST)), ("x.pdf", text(BODY, doi=DOI)), ("10.5555_kb.2020.1.pdf", text(BODY))):
        assert "not included at title and abstract" in doubt(find(name, what, Reports([report], [])), a)


def test_a_short_title_proves_nothing(make: Any, a: str) -> None:
    short = make.record(a, title="Editorial", authors=make.authors("Marsh"), year="2020")
    assert find("x.pdf", text(f"Editorial\nMarsh 2020\n{BODY}"), Reports([short])).candidates == ()


def test_a_cover_page_is_passed_over(report: Row, a: str) -> None:
    assert find("x.pdf", text("Downloaded from a library", FIRST), Reports([report])) == Match(a, "title")


def test_nothing_to_match(report: Row) -> None:
    assert find("x.pdf", Text("failed", "damaged"), Reports([report])) == Match(why="no report has its title or DOI")
