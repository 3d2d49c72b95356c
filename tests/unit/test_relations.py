"""Reports that belong together and are no duplicates, what was retracted, and that neither joins nor excludes anything."""

import json
from typing import Any

import pytest

from scoping import ingest, linked_records, matching, notices, readers, relations
from scoping.dedupe import dedupe
from scoping.schemas_records import KINDS, RECORD_FLAGS, RECORD_LINKS
from scoping.tables import Row, _checked, compact

ARM = {"scopus": "databases", "pubmed": "databases"}
TITLE = "Evidence officers in a county council: a case study of three years"
SHORT = "Evidence officers in a county council"


def authors(*families: str) -> str:
    return compact([{"family": family, "given": "A.", "literal": ""} for family in families])


TWO = authors("Marsh", "Novak")
ARTICLE = {
    "title": TITLE,
    "authors": TWO,
    "year": "2020",
    "journal": "Journal of Evidence",
    "volume": "3",
    "pages": "1-9",
}
# kind (empty: none), what differs in the first report, what differs in the second
CASES = [
    ("correction", {"title": f"Erratum to: {TITLE}", "year": "2021", "pages": "99"}, {}),
    ("correction", {"title": f"Correction to: {SHORT}", "year": "2020", "pages": "99", "authors": "[]"}, {}),
    ("correction", {"title": f"{TITLE} (vol 3, pg 1, 2020)", "year": "2021", "pages": "99"}, {}),
    ("retraction", {"title": f"Retraction notice to “{TITLE}”", "year": "2022", "pages": "99"}, {}),
    ("concern", {"title": f"Expression of concern: {TITLE}", "year": "2022", "pages": "99"}, {}),
    ("comment", {"title": f"Comment on: {TITLE}", "authors": authors("Quist"), "pages": "99"}, {}),
    ("comment", {"title": f"Commentary on Marsh's '{TITLE}'", "authors": authors("Quist"), "pages": "99"}, {}),
    ("reply", {"title": f"{TITLE} – Reply", "pages": "99"}, {}),
    ("reply", {"title": f"Response to: Comment on {TITLE}", "pages": "99"}, {}),
    ("reply", {"title": f"Response to: Comment on {TITLE}", "pages": "99"},
     {"title": f"Comment on {TITLE}", "authors": authors("Quist"), "pages": "90"}),
    ("protocol", {"title": f"{SHORT}: study protocol", "year": "2018", "journal": "Plans", "pages": "2"}, {}),
    ("preprint", {"journal": "medRxiv", "year": "2019", "volume": "", "pages": ""}, {}),
    ("preprint", {"type": "article", "journal": "", "year": "2019", "volume": "", "pages": ""}, {}),
    ("conference_abstract", {"type": "paper-conference", "journal": "Congress of Evidence", "year": "2019", "pages": "7"}, {}),
    ("conference_abstract", {"issue": "Suppl 1", "volume": "2", "pages": "S12", "year": "2019"}, {}),
    ("part", {"title": f"{SHORT}. Part 1: places"}, {"title": f"{SHORT}. Part 2: people", "pages": "10-20"}),
    ("part", {"title": f"{SHORT}. Part I: places"}, {"title": f"{SHORT}. Part II: people", "pages": "10-20"}),
    ("version", {"doi": "10.1002/14651858.cd001.pub2"}, {"doi": "10.1002/14651858.cd001.pub3", "year": "2024"}),
    ("registration", {"title": "NCT01234567: evidence officers", "pages": "", "volume": "", "authors": "[]"},
     {"abstract": "A trial (NCT01234567) of evidence officers."}),
    # what must not be linked
    ("", {"title": f"Erratum to: {TITLE}", "pages": "99"}, {"title": f"Comment on: {TITLE}", "pages": "90"}),
    ("", {"title": "Erratum", "year": "2021", "pages": "99"}, {}),
    ("", {"title": f"Erratum to: {TITLE}", "year": "2017", "pages": "99"}, {}),
    ("", {"title": f"Erratum to: {TITLE}", "authors": authors("Quist", "Olsen"), "year": "2021"}, {}),
    ("", {"title": "Erratum to: Nurse champions and a sepsis bundle in wards", "year": "2021", "pages": "99"}, {}),
    ("", {"title": "Comment on: evidence officers", "authors": authors("Quist"), "pages": "99"}, {}),
    ("", {"journal": "medRxiv", "year": "2019", "authors": authors("Quist", "Olsen")}, {}),
    ("", {"journal": "medRxiv", "year": "2024"}, {}),
    ("", {"type": "paper-conference", "title": "Evidence officers and their work in a hospital", "year": "2019"}, {}),
    ("", {"title": f"{SHORT}. Part 1: places"}, {"title": f"{SHORT}. Part 2: people", "authors": authors("Quist")}),
    ("", {"title": "Nurse champions. Part 1: places"}, {"title": f"{SHORT}. Part 2: people"}),
    ("", {"year": "2021", "pages": "20-29"}, {}),
]  # fmt: skip


