"""Boilerplate: what is left out of a report, and what must not be."""

import pytest

from scoping import boilerplate

PROSE = (
    "The council and the university met each month for two years and each time they asked what had changed since.\n"
    "They agreed that trust takes time, and that time is what the people who work in a council have least of.\n"
)
REFERENCES = (
    "Allen, T., Grace, C. and Martin, S. (2015). Making the most of it. London: Hill.\n"
    "Caplan, N. (1979). Two communities. American Scientist, 22: 459-70.\n"
    "Retrieved from https://example.org/a\n"
)


def out(*pages):
    return [(pages[s.page - 1][s.start : s.end].strip(), s.why) for s in boilerplate.left_out(pages)]


@pytest.mark.parametrize(
    "heading", ["References", "REFERENCES", "7. References", "Bibliography", "Literaturverzeichnis", "Cyfeiriadau"]
)
def test_reference_lists_are_left_out(heading):
    found = out(PROSE + heading + "\n" + REFERENCES)
    assert [text for text, _ in found] == [heading, *REFERENCES.strip().split("\n")]
    assert {why for _, why in found} == {boilerplate.REFERENCES}


def test_a_reference_list_goes_on_over_pages_and_ends_where_prose_begins():
    found = [text for text, _ in out(PROSE + "References\n" + REFERENCES, REFERENCES + "Appendix A\n" + PROSE)]
    assert found == ["References", *REFERENCES.strip().split("\n") * 2]


def test_the_word_alone_makes_no_reference_list():
    assert out("References\nMethods\nResults\n" + PROSE) == []
    assert out("References to trust were many.\n" + REFERENCES.split("\n")[2] + "\n" + PROSE) == []


def test_single_entries_are_left_out_and_paragraphs_that_cite_are_not():
    entry = "For more see Bowen, K., Bristow, D. and Downe, J. (2021). Making connections. Cardiff."
    assert out(PROSE + entry) == [(entry, boilerplate.REFERENCES)]
    assert out(PROSE + "Trust was low (Hill and Dale, 2019), as Allen et al. (2015) had said before.") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Abstract\nTrust takes time.\n", "Introduction\n"),
        ("Abstract: Trust takes time.\n", ""),
        ("ABSTRACT Trust takes time.\n", ""),
    ],
)
def test_an_abstract_is_left_out_where_its_report_is_there(before, after):
    found = out("A title of this report\n" + before + after + PROSE * 3)
    assert found[0] == ("A title of this report", boilerplate.TITLE_PAGE)
    assert [text for text, _ in found[1:]] == before.strip().split("\n")
    assert {why for _, why in found[1:]} <= {boilerplate.ABSTRACT}


TITLE = "Journal of Town Evidence 2021;8(2):131-154\nOne desk, two councils: a study of brokers\nA. Marsh, B. Hill\nUniversity of Tolbridge\n"


@pytest.mark.parametrize("head", ["Abstract", "Keywords", "1 Introduction", "Background"])
def test_title_and_authors_are_left_out_down_to_the_first_heading_of_a_report(head):
    page = TITLE + f"{head}\n" + PROSE * 4
    assert [text for text, why in out(page) if why == boilerplate.TITLE_PAGE] == TITLE.strip().split("\n")
    assert out(TITLE + PROSE * 4) == [], "nothing says where the report begins"
    assert not [why for _, why in out(PROSE * 4, page) if why == boilerplate.TITLE_PAGE], "only on the first page"


def test_prose_above_an_introduction_stays():
    found = [text for text, _ in out("A title\n" + PROSE + "Introduction\n" + PROSE)]
    assert found == ["A title"]


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("Keywords: trust; knowledge broker; councils\n", 1),
        ("Key words trust; knowledge broker;\nlocal councils; power\n", 2),
        ("Keywords\ntrust, knowledge broker, councils\n", 2),
        ("Mots-clés : confiance ; courtier\n", 1),
        ("Key-word searches were run by two of us in every one of the three councils that took part.\n", 0),
        ("Keywords: trust, knowledge broker.\n", 1),
    ],
)
def test_keywords_are_left_out_and_what_follows_is_not(said, gone):
    found = [(text, why) for text, why in out(PROSE * 3 + said + "Methods\n" + PROSE)]
    assert found == [(line, boilerplate.KEYWORDS) for line in said.strip().split("\n")[:gone]]


