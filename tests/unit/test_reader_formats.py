"""The formats whose entries are XML elements, JSON items, numbered records, rows of workbooks or files of an archive."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping.errors import ScopingError
from scoping.export_settings import TableField
from scoping.normalise import Author
from scoping.readers import Parsed, columns, containers, parse
from scoping.readers.explain import lines
from scoping.readers.fields import Fields, fields
from scoping.readers.source import Source

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
EXPORTS = FIXTURES / "exports"
EXPECTED: dict[str, dict[str, object]] = json.loads((FIXTURES / "expected_entries.json").read_text(encoding="utf-8"))


def fixture(name: str) -> bytes:
    return (EXPORTS / name).read_bytes()


def mapped(parsed: Parsed, named: dict[str, str] | None = None) -> list[Fields]:
    return [fields(parsed.format, parsed.dialect, entry.tags, named) for entry in parsed.entries]


def said(found: Fields) -> dict[str, object]:
    """The fields that say something, in the form of the file of expectations."""
    people = [", ".join(part for part in (a.family or a.literal, a.given) if part) for a in found.authors]
    plain = {name: getattr(found, name) for name in Fields._fields if name not in {"authors", "problems"}}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in plain.items() if value},
        **({"authors": people} if people else {}),
    }


def workbook(*tabs: tuple[str, Iterable[Iterable[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tabs:
        tab = book.create_sheet(name)
        for row in rows:
            tab.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    return out.getvalue()


# --- what stands in our fixtures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_entries_of_a_fixture(name: str) -> None:
    parsed = parse(fixture(name))
    wanted = EXPECTED[name]
    assert (parsed.format, parsed.dialect) == (wanted["format"], wanted["dialect"])
    assert len(parsed.entries) == parsed.markers
    assert [said(each) for each in mapped(parsed)] == wanted["entries"]


def test_every_fixture_has_its_entries_written_down() -> None:
    assert {path.name for path in EXPORTS.iterdir()} == set(EXPECTED)


# --- XML -------------------------------------------------------------------------------------------------------------


def test_the_way_to_every_value_is_kept() -> None:
    tags = parse(fixture("pubmed.xml")).entries[0].tags
    assert ("MedlineCitation/Article/AuthorList/Author[2]/LastName", "de la Cruz") in tags
    assert ("MedlineCitation/Article/ELocationID[2]/@EIdType", "doi") in tags
    assert ("MedlineCitation/Article/ArticleTitle", "Deliberation in three H2O councils.") in tags


def test_a_broken_record_costs_no_other() -> None:
    text = fixture("endnote.xml").decode()
    cut = parse(text.replace("</record><record>", "<record>").encode())
    assert [entry.problems for entry in cut.entries] == [("the element is not closed",), ()]
    assert [each.title for each in mapped(cut)] == ["Ministers and evidence & us", "Second <record>"]
    wrong = parse(text.replace("Second &lt;", "Caf&eacute; & \x02 &lt;").encode())
    assert mapped(wrong)[0].title == "Ministers and evidence & us"
    assert mapped(wrong)[1].title == "Café & <record>"
    assert "not well-formed XML" in wrong.entries[1].problems[0]


def test_tags_in_comments_and_cdata_are_no_records() -> None:
    text = (
        fixture("endnote.xml")
        .decode()
        .replace("<pages>", "<!-- <record> --><notes><![CDATA[</record>]]></notes><pages>")
    )
    parsed = parse(text.encode())
    assert [each.title for each in mapped(parsed)] == ["Ministers and evidence & us", "Second <record>"]
    assert mapped(parsed)[0].notes == "</record>"
    assert parsed.markers == 2


def test_document_types_may_declare_no_entities(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", encoding="utf-8")
    record = (
        "<xml><records><record><rec-number>1</rec-number><titles><title>&x;</title></titles></record></records></xml>"
    )
    for entity in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', '<!ENTITY y "ha"><!ENTITY x "&y;&y;">'):
        with pytest.raises(ScopingError, match="declares entities"):
            parse(f"<?xml version='1.0'?><!DOCTYPE xml [{entity}]>{record}".encode())
    (entry,) = parse(record.encode()).entries
    assert "SECRET" not in str(entry.tags)


def test_one_byte_encodings_that_xml_declares_are_taken() -> None:
    text = '<?xml version="1.0" encoding="windows-1251"?><xml><records><record><rec-number>1</rec-number>'
    text += "<titles><title>Знание</title></titles></record></records></xml>"
    assert mapped(parse(text.encode("cp1251")))[0].title == "Знание"


@pytest.mark.parametrize(
    "text",
    [
        "<xml><records><record><rec-number>" + "<a>" * 100_000,
        "<xml><records>" + "<record><rec-number>" * 20_000,
        "<xml><records><record><rec-number>" + "<!--" * 300_000,
        '<xml><records><record><rec-number a="' + "x='" * 300_000,
        "[" * 200_000 + '{"title": "T"}',
        '[{"title": "T", "a": ' + "[" * 200_000,
        '[{"title": "' + '\\"' * 300_000,
        '{"items": ' * 20_000,
        '[{"title": ' * 3_000,
    ],
    ids=range(9),
)
def test_hostile_texts_end(text: str) -> None:
    try:
        parsed = parse(text.encode())
    except ScopingError:
        return
    mapped(parsed)


# --- JSON ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '[{"type":"book","title":"One"},{"type":"book","title":"Two"}]',
        '{"items":[{"type":"book","title":"One"},{"type":"book","title":"Two"}]}',
        '{"type":"book","title":"One"}\n{"type":"book","title":"Two"}\n',
        '[{"type":"book","title":"One","items":[{"title":"x"}]},{"type":"book","title":"Two"}]',
    ],
)
def test_arrays_wrappers_and_lines_of_json(text: str) -> None:
    parsed = parse(text.encode())
    assert [each.title for each in mapped(parsed)] == ["One", "Two"]
    assert parsed.markers == 2


def test_a_broken_item_costs_no_other() -> None:
    text = '[{"type":"book","title":"One"},{"type":"book","title": oops},{"type":"book","title":"Three"}]'
    parsed = parse(text.encode())
    assert [each.title for each in mapped(parsed)] == ["One", "", "Three"]
    assert [bool(entry.problems) for entry in parsed.entries] == [False, True, False]


def test_json_of_another_kind_is_refused() -> None:
    with pytest.raises(ScopingError, match="JSON of another kind"):
        parse(b'{"name": "scoping", "version": 1}')


# --- workbooks and archives ------------------------------------------------------------------------------------------

TABLE = [
    ["A report of hits"],
    [],
    ["Title", "Authors", "Year", "DOI"],
    ["Councils, and us", "Marsh, A.; Osei, K.", 2020, "10.5555/a"],
    [],
    ["Second\nline", "Velde, P.", 2021, None],
]


def test_rows_of_a_workbook() -> None:
    parsed = parse(workbook(("Notes", [["made in spring"]]), ("Hits", TABLE)))
    assert (parsed.format, parsed.encoding, parsed.member) == ("table", "workbook", "Hits")
    assert [(entry.line_start, entry.byte_end) for entry in parsed.entries] == [(4, 0), (6, 0)]
    assert [(each.title, each.year) for each in mapped(parsed)] == [
        ("Councils, and us", "2020"),
        ("Second line", "2021"),
    ]
    assert len(parsed.entries) == parsed.markers
    assert [(issue.code, issue.line) for issue in parsed.issues] == [("header", 1), ("header", 3), ("other-tab", 1)]
    assert parsed.issues[2].text == "made in spring"


def test_a_workbook_without_references_is_refused() -> None:
    with pytest.raises(ScopingError, match="no tab of this workbook"):
        parse(workbook(("Budget", [["Item", "Price"], ["Pen", 2]])))
    with pytest.raises(ScopingError, match="damaged"):
        parse(b"PK\x03\x04rest")


def test_the_one_export_in_an_archive() -> None:
    packed = archive(
        **{"articles.csv": fixture("table.csv"), "customizations_log.csv": b"article_id,key,value\n1,a,b\n"}
    )
    parsed = parse(packed)
    assert (parsed.member, parsed.dialect, len(parsed.entries)) == ("articles.csv", "embase", 2)
    assert [issue.code for issue in parsed.issues][-1] == "other-file"
    assert mapped(parsed) == mapped(parse(fixture("table.csv")))


def test_archives_that_are_not_read() -> None:
    with pytest.raises(ScopingError, match="holds 2 exports"):
        parse(archive(**{"a.ris": fixture("scopus.ris"), "b.ris": fixture("ovid.ris")}))
    with pytest.raises(ScopingError, match="holds no export"):
        parse(archive(**{"a.txt": b"nothing here"}))
    with pytest.raises(ScopingError, match="is an archive, too"):
        parse(archive(**{"a.zip": archive(**{"b.ris": fixture("scopus.ris")})}))
    with pytest.raises(ScopingError, match="unpacks from"):
        parse(archive(**{"bomb.csv": b"0" * 20_000_000}))
    with pytest.raises(ScopingError, match="unpacks from"):
        parse(archive(**{"[Content_Types].xml": b"0" * 20_000_000}))


def test_names_in_an_archive_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert parse(archive(**{"../../escape.ris": fixture("scopus.ris")})).member == "../../escape.ris"
    assert list(tmp_path.rglob("*")) == [inner]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_workbook_or_archive_cut_anywhere_never_crashes(data: st.DataObject) -> None:
    whole = archive(**{"articles.csv": fixture("table.csv")})
    place = data.draw(st.integers(0, len(whole)))
    byte = data.draw(st.binary(max_size=3))
    for piece in (whole[:place], whole[:place] + byte + whole[place + len(byte) :]):
        with suppress(ScopingError):
            mapped(parse(piece))


# --- columns that a person names -------------------------------------------------------------------------------------

GERMAN = "Nr;Überschrift;Wer;Wann\n1;Räte und Wissen;Marsh, A.;2020\n"


def test_declared_columns_of_a_table() -> None:
    named = {"title": "Überschrift", "authors": "wer", "year": "Wann"}
    with pytest.raises(ScopingError, match="not known"):
        parse(GERMAN.encode())
    parsed = parse(GERMAN.encode(), columns=named)
    (row,) = mapped(parsed, named)
    assert (row.title, row.authors, row.year) == ("Räte und Wissen", (Author("Marsh", "A."),), "2020")
    with pytest.raises(ScopingError, match=r"no column 'Titel'; its columns are Title, Year"):
        parse(b"Title,Year\nT,2020\n", columns={"title": "Titel"})


def test_a_declared_column_outdoes_a_known_one() -> None:
    row = [("Title", "Short"), ("Long title", "The whole"), ("Year", "2020")]
    assert fields("table", "", row, {"title": "Long title"}).title == "The whole"
    assert fields("table", "", row).title == "Short"


def test_what_may_be_declared_are_fields_of_tables() -> None:
    assert set(get_args(TableField)) <= set(columns.SYNONYMS)


# what else the same programs write: other languages, older layouts, columns that may be left out
LAYOUTS = {
    "Scopus in Chinese": "作者,标题,年份,来源出版物名称,卷,期,起始页码,结束页码,DOI,EID\nMarsh A.; Osei K.,Councils,2020,J,1,2,3,9,10.5555/a,2-s2.0-1\n",
    "Scopus without authors' full names": "Authors,Title,Year,Source title,Page start,Page end,DOI,EID\n\"Marsh A., Osei K.\",Councils,2020,J,3,9,10.5555/a,2-s2.0-1\n",
    "Spanish": "Título;Autores;Año;Revista;Páginas;DOI\nCouncils;\"Marsh, A.; Osei, K.\";2020;J;3-9;10.5555/a\n",
    "French": "Titre;Auteurs;Année;Revue;Pages;DOI\nCouncils;\"Marsh, A.; Osei, K.\";2020;J;3-9;10.5555/a\n",
    "German": "Titel;Autor;Jahr;Zeitschrift;Seiten;DOI\nCouncils;\"Marsh, A.; Osei, K.\";2020;J;3-9;10.5555/a\n",
    "letters and accents apart": "Ti\u0301tulo,Autores,An\u0303o,Revista,Pa\u0301ginas,DOI\nCouncils,\"Marsh, A.; Osei, K.\",2020,J,3-9,10.5555/a\n",
    "VHL": "ID,Title,Authors,Source,Journal,Database,Type,Language,Publication year,Descriptor(s),Fulltext URL,Abstract,DOI\nx-1,Councils,\"Marsh, A.; Osei, K.\",J 1(2):3-9,J,LILACS,article,en,2020,policy,,,10.5555/a\n",
    "ProQuest": "Title,Abstract,StoreId,Authors,digitalObjectIdentifier,documentURL,pubtitle,startPage,year\nCouncils,They met.,1,\"Marsh, A.; Osei, K.\",10.5555/a,,J,3,2020\n",
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_other_layouts_and_languages_of_tables(name: str) -> None:
    (row,) = mapped(parse(LAYOUTS[name].encode()))
    assert (row.title, row.year, row.journal, row.doi) == ("Councils", "2020", "J", "10.5555/a")
    assert [author.family for author in row.authors] == ["Marsh", "Osei"]


def test_a_record_of_endnote_whose_type_has_only_a_number() -> None:
    record = "<xml><records><record><rec-number>1</rec-number><ref-type>{}</ref-type><titles><title>T</title></titles></record></records></xml>"
    kinds = [mapped(parse(record.format(number).encode()))[0].type for number in ("17", "32", "999")]
    assert kinds == ["article-journal", "thesis", "document"]


# --- explained -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_fixture_is_explained(name: str) -> None:
    parsed = parse(fixture(name))
    told = list(lines(parsed))
    assert told[0].startswith(f"format    {parsed.format}: ")
    assert len(told[0]) > len(f"format    {parsed.format}: "), "the reason is missing"
    assert f"{len(parsed.entries)} read, {parsed.markers} counted" in "\n".join(told)
    assert any(line.startswith("entry 1, line ") for line in told)


# --- real exports, where they are ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "family",
    ["cochrane_text", "csl_json", "dspace_xml", "endnote_xml", "enw", "ovid_tagged", "ovid_text", "pubmed_xml", "wos_xls", "xlsx", "zotero_json", "zotero_rdf"],
)  # fmt: skip
def test_corpus_is_read_exactly(family: str, shared_data: Callable[[str], Path]) -> None:
    import csv

    folder = shared_data("exports")
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["file"].split("/")[0] == family]
    for row in rows:
        data = (folder / row["file"]).read_bytes()
        if row["n_verified"] == "0":
            with pytest.raises(ScopingError, match="holds no entry"):
                parse(data)
            continue
        parsed = parse(data)
        mapped(parsed)
        assert (len(parsed.entries), parsed.markers) == (int(row["n_verified"]),) * 2, row["file"]


def test_limits_of_workbooks_are_those_of_exports() -> None:
    assert containers.LIMITS.rows == 200_000


# --- rows that are no entries ----------------------------------------------------------------------------------------

LABELS = """(internal) id,(source) id,keywords,abstract,title,authors
1,7,,They met.,First of all,"Marsh, A."
citations that are not yet labelled
(internal) id,(source) id,keywords,abstract,title,authors
2,8,,They left.,Second of all,"Osei, K."
3
"""


def test_headers_that_come_again_and_rows_of_one_cell_are_issues() -> None:
    parsed = parse(LABELS.encode())
    assert [each.title for each in mapped(parsed)] == ["First of all", "Second of all", ""]
    assert [(issue.line, issue.code) for issue in parsed.issues] == [(1, "header"), (3, "section"), (4, "header")]
    assert parsed.markers == 3
    titles = parse(b"Title,Authors,Year,DOI\nOne word,,,\nOnly\nThird,,,\n")
    assert [each.title for each in mapped(titles)] == ["One word", "Only", "Third"]
    assert titles.markers == 3


def test_json_under_any_name_and_the_older_set_of_pubmed() -> None:
    items = '{"made": "today", "papers": [{"type": "book", "title": "One"}, {"type": "book", "title": "Two"}]}'
    assert [each.title for each in mapped(parse(items.encode()))] == ["One", "Two"]
    own = '{"author": [{"family": "Marsh", "title": "Dr"}], "title": "One", "type": "book"}'
    assert len(parse(f"[{own}, {own}]".encode()).entries) == 2
    inner = fixture("pubmed.xml").decode().partition("<MedlineCitation ")[2].partition("</MedlineCitation>")[0]
    older = parse(f"<MedlineCitationSet><MedlineCitation {inner}</MedlineCitation></MedlineCitationSet>".encode())
    (entry,) = mapped(older)
    assert (entry.accession, entry.title, older.markers) == ("pmid:90000017", "Deliberation in three H2O councils.", 1)


def test_places_in_a_file_of_one_line_are_right_in_any_order() -> None:
    source = Source(("né; é" * 50 + "\nü end").encode())
    places = [7, 3, 250, 252, 9, 0, 251, 249]
    assert [source.byte_at(place) for place in places] == [len(source.text[:place].encode()) for place in places]


def test_a_file_of_any_size_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = fixture("scopus.ris")
    monkeypatch.setattr("scoping.readers.LARGEST", len(data))
    assert len(parse(data).entries) == 2
    with pytest.raises(ScopingError, match="no export is read beyond"):
        parse(data + b"\n")


def test_rdf_without_types_of_items() -> None:
    text = re.sub(r"<z:itemType>(?!attachment)\w+</z:itemType>", "", fixture("zotero.rdf").decode())
    text = re.sub(r"(?s)    <z:Attachment.*?</z:Attachment>\n", "", text)
    parsed = parse(text.encode())
    assert [(each.title, each.type) for each in mapped(parsed)] == [
        ("Uptake of guidance", "document"),
        ("A chapter", "document"),
    ]
    assert parsed.markers == 2
