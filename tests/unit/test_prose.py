"""Text in which every number has its key: a number without one cannot be written, and every form says the same."""

import io
import re
import zipfile

import docx
import pytest

from scoping.methods import html, markdown, word
from scoping.methods.prose import (
    Bullets,
    Document,
    Gap,
    Paragraph,
    Said,
    Section,
    Term,
    Text,
    Verbatim,
    counted,
    listed,
    measured,
    numbers,
    plain,
    prose,
    series,
    settled,
)

EVIL = "# =cmd|'/c x'!A1 <script>alert(1)</script> --> ]]> &amp; [x](http://y) `*_ \x00\x0b\u202e \"q\"\n# heading\n```\n- x"


def document() -> Document:
    """One of everything."""
    three = counted("three", ["c", "a", "b", "a"], "record", "t.csv: all")
    blocks = (
        Paragraph(prose("There were ", three.with_("record"), " ", Gap("say why"), ", ", measured("share", 0.5, "share", "t.csv", three), "."), "Lead."),
        Bullets((prose(three.spelled), prose(settled("gate", 0.75, "share", "config", percent=True)), prose(Said(EVIL, "config")))),
        Verbatim(prose(Said(EVIL, "config")), Said(EVIL, "config")),
    )  # fmt: skip
    title = prose("On ", Said(EVIL, "config"))
    return Document(title, EVIL, prose("DRAFT: ", three.with_("record")), (Section("Part", blocks),))


@pytest.mark.parametrize("text", ["3 records", "all of them²", "٣"])
@pytest.mark.parametrize("kind", [Text, Gap, Term])
def test_a_number_without_a_key_cannot_be_written(kind, text):
    with pytest.raises(ValueError, match=r"without a key|not one of the terms"):
        kind(text)


def test_nor_can_one_stand_in_a_heading_or_between_the_pieces():
    with pytest.raises(ValueError, match="without a key"):
        Section("Part 2", ())
    with pytest.raises(ValueError, match="without a key"):
        prose("Of ", f"{3} records")


def test_a_count_is_the_number_of_its_ids():
    three = counted("k", ["c", "a", "b", "a"], "record", "t.csv")
    assert (three.value, three.ids) == ("3", (("record", "a"), ("record", "b"), ("record", "c")))
    assert counted("k", map(str, range(1204)), "record", "t.csv").text == "1,204"


def test_nouns_follow_the_number():
    def said(many: int) -> str:
        return plain(counted("k", map(str, range(many)), "x", "t").spelled.with_("included study"))

    assert [said(n) for n in (0, 1, 2, 11)] == ["no included studies", "one included study", "two included studies", "11 included studies"]  # fmt: skip


def test_lists_of_pieces():
    items = [prose(word) for word in "abc"]
    assert [plain(listed(items[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert plain(series(items)) == "a; b; c"


def test_the_table_of_numbers_has_the_ids_behind_a_figure_even_where_the_text_does_not_count_them():
    of = counted("cells", ["x", "y"], "cell", "t.csv")
    rows, ids = numbers([("Part", measured("share", 0.5, "share", "t.csv", of)), ("Else", Text("no number"))])
    assert [(row["key"], row["number"], row["stands in"], row["key of its ids"]) for row in rows] == [
        ("cells", "2", "", "cells"),
        ("share", "0.50", "Part", "cells"),
    ]
    assert [(row["key"], row["id"]) for row in ids] == [("cells", "x"), ("cells", "y")]


def test_a_key_that_means_two_things_is_an_error():
    one, other = (counted("k", ids, "record", "t.csv") for ids in ("ab", "ac"))
    assert numbers([("Part", one), ("Part", one.spelled), ("Else", one)])[0][0]["stands in"] == "Part; Else"
    with pytest.raises(ValueError, match="two numbers have the key 'k'"):
        numbers([("Part", one), ("Part", other)])


def in_order(made: Document) -> list[str]:
    return [run.text for _, run in made.runs() if hasattr(run, "key")]


def test_every_form_has_the_same_numbers_in_the_same_order():
    made, wanted = document(), in_order(document())
    assert wanted == ["3", "3", "0.50", "three", "75%"]
    assert re.findall(r"([\w.%]+)<!--", markdown.markdown(made)) == wanted
    assert re.findall(r'data-key="[^"]*"[^>]*>([^<]*)</a>', html.html(made)) == wanted
    with zipfile.ZipFile(io.BytesIO(word.word(made))) as archive:
        xml = archive.read("word/document.xml").decode()
    marked = re.findall(r"<w:bookmarkStart [^>]*/>(.*?)<w:bookmarkEnd", xml)
    assert [re.sub("<[^>]*>", "", each) for each in marked] == wanted
    names = re.findall(r'w:name="(n\d+_[^"]*)"', xml)
    assert len(set(names)) == len(wanted)
    assert max(map(len, names)) <= 40


def test_what_people_wrote_stays_words():
    made = document()
    page = html.html(made)
    assert "<script" not in page
    assert set(re.findall(r"<(\w+)", page)) <= {
        "html", "head", "meta", "title", "style", "body", "svg", "defs", "pattern", "rect", "path", "main", "h1", "h2", "h3", "p", "ul",
        "li", "a", "b", "mark", "pre", "section", "div", "DOCTYPE",
    }  # fmt: skip
    text = markdown.markdown(made)
    fenced = re.sub(r"(?s)\n(`{4,})text\n.*?\n\1\n", "\n", text)
    assert fenced.count("```") == 0
    assert [line for line in fenced.splitlines() if line.startswith("#")] == [fenced.splitlines()[0], "## Part"]
    assert "<script" not in fenced
    assert fenced.count("<!--") == fenced.count("-->") == 5
    opened = docx.Document(io.BytesIO(word.word(made)))
    assert "<script>alert(1)</script>" in "".join(paragraph.text for paragraph in opened.paragraphs)


def test_what_authors_have_to_write_is_marked_in_every_form():
    made = document()
    assert "**\\[AUTHORS: say why\\]**" in markdown.markdown(made)
    assert "<mark>[AUTHORS: say why]</mark>" in html.html(made)
    opened = docx.Document(io.BytesIO(word.word(made)))
    marked = [run.text for each in opened.paragraphs for run in each.runs if run.font.highlight_color is not None]
    assert marked == ["[AUTHORS: say why]"]


def test_the_same_text_gives_the_same_bytes():
    assert word.word(document()) == word.word(document())


def test_a_number_on_the_page_leads_to_its_ids():
    page = html.html(document())
    (name,) = set(re.findall(r'href="#(n\d+)" data-key="three"', page))
    found = re.search(rf'<div class="number" id="{name}">.*?</div>', page)
    assert found
    assert "a, b, c" in found[0]
    of = re.search(r'computed from <a href="#(n\d+)">three</a>', page)
    assert of
    assert of[1] == name