@pytest.mark.parametrize(
    "heading", ["Acknowledgements and funding", "Funding, conflicts of interest", "Funding & disclosures"]
)
def test_headings_that_name_two_notices_are_notices(heading):
    assert out(PROSE + heading + "\nThe Hill Trust paid.\n") == [
        (heading, boilerplate.NOTICE), ("The Hill Trust paid.", boilerplate.NOTICE),
    ]  # fmt: skip


def test_a_structured_abstract_is_left_out_whole():
    parts = "Abstract\nBackground: Trust is low.\nMethods: We asked 54 people.\nConclusions: It takes time.\n"
    assert [text for text, _ in out(parts + "Introduction\n" + PROSE * 4)] == parts.strip().split("\n")


def test_an_abstract_that_is_all_there_is_stays():
    assert out("Abstract Background Trust is low. Methods We asked. Results It takes time.\nThe title\n") == []
    assert out("Abstract ideas were discussed at length by both.\n" + PROSE * 4) == []


def test_lists_of_names_are_left_out():
    journals = "3D Research\nAAPG Bulletin\nAcademic Medicine\nAcademy of Management Review\nABI Technik (German)\n"
    found = out(PROSE + journals + PROSE)
    assert [text for text, _ in found] == journals.strip().split("\n")
    assert {why for _, why in found} == {boilerplate.NAMES}


def test_lists_of_findings_stay():
    assert out("• Trust Matters\n• Time Matters\n• Money Matters\n• People Matter\n• Place Matters\n" + PROSE) == []
    assert out("trust takes time\nmoney is short\nplans change\npeople leave\nplaces differ\n" + PROSE) == []
    assert out("Trust\nTime\nMoney\nPeople\n" + PROSE) == []  # four are no list


def test_sections_on_funding_are_left_out_with_one_line():
    found = out(
        PROSE + "Funding\nThe Hill Trust paid for all meetings and had no say in what was found by them.\n" + PROSE
    )
    assert len(found) == 2


NOTICES = [
    "Funded by the Economic and Social Research Council, the Centre is based at Cardiff.",
    "This work was supported by the Hill Trust.",
    "The study has been generously funded by a bank.",
    "Please do email alison@example.org.uk if you have anything to add.",
    "+44 (0)29 2251 0872",
    "@WCfPP",
    "www.example.org.uk",
    "For further information contact:",
    "© 2021 The authors.",
    "The authors declare that they have no conflict of interest.",
    "Posted on 2021-01-30 - 04:29",
    "Grant number ES/R00384X/1.",
]
NO_NOTICES = [
    "They partnered with the council on a four-month NIHR funded project to increase links.",
    "The evaluation report, available on example.net, names lessons.",
    "Dedicated funding and expertise can overcome the challenges.",
    "In 2019, 54 members joined.",
    "The support of grant holders mattered.",
    "Staff had no conflict with the university.",
]


@pytest.mark.parametrize("sentence", NOTICES)
def test_notices(sentence):
    assert boilerplate.notice(sentence)


@pytest.mark.parametrize("sentence", NO_NOTICES)
def test_no_notices(sentence):
    assert not boilerplate.notice(sentence)


def test_furniture_of_web_pages_is_left_out():
    assert [text for text, _ in out("Skip to content\nShow Menu\nMobilise\n" + PROSE)] == [
        "Skip to content",
        "Show Menu",
    ]


def test_an_address_beside_contact_details_is_left_out():
    address = "Hill Centre, 10 Museum Place, Cardiff CF10 3BG\n+44 (0)29 2251 0872\nMarsh House\n"
    assert [text for text, _ in out(PROSE + address + PROSE)] == address.strip().split("\n")
    assert out(PROSE + "Hill Centre, 10 Museum Place\n" + PROSE) == []
    assert out(PROSE + "Members and meetings\n12 54 13 90 41 (3)\n" + PROSE) == []  # a row of a table is no telephone