def rows_of(make: Any, one: dict[str, str], other: dict[str, str]) -> list[Row]:
    return [make.entry(**{**ARTICLE, **said}) for said in (one, other)]


@pytest.mark.parametrize(("kind", "one", "other"), CASES)
def test_what_two_reports_are_to_each_other(make: Any, kind: str, one: dict[str, str], other: dict[str, str]) -> None:
    rows = rows_of(make, one, other)
    found = relations.links(matching.compared(rows))
    assert [link.kind for link in found] == ([kind] if kind else [])
    if kind and kind not in ("part", "version"):
        assert (found[0].a, found[0].b) == tuple(row["content_id"] for row in rows), "the notice comes first"
    assert relations.links(matching.compared(rows[::-1])) == found


def test_the_cases_name_every_kind_that_is_found_by_looking() -> None:
    assert {kind for kind, *_ in CASES if kind} == set(KINDS) - {"related"}


def test_records_that_people_joined_have_no_link(make: Any) -> None:
    rows = rows_of(make, {"journal": "medRxiv", "year": "2019", "volume": "", "pages": "", "doi": "10.1101/1"}, {})
    pair = "~".join(sorted(row["content_id"] for row in rows))
    for answer, number in (("same", 0), ("different", 1), ("related", 1)):
        given = [make.decision(pair, answer, stage="duplicates")]
        links = linked(rows, given).links
        assert len(links) == number
        assert all(link["answer"] == answer for link in links)


def linked(rows: list[Row], answers: list[Row] = ()) -> linked_records.Linked:
    compared = matching.compared(row for row in rows if row["status"] != "rejected")
    records, _, pairs = dedupe(rows, list(answers), ARM, compared=compared)
    found = linked_records.linked(records, pairs, compared)
    _checked(RECORD_LINKS, found.links)
    _checked(RECORD_FLAGS, found.flags)
    assert [row["record_id"] for row in found.records] == [row["record_id"] for row in records], "nothing is excluded"
    return found


def test_what_a_person_called_related_is_a_link_also_where_nothing_shows_it(make: Any) -> None:
    rows = [make.entry("One thing"), make.entry("Another thing altogether")]
    pair = "~".join(sorted(row["content_id"] for row in rows))
    links = linked(rows, [make.decision(pair, "related", stage="duplicates")]).links
    assert [(f"{link['a']}~{link['b']}", link["kind"], link["why"]) for link in links] == [
        (pair, "related", "a person said so")
    ]


def test_notices_are_told_beside_the_record_they_are_about_and_retraction_first(make: Any) -> None:
    words = ("Comment on", "Erratum to", "Retraction notice to")
    notices_ = [make.entry(**{**ARTICLE, "title": f"{w}: {TITLE}", "year": "2021", "pages": "99"}) for w in words]
    rows = [make.entry(**ARTICLE), *notices_]
    found = linked(rows)
    by_id = {row["record_id"]: row for row in found.records}
    article = by_id[rows[0]["content_id"]]
    flags = json.loads(article["flags"])
    assert [flag.split(":")[0] for flag in flags] == [
        "RETRACTED",
        "A correction was published",
        "A comment was published",
    ]
    assert article["retracted"] == "yes"
    assert rows[3]["content_id"] in flags[0]
    assert {by_id[row["content_id"]]["retracted"] for row in rows[1:]} == {""}, "the notices are not retracted"
    alone = linked(rows[:1]).records[0]
    assert (alone["retracted"], alone["flags"]) == ("", "[]"), "control"


# --- what databases say ----------------------------------------------------------------------------------------------

