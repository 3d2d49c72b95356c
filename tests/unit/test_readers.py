"""The export readers: every entry, every byte, every oddity that was seen in real files."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping.errors import ScopingError
from scoping.normalise import Author
from scoping.readers import Parsed, parse
from scoping.readers.fields import Fields, fields

EXPORTS = Path(__file__).resolve().parents[1] / "fixtures" / "exports"
FIXTURES = sorted(path.name for path in EXPORTS.iterdir())
FORMATS = ("ris", "nbib", "wos_tagged", "bibtex", "biblatex", "csv", "tsv", "wos_tsv")
UNREAD: dict[str, str] = {}  # files of the corpus that are not read exactly, and why


def fixture(name: str) -> bytes:
    return (EXPORTS / name).read_bytes()


def read(text: str) -> Parsed:
    return parse(text.encode())


def mapped(parsed: Parsed) -> list[Fields]:
    return [fields(parsed.format, parsed.dialect, entry.tags) for entry in parsed.entries]


def assert_covered(data: bytes, parsed: Parsed) -> None:
    """Every non-blank byte belongs to exactly one entry or issue; a byte order mark is none."""
    spans = [(entry.byte_start, entry.byte_end) for entry in parsed.entries]
    spans += [(issue.byte, issue.byte_end) for issue in parsed.issues if issue.byte_end > issue.byte]
    spans.sort()
    blank = b" \t\r\n\x00\xff\xfe" if parsed.encoding.startswith("utf-16") else b" \t\r\n"
    skip = 3 if parsed.encoding == "utf-8-sig" else 2 if data[:2] in (b"\xff\xfe", b"\xfe\xff") else 0
    position = skip
    for start, end in [*spans, (len(data), len(data))]:
        assert position <= start, "two spans overlap"
        assert not data[position:start].strip(blank), f"nobody owns {data[position:start]!r}"
        position = end


def assert_sound(data: bytes, parsed: Parsed) -> None:
    assert_covered(data, parsed)
    codec = parsed.encoding if parsed.encoding != "utf-8-sig" else "utf-8"
    damaged = any(issue.code == "undecodable" for issue in parsed.issues)
    for number, entry in enumerate(parsed.entries, 1):
        assert entry.number == number
        assert entry.line_start <= entry.line_end
        if not damaged:
            assert data[entry.byte_start : entry.byte_end].decode(codec) == entry.raw


# --- the formats -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "format_", "dialect", "number"),
    [
        ("scopus.ris", "ris", "scopus", 2),
        ("ovid.ris", "ris", "ovid", 2),
        ("broken.ris", "ris", "", 4),
        ("pubmed.txt", "nbib", "pubmed", 2),
        ("eric.nbib", "nbib", "eric", 2),
        ("wos.txt", "wos_tagged", "wos", 2),
        ("zotero.bib", "bibtex", "zotero", 3),
        ("table.csv", "table", "embase", 2),
        ("semicolon.csv", "table", "", 1),
    ],
)
def test_fixture(name: str, format_: str, dialect: str, number: int) -> None:
    data = fixture(name)
    parsed = parse(data)
    assert (parsed.format, parsed.dialect, len(parsed.entries), parsed.markers) == (format_, dialect, number, number)
    assert_sound(data, parsed)


def test_ris_fields() -> None:
    first, second = mapped(parse(fixture("scopus.ris")))
    assert first == Fields(
        type="article-journal",
        title="Knowledge brokers in district health teams: a scoping review",
        abstract="We asked who carries evidence. Eleven teams answered.",
        authors=(Author("Mensah", "A."), Author("van der Velde", "P.Q.")),
        year="2021",
        journal="Invented Journal of Policy",
        volume="12",
        issue="3",
        pages="101-109",
        doi="10.5555/brokers.2021.001",
        doi_raw="10.5555/Brokers.2021.001",
        accession="scopus:2-s2.0-85000000001",
        url="https://www.scopus.com/inward/record.uri?eid=2-s2.0-85000000001&doi=10.5555%2fbrokers.2021.001&partnerID=40",
        keywords=("brokering", "district health"),
        notes="Export Date: 3 May 2024; Cited By: 4",
    )
    assert (second.type, second.title, second.journal) == (
        "paper-conference",
        "",
        "Proceedings of the Invented Meeting",
    )
    assert second.problems == ("TI says 'No Title'; read as empty",)


def test_ovid_numbers_and_text_between_entries_are_issues() -> None:
    parsed = parse(fixture("ovid.ris"))
    assert [issue.code for issue in parsed.issues] == ["numbering", "between-entries"]
    assert "Link to the Ovid" in parsed.issues[1].text
    first, second = mapped(parsed)
    assert (first.year, first.abstract, first.doi) == (
        "2018",
        "BACKGROUND: Ministries ask for answers.",
        "10.5555/rapid.2",
    )
    assert (second.year, second.type, second.authors) == (
        "2020",
        "report",
        (Author(literal="Health Evidence Network"),),
    )


def test_nbib_fields() -> None:
    first, second = mapped(parse(fixture("pubmed.txt")))
    assert first.title == "Deliberative dialogues for nutrition policy."
    assert first.abstract == "Line one of the abstract goes on here."
    assert first.authors == (
        Author("Okafor", "Ngozi B"),
        Author("de la Cruz", "José"),
        Author(literal="Dialogue Study Group"),
    )
    assert (first.accession, first.pmid, first.doi) == ("pmid:90000001", "90000001", "10.5555/dialogue.7")
    assert (first.pages, first.year, first.type, second.type) == ("454-481", "2022", "article-journal", "article")
    assert [entry.accession for entry in mapped(parse(fixture("eric.nbib")))] == ["eric:ej1234567", "eric:ed7654321"]


def test_wos_fields() -> None:
    parsed = parse(fixture("wos.txt"))
    assert [(issue.code, issue.text) for issue in parsed.issues] == [
        ("header", "FN Clarivate Analytics Web of Science\nVR 1.0"),
        ("footer", "EF"),
    ]
    first, second = mapped(parsed)
    assert (first.title, first.accession, first.pmid) == (
        "Policy briefs that were read",
        "wos:000400000000001",
        "90000003",
    )
    assert first.authors == (Author("Brandt", "Lena Maria"), Author("Osei", "Kwame"))
    assert (first.keywords, first.pages, first.doi) == (("briefs", "policy"), "12-19", "10.5555/briefs.4")
    assert (second.type, second.year) == ("paper-conference", "2011")


def test_types_of_older_files_are_words() -> None:
    parsed = parse(b"FN ISI Export Format\nVR 1.0\nPT Journal\nAU Marsh, A\nTI T\nER\n\nPT Book\nTI U\nER\n\nEF\n")
    assert (parsed.format, len(parsed.entries), parsed.markers) == ("wos_tagged", 2, 2)


def test_bibtex_fields() -> None:
    parsed = parse(fixture("zotero.bib"))
    first, second, third = mapped(parsed)
    assert first.title == "Uptake of WHO guidance & café meetings"
    assert first.authors == (
        Author("Müller", "Jörg"),
        Author(literal="World Health Organization"),
        Author("van Dijk", "Piet"),
    )
    assert (first.journal, first.year, first.pages) == ("Invented Journal of Policy", "2016", "53-61")
    assert (first.issue, first.doi, first.keywords) == ("2", "10.5555/uptake_1", ("policy", "uptake"))
    assert (second.type, second.title, second.year) == ("paper-conference", "Second entry on the same line", "2014")
    assert [value for tag, value in parsed.entries[1].tags if tag == "title"][1] == "Repeated title"
    assert dict(parsed.entries[1].tags)["@key"] == "two words"
    assert (third.type, third.publisher) == ("thesis", "Invented University")
    assert [issue.code for issue in parsed.issues] == ["header"]


def test_na_is_a_family_name_in_bibtex_and_alone_it_is_nothing() -> None:
    (named,) = mapped(parse(b"@article{x, author = {Na, Wonjun and Lee, A.}, title = {Something}}"))
    assert named.authors == (Author("Na", "Wonjun"), Author("Lee", "A."))
    (nobody,) = mapped(parse(b"@article{x, author = {NA}, title = {Something}}"))
    assert nobody.authors == ()


def test_table_fields() -> None:
    parsed = parse(fixture("table.csv"))
    assert [issue.code for issue in parsed.issues] == ["header", "header", "empty-row"]
    first = mapped(parsed)[0]
    assert first.title == 'Brokers, "boundary spanners" and us'
    assert first.abstract == "First line. Second line, after a break."
    assert first.authors == (Author("Mensah", "A."), Author("van der Velde", "P.Q."))
    assert (first.pages, first.doi, first.accession) == ("101-109", "10.5555/brokers.2021.001", "")
    assert parsed.entries[1].problems == ("2 cells below a header of 9",)


def test_a_table_names_the_source_of_each_row() -> None:
    (row,) = mapped(parse(fixture("semicolon.csv")))
    assert (row.source_hint, row.title, row.type, row.doi) == ("pubmed", "Études de cas", "report", "10.5555/etudes")


# --- mapping rules by dialect ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "tags", "name", "expected"),
    [
        ("", [("JF", "Full"), ("JO", "Full Name"), ("T2", "Third")], "journal", "Full"),
        ("ebsco", [("JO", "Nature Studies"), ("T2", "A subtitle")], "journal", "Nature Studies"),
        ("", [("JO", "Nat. Stud."), ("T2", "Nature Studies")], "journal", "Nature Studies"),
        ("", [("J2", "Nat. Stud."), ("JA", "N S")], "journal", "Nat. Stud."),
        ("", [("PY", "2001"), ("DA", "2002/01"), ("Y1", "2003"), ("Y2", "2004")], "year", "2001"),
        ("", [("DA", "2002/01//"), ("Y1", "2003")], "year", "2002"),
        ("", [("Y2", "2004")], "year", ""),
        ("", [("AB", "NA"), ("N2", "Real text")], "abstract", "Real text"),
        ("", [("AB", "One."), ("AB", "Two."), ("N2", "Other")], "abstract", "One. Two."),
        ("", [("L3", "10.5555/l3")], "doi", "10.5555/l3"),
        ("", [("DO", "<br />"), ("M3", "doi: 10.5555/m3")], "doi", "10.5555/m3"),
        ("", [("UR", "https://doi.org/10.5555/ur")], "doi", "10.5555/ur"),
        ("", [("AN", "123")], "accession", ""),
        ("ebsco", [("AN", "2023-15354-001"), ("DB", "psyh"), ("DP", "EBSCOhost")], "accession", "psyh:2023-15354-001"),
        ("", [("AN", "90000001"), ("DB", "Ovid MEDLINE(R) <2022>")], "accession", "pmid:90000001"),
        ("wos", [("AN", "WOS:000391862900014")], "accession", "wos:000391862900014"),
        ("cochrane", [("AN", "CN-00778158")], "accession", "cochrane:cn-00778158"),
        ("", [("AN", "EJ1234567"), ("DB", "ERIC")], "accession", "eric:ej1234567"),
        ("scopus", [("C2", "38580657")], "pmid", "38580657"),
        ("", [("TI", "<i>E. coli</i> &amp; us: p < 0.05")], "title", "E. coli & us: p < 0.05"),
        ("", [("KW", "one; two"), ], "keywords", ("one", "two")),
        ("", [("SP", "101"), ("EP", "9")], "pages", "101-109"),
        ("", [("J1", "Nat. Stud.")], "journal", "Nat. Stud."),
        ("", [("TI", "No Title"), ("TT", "Own words")], "title", "Own words"),
        ("", [("AU", "Tang, D and Sui, G")], "authors", (Author("Tang", "D"), Author("Sui", "G"))),
        ("", [("AU", ","), ("AU", "Marsh, A.")], "authors", (Author("Marsh", "A."),)),
    ],
)  # fmt: skip
def test_ris_mapping(dialect: str, tags: list[tuple[str, str]], name: str, expected: object) -> None:
    assert getattr(fields("ris", dialect, [("TY", "JOUR"), *tags]), name) == expected


@pytest.mark.parametrize(
    ("row", "name", "expected"),
    [
        ([("PubMed ID", "123456.0")], "pmid", "123456"),
        ([("EID", "2-s2.0-1")], "accession", "scopus:2-s2.0-1"),
        ([("UT (Unique WOS ID)", "WOS:000400000000001")], "accession", "wos:000400000000001"),
        ([("Authors", "Short A."), ("Author full names", "Long, Anna (123); Two, Bea (5)")], "authors",
         (Author("Long", "Anna (123)"), Author("Two", "Bea (5)"))),
        ([("authors", "['Marx, Karl', 'Lindgren, Astrid']")], "authors",
         (Author("Marx", "Karl"), Author("Lindgren", "Astrid"))),
        ([("Authors", "Anna Berg, Ben Cole")], "authors", (Author("Berg", "Anna"), Author("Cole", "Ben"))),
        ([("Document Type", "Conference Paper")], "type", "paper-conference"),
        ([("Journal/Book", "J")], "type", "article-journal"),
        ([("Accession Number", "9"), ("Database", "CINAHL")], "accession", "cinahl:9"),
    ],
)  # fmt: skip
def test_table_mapping(row: list[tuple[str, str]], name: str, expected: object) -> None:
    assert getattr(fields("table", "", row), name) == expected


def test_and_alone_parts_people_in_the_tables_of_rayyan() -> None:
    row = [("authors", "Olaya Escobar, Erika Sofía and Invented Council")]
    assert fields("table", "rayyan", row).authors == (
        Author("Olaya Escobar", "Erika Sofía"),
        Author(literal="Invented Council"),
    )


def test_a_table_that_parts_people_by_semicolons_leaves_the_comma_within_a_name() -> None:
    row = [("Author full names", "Olaya Escobar, Erika Sofía")]
    assert fields("table", "scopus", row).authors == (Author("Olaya Escobar", "Erika Sofía"),)


def test_a_journal_named_as_its_article_is_kept_and_the_title_of_a_book_is_no_journal() -> None:
    article = [("@type", "article"), ("title", "Policy"), ("journal", "Policy")]
    assert fields("bibtex", "", article).journal == "Policy"
    book = [("@type", "proceedings"), ("title", "A meeting"), ("booktitle", "A meeting")]
    assert fields("bibtex", "", book).journal == ""


def test_authors_of_scopus_and_springer_tables() -> None:
    names = [("Author full names", "Long, Anna (57202138757); Two, Bea (5)")]
    assert fields("table", "scopus", names).authors == (Author("Long", "Anna"), Author("Two", "Bea"))
    glued = fields("table", "springer", [("Authors", "Justice OparaReza Sahandi")])
    assert glued.authors == (Author(literal="Justice OparaReza Sahandi"),)
    assert glued.problems == ("authors are not separated in this export",)


# --- oddities --------------------------------------------------------------------------------------------------------


def test_a_broken_entry_is_kept_and_reading_goes_on() -> None:
    parsed = parse(fixture("broken.ris"))
    assert [entry.problems for entry in parsed.entries] == [("no end tag",), (), ("no start tag",), ("no end tag",)]
    assert dict(parsed.entries[1].tags)["TI"] == "This one has\ncontinued title"
    assert dict(parsed.entries[1].tags)["AB"] == "ER  - at the beginning of a sentence is text"
    assert (parsed.entries[1].line_start, parsed.entries[1].line_end) == (4, 8)


@pytest.mark.parametrize("name", FIXTURES)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_nothing(name: str, end: str) -> None:
    plain, other = parse(fixture(name)), fixture(name).replace(b"\n", end.encode())
    parsed = parse(other)
    assert_sound(other, parsed)
    assert parsed.markers == plain.markers
    assert [(entry.line_start, entry.line_end) for entry in parsed.entries] == [
        (entry.line_start, entry.line_end) for entry in plain.entries
    ]
    assert mapped(parsed) == mapped(plain)


@pytest.mark.parametrize("name", FIXTURES)
@pytest.mark.parametrize(
    ("codec", "bom", "label"),
    [
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_encodings_with_and_without_a_mark(name: str, codec: str, bom: bytes, label: str) -> None:
    data = bom + fixture(name).decode().encode(codec)
    parsed = parse(data)
    assert parsed.encoding == label
    assert_sound(data, parsed)
    assert mapped(parsed) == mapped(parse(fixture(name)))


def test_windows_1252_is_a_guess_that_is_said() -> None:
    data = "TY  - JOUR\nTI  - Café “Zürich”\nAU  - Müller, Jörg\nER  - \n".encode("cp1252")
    parsed = parse(data)
    assert (parsed.encoding, mapped(parsed)[0].title) == ("cp1252", "Café “Zürich”")
    (issue,) = parsed.issues
    assert (issue.code, issue.line, issue.text) == ("encoding-guessed", 2, "TI  - Café “Zürich”")
    assert_sound(data, parsed)


def test_one_wrong_byte_does_not_spoil_a_utf8_file() -> None:
    good = "".join(f"TY  - JOUR\nTI  - Zürich {number}\nER  - \n" for number in range(30)).encode()
    parsed = parse(good + b"TY  - JOUR\nTI  - caf\xe9\nER  - \n")
    assert parsed.encoding == "utf-8"
    assert mapped(parsed)[0].title == "Zürich 0"
    assert mapped(parsed)[-1].title == "café"
    assert [(issue.code, issue.line, issue.text) for issue in parsed.issues] == [("undecodable", 92, "TI  - café")]


def test_a_declared_encoding_overrules() -> None:
    data = "TY  - JOUR\nTI  - Café\nER  - \n".encode("mac_roman")
    assert mapped(parse(data, encoding="mac_roman"))[0].title == "Café"
    with pytest.raises(ScopingError, match="not known"):
        parse(data, encoding="klingon")


def test_unicode_line_separators_are_data() -> None:
    parsed = read("TY  - JOUR\nAB  - one\u2028ER  - two\x85three\x0cfour\nTI  - T\nER  - \n")
    assert len(parsed.entries) == 1
    assert dict(parsed.entries[0].tags)["AB"] == "one\u2028ER  - two\x85three\x0cfour"


def test_glued_addresses_and_bare_carriage_returns() -> None:
    parsed = read("TY  - JOUR\nTI  - T\nAD  - One\rAD  - Two\nER  - \r\n\n\rTY  - JOUR\nTI  - U\nER  - \r\n\n\r")
    assert [tag for tag, _ in parsed.entries[0].tags] == ["TY", "TI", "AD", "AD"]
    assert len(parsed.entries) == parsed.markers == 2


def test_declared_total_and_record_headers() -> None:
    head = "Record #{} of 18\nProvider: Invented Press\nContent: text/plain\n\nTY  -  JOUR\nTI  -  T\nER  -  \n\n"
    parsed = read(head.format(3) + head.format(4))
    assert (parsed.declared, len(parsed.entries)) == (18, 2)
    assert {issue.code for issue in parsed.issues} == {"numbering"}


def test_loose_tag_lines_are_accepted_only_where_the_file_is_loose() -> None:
    strict = read("TY  - JOUR\nTI  - T\nPC - based teaching\nER  - \n")
    assert dict(strict.entries[0].tags)["TI"] == "T\nPC - based teaching"
    loose = read("  TY - JOUR\n  TI - T\n  ER - \n")
    assert mapped(loose)[0].title == "T"
    assert loose.markers == 1


def test_the_content_decides() -> None:
    assert parse(fixture("wos.txt")).format == "wos_tagged"
    assert read("Title,Year\nTY  - is a tag,2020\n").format == "table"


def test_bibtex_unclosed_entry_ends_where_the_next_begins() -> None:
    parsed = read("@article{a,\n title = {One},\n note = {open\n\n@book{b,\n title={Two}\n}\n")
    assert [entry.problems[:1] for entry in parsed.entries] == [("closing brace missing",), ()]
    assert [entry.title for entry in mapped(parsed)] == ["One", "Two"]
    assert parsed.markers == 2


def test_bibtex_quotes_inside_quotes_and_early_braces() -> None:
    parsed = read('@article{a,\n abstract = "we call it "good" here, and go on",\n title = "T"\n}\n')
    assert mapped(parsed)[0].abstract == 'we call it "good" here, and go on'
    early = read("@misc{lisher},\n   year = {2015},\n   type = {Standard}\n}\n\n@misc{x, title={T}}\n")
    assert early.entries[0].problems == ("closing brace after the key",)
    assert mapped(early)[0].year == "2015"
    assert len(early.entries) == early.markers == 2


def test_bibtex_parentheses_escapes_and_comments() -> None:
    parsed = read(
        "@article(a, title = {Paren (x)})\n@article{b, title = {A \\} brace}}\n@comment{@book{c, title={No}}}\n"
    )
    assert [entry.title for entry in mapped(parsed)] == ["Paren (x)", "A } brace"]
    assert parsed.markers == 3 - 1


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    parsed = read('Title,Authors,Year\n"Open,"A, B",2001\nWhole,"C, D",2002\n')
    assert [entry.title for entry in mapped(parsed)][-1] == "Whole"
    text = 'Title,Authors,Year\nFirst,"A, B",2001\n"Open,x,2002\nThird,"C, D",2003\n'
    data = text.encode()
    parsed = parse(data)
    assert_sound(data, parsed)
    assert any("quote not closed" in entry.problems for entry in parsed.entries)


def test_excel_formula_cells_and_quotes_in_tab_files() -> None:
    parsed = read('Article Title,ISSN,DOI\n"T, one",="1932,6208",10.5555/a\n')
    assert dict(parsed.entries[0].tags)["ISSN"] == "1932,6208"
    tabs = read('Title\tAuthors\tDOI\n"Good" practice\tA, B\t10.5555/a\nNext\tC, D\t\n')
    assert [entry.title for entry in mapped(tabs)] == ['"Good" practice', "Next"]
    assert tabs.markers == 2


def test_scopus_rows_with_a_second_funding_text_are_put_straight() -> None:
    header = "Authors,Title,DOI,Funding Text 1,Editors,Source title,EID\n"
    parsed = read(header + "A B.,T,10.5555/a,money,more money,Ed.,Journal,2-s2.0-7\n")
    (row,) = mapped(parsed)
    assert (row.journal, row.accession) == ("Journal", "scopus:2-s2.0-7")
    assert parsed.entries[0].problems == ("8 cells below a header of 7",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"hello world", "not known"),
        (b"PK\x03\x04rest", "zip archive or workbook is damaged"),
        (b"\x1f\x8brest", "a gzip archive"),
        (b"\x00" * 100, "a file of zeros"),
        (b"%PDF-1.7", "a PDF"),
        (b"<?xml version='1.0'?><records/>", "XML with the element <records>"),
        (b"<!DOCTYPE html><html><body>Hits</body></html>", "a web page"),
        (b'{"items": []}', "JSON of another kind"),
        (b"<PubmedArticleSet></PubmedArticleSet>", "holds no entry"),
        (b"Title,Authors,Year\n", "no entry"),
        (b"@string{a = {b}}\n@comment{c}\n", "no entry"),
    ],
)
def test_what_is_not_read_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(ScopingError, match=said) as caught:
        parse(data)
    assert caught.value.path is None
    assert caught.value.do


# --- properties ------------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FIXTURES), st.data())
def test_a_file_cut_anywhere_is_covered_and_never_crashes(name: str, data: st.DataObject) -> None:
    whole = fixture(name)
    start = data.draw(st.one_of(st.just(0), st.integers(0, len(whole))))
    end = data.draw(st.integers(start, len(whole)))
    codec = data.draw(st.sampled_from(["utf-8", "cp1252", "utf-16-le", "utf-8-sig"]))
    piece = whole[start:end].decode(errors="ignore").encode(codec)
    piece = piece[: data.draw(st.integers(max(0, len(piece) - 3), len(piece)))]
    try:
        parsed = parse(piece)
    except ScopingError:
        return
    assert_sound(piece, parsed)
    mapped(parsed)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(FIXTURES), min_size=1, max_size=2), st.text(max_size=30), st.integers(0, 2000))
def test_noise_anywhere_is_covered_and_never_crashes(names: list[str], noise: str, place: int) -> None:
    text = "\n".join(fixture(name).decode() for name in names)
    data = (text[:place] + noise + text[place:]).encode("utf-8", "replace")
    try:
        parsed = parse(data)
    except ScopingError:
        return
    assert_sound(data, parsed)
    mapped(parsed)


@pytest.mark.parametrize("name", FIXTURES)
def test_the_slice_of_an_entry_reads_to_the_same_tags(name: str) -> None:
    data = fixture(name)
    parsed = parse(data)
    head = b""
    if parsed.format == "table":
        head = next(issue.text for issue in parsed.issues if "header row" in issue.message).encode() + b"\n"
    if parsed.format == "zotero_rdf":
        head = parsed.issues[0].text.encode()
    if parsed.format == "bibtex":
        head = b"@string{ijp = {Invented Journal of Policy}}\n"
    for entry in parsed.entries:
        (again,) = parse(head + data[entry.byte_start : entry.byte_end]).entries
        referred = [tag for tag in entry.tags if "/Journal/" in tag[0]] if parsed.format == "zotero_rdf" else []
        assert [*again.tags, *referred] == [*entry.tags]


# --- real exports, where they are ------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FORMATS)
def test_corpus_is_read_exactly(family: str, shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("exports")
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["file"].split("/")[0] == family]
    assert rows
    wrong = []
    for row in rows:
        data = (folder / row["file"]).read_bytes()
        parsed = parse(data)
        assert_sound(data, parsed)
        mapped(parsed)
        counts = (len(parsed.entries), parsed.markers)
        if counts != (int(row["n_verified"]),) * 2 and row["file"] not in UNREAD:
            wrong.append((row["file"], row["n_verified"], *counts))
    assert not wrong