NBIB = """PMID- 101
TI  - {title}
AU  - Marsh A
DP  - 2020
PT  - Journal Article
{more}

PMID- 202
TI  - Evidence in councils. A letter.
AU  - Quist B
DP  - 2021

"""
XML = """<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>101</PMID><Article><ArticleTitle>
{title}</ArticleTitle></Article><CommentsCorrectionsList><CommentsCorrections RefType="{more}"><RefSource>J. 2021</RefSource>
<PMID>202</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle><PubmedArticle>
<MedlineCitation><PMID>202</PMID><Article><ArticleTitle>Evidence in councils. A letter.</ArticleTitle></Article>
</MedlineCitation></PubmedArticle></PubmedArticleSet>"""
RIS = "TY  - JOUR\nTI  - {title}\nAU  - Marsh, A.\nPY  - 2020\n{more}\nER  - \n"
WOS = "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Marsh, A\nTI {title}\nPY 2020\n{more}\nUT WOS:1\nER\n\nEF\n"


def read(text: str) -> list[Row]:
    exported = ingest.File.of(text.encode(), "one.txt", {"pubmed": ingest.Claim("pubmed", None)})
    return list(ingest.rows(readers.parse(exported.data), exported))


TOLD = [  # an export, its title, what more it says, (kind of link, whether the first is what it is about), retracted
    (NBIB, TITLE, "RIN - J Ev. 2021;3:4. doi: 10.1/x. PMID: 202", ("retraction", True), "field RIN"),
    (NBIB, TITLE, "CIN - J Ev. 2021;3:4. PMID: 202", ("comment", True), ""),
    (NBIB, TITLE, "EIN - J Ev. 2021;3:4. PMID: 202", ("correction", True), ""),
    (NBIB, TITLE, "CON - J Ev. 2019;3:4. PMID: 202", ("comment", False), ""),
    (NBIB, TITLE, "ECI - J Ev. 2021;3:4. PMID: 202", ("concern", True), ""),
    (NBIB, TITLE, "CIN - J Ev. 2021;3:4. PMID: 999", None, ""),
    (NBIB, TITLE, "PT  - Retracted Publication", None, "field PT"),
    (NBIB, f"Retraction: {TITLE}", "ROF - J Ev. 2019;3:4. PMID: 202", ("retraction", False), ""),
    (XML, TITLE, "RetractionIn", ("retraction", True), "field RetractionIn"),
    (XML, TITLE, "CommentOn", ("comment", False), ""),
    (XML, TITLE, "ErratumIn", ("correction", True), ""),
    (XML, TITLE, "Cites", None, ""),
    (RIS, f"RETRACTED: {TITLE}", "", None, "its title"),
    (RIS, f"RETRACTED ARTICLE: {TITLE}", "", None, "its title"),
    (RIS, f"WITHDRAWN: {TITLE}", "", None, "its title"),
    (RIS, f"{TITLE} (Retracted article. See vol. 4, pg. 5, 2021)", "", None, "its title"),
    (RIS, f"{TITLE} [Retraction in: J Ev 2021;3:4]", "", None, "its title"),
    (RIS, TITLE, "M3  - Retracted", None, "field M3"),
    (RIS, TITLE, "N1  - This article has been retracted.", None, "notes"),
    (WOS, TITLE, "DT Article; Retracted Publication", None, "field DT"),
    (RIS, TITLE, "", None, ""),
    (RIS, "Retracted articles and who cites them", "", None, ""),
    (RIS, f"Retraction notice to: {TITLE}", "N1  - The article has been retracted.", None, ""),
    (RIS, "Retraction of the lung in surgery", "KW  - retraction", None, ""),
]


@pytest.mark.parametrize(("form", "title", "more", "link", "retracted"), TOLD)
def test_what_databases_say_of_other_items(
    form: str, title: str, more: str, link: tuple[str, bool] | None, retracted: str
) -> None:
    rows = read(form.format(title=title, more=more))
    why = notices.retracted(rows[0])
    assert retracted in why
    assert bool(why) == bool(retracted)
    found = relations.links(matching.compared(rows))
    assert [one.kind for one in found] == ([link[0]] if link else [])
    if link:
        assert (found[0].b == rows[0]["content_id"]) == link[1]


def test_a_correction_is_known_by_its_type_where_its_title_does_not_say_so(make: Any) -> None:
    for tags, kinds in (
        (compact([["PT", "Published Erratum"]]), {"correction"}),
        (compact([["KW", "Erratum"]]), set()),
    ):
        assert notices.kinds(make.entry(TITLE, tags=tags)) == kinds
