"""Tables of examples for the normalisation of bibliographic values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import normalise
from scoping.normalise import Author
from scoping.readers import latex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.5555/ABC.1", "10.5555/abc.1"),
        ("doi: 10.5555/abc.1", "10.5555/abc.1"),
        ("https://doi.org/10.5555/abc.1.", "10.5555/abc.1"),
        ("http://dx.doi.org/10.5555%2Fabc", "10.5555/abc"),
        ("10.5555/S0140-6736(05)66865-7", "10.5555/s0140-6736(05)66865-7"),
        ("(10.5555/abc)", "10.5555/abc"),
        ("10.5555/abc [doi]", "10.5555/abc"),
        (
            "10.1002/(SICI)1097(199808)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(sici)1097(199808)17:15/16<1661::aid-sim968>3.0.co;2-2",
        ),
        ("10.1002/(SICI)1097&lt;1661::AID-1&gt;3.0", "10.1002/(sici)1097<1661::aid-1>3.0"),
        ("https://x.org/r?eid=2&doi=10.5555%2fabc.9&partnerID=40", "10.5555/abc.9"),
        ("10.5555/abc</a>", "10.5555/abc"),
        ("10.5555/a\u200bbc", "10.5555/abc"),
        ("10.5555/first 10.5555/second", "10.5555/first"),
        ("<br />", ""),
        ("10.5555/", ""),
        ("", ""),
    ],
)
def test_doi(text: str, expected: str) -> None:
    assert normalise.doi(text) == expected


@given(st.text())
def test_a_normalised_doi_stays_as_it_is(text: str) -> None:
    once = normalise.doi(text)
    assert once == "" or normalise.doi(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021", "2021"),
        ("2018//", "2018"),
        ("28-30 Oct. 2014", "2014"),
        ("4/3/2024", "2024"),
        ("{2010}", "2010"),
        ("10 15", ""),
        ("20145", ""),
        ("9999///", ""),
        ("199u", ""),
    ],
)
def test_year(text: str, expected: str) -> None:
    assert normalise.year(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123-9", "123-129"),
        ("454-81", "454-481"),
        ("53--61", "53-61"),
        ("1\u201322", "1-22"),
        ("S384-S388", "S384-S388"),
        ("S384-8", "S384-S388"),
        ("12-12", "12"),
        ("e0815", "e0815"),
        ("1477-1485", "1477-1485"),
        ("xi-xx", "xi-xx"),
        ("5-null", "5"),
        ("", ""),
    ],
)
def test_pages(text: str, expected: str) -> None:
    assert normalise.pages(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Curry Rogers, Kristina", Author("Curry Rogers", "Kristina")),
        ("Shi,Yu ", Author("Shi", "Yu")),
        ("Smith, Jr., Bob", Author("Smith", "Bob, Jr.")),
        ("Griffin DK", Author("Griffin", "DK")),
        ("Phillips J.C.", Author("Phillips", "J.C.")),
        ("Brownstein C D", Author("Brownstein", "C D")),
        ("van der Berg GH", Author("van der Berg", "GH")),
        ("Pérez-de la Fuente R", Author("Pérez-de la Fuente", "R")),
        ("Ludwig van Beethoven", Author("van Beethoven", "Ludwig")),
        ("Dewi ap Rhys", Author("ap Rhys", "Dewi")),
        ("J. -P. Stoldt", Author("Stoldt", "J. -P.")),
        ("B. Gates III", Author("Gates", "B. III")),
        ("Aristotle", Author("Aristotle")),
        ("{World Health Organization}", Author(literal="World Health Organization")),
        ("Dialogue Study Group", Author(literal="Dialogue Study Group")),
        ("{Fialova, J}", Author("Fialova", "J")),
    ],
)
def test_author(text: str, expected: Author) -> None:
    assert normalise.author(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Martínez, Ricardo N.; Colombi, Carina", ["Martínez, Ricardo N.", "Colombi, Carina"]),
        ("Griffin DK, Larkin DM, O'Connor RE.", ["Griffin, DK", "Larkin, DM", "O'Connor, RE"]),
        ("Phillips J.C., Braun R.", ["Phillips, J.C.", "Braun, R."]),
        ("Rubin, Caroline", ["Rubin, Caroline"]),
        ("Smith, J., Doe, A.", ["Smith, J.", "Doe, A."]),
        ("Yang, Z. and Jiang, B. and others", ["Yang, Z.", "Jiang, B."]),
        ("Beronic, D. and Modric, L. and et al.; InfoDom", ["Beronic, D.", "Modric, L.", "InfoDom"]),
        ("John Smith, Jane Doe and Max Weber", ["Smith, John", "Doe, Jane", "Weber, Max"]),
        ("Smith, G. A. and Stanley G.", ["Smith, G. A.", "Stanley, G."]),
        ("de la Paix, Mupenzi Jean and Li Lanhai", ["de la Paix, Mupenzi Jean", "Lanhai, Li"]),
        ("{Barnes and Noble} and Smith, John", ["[Barnes and Noble]", "Smith, John"]),
        ("{{WHO and UNICEF}}", ["[WHO and UNICEF]"]),
        ("Smith Brothers", ["Brothers, Smith"]),
        ("G Dean, L Crocker", ["Dean, G", "Crocker, L"]),
        ("Ada N. Marsh, Kwame Osei", ["Marsh, Ada N.", "Osei, Kwame"]),
        ("O Brien, Mary Jane", ["O Brien, Mary Jane"]),
        ("García López, J. Carlos", ["García López, J. Carlos"]),
        ("Heckenauer Barron, Eric G.", ["Heckenauer Barron, Eric G."]),
        ("van der Heijden, Geert J. M.", ["van der Heijden, Geert J. M."]),
        ("Ortega Y Gasset, José Luis", ["Ortega Y Gasset, José Luis"]),
        ("Olaya Escobar, Erika Sofía", ["Olaya Escobar, Erika Sofía"]),
        ("; ", []),
        ("", []),
    ],
)
def test_split_authors(text: str, expected: list[str]) -> None:
    names = [
        f"[{a.literal}]" if a.literal else ", ".join(filter(None, (a.family, a.given)))
        for a in normalise.split_authors(text)
    ]
    assert names == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Berg, Ben Cole", True),
        ("Anna Lena Berg, Ben Cole", True),
        ("de Bruyn, Lisa Lobry", False),
        ("Gomez Isaza, Daniel F.", False),
        ("Berg, Anna", False),
        ("Anna Berg, Ben Cole, Cai Dee", False),
        ("Health Council, Invented Country", False),
        (",", False),
    ],
)
def test_two_people_in_a_table_that_parts_by_commas(text: str, expected: bool) -> None:
    assert normalise.are_two_people(text) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Wessels, K and Mathieu, R and Skrov, PE"], ["Wessels, K", "Mathieu, R", "Skrov, PE"]),
        (["Marsh, A.; Osei, K."], ["Marsh, A.", "Osei, K."]),
        (["Ministry of Health, Education and Welfare"], ["Ministry of Health, Education and Welfare"]),
        (["Nickson, Alicen, MA, MBA"], ["Nickson, Alicen, MA, MBA"]),
        (["Marsh; Osei", "Velde, P."], ["Marsh; Osei", "Velde, P."]),
    ],
)
def test_several_names_in_one_field(values: list[str], expected: list[str]) -> None:
    assert [name.strip() for name in normalise.each_name(values)] == expected


@given(st.text(alphabet="Ab .,;{}and\n|&'-", max_size=60))
def test_splitting_never_fails_and_names_are_never_empty(text: str) -> None:
    assert all(author.family or author.literal for author in normalise.split_authors(text))


def test_keys() -> None:
    assert normalise.title_key("The <i>Café</i>: a Review &amp; more") == normalise.title_key(
        "the cafe - a review & MORE"
    )
    assert normalise.family_key("Müller") == normalise.family_key("MULLER") == "muller"
    assert normalise.family_key("van der Berg GH") == "vanderberg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"M\"uller", "Müller"),
        (r"G{\"{o}}del na\"{\i}ve Erd{\H o}s", "Gödel naïve Erdős"),
        (r"\v{S}koda \v s \c{c} \k{a} \'\i", "Škoda š ç ą í"),
        (r"stra{\ss}e {\O}re \o re \aa ngstr", "straße Øre øre ångstr"),
        (r"R\&D at 5\% \$3 \#1 a\_b \{x\}", "R&D at 5% $3 #1 a_b {x}"),
        (r"10--20 --- ``so''~it", "10–20 — “so” it"),
        (r"\emph{in vitro} and \textit{in vivo}", "in vitro and in vivo"),
        (r"{\textless}Go{\textgreater}", "<Go>"),
        (r"{{DNA}} of {E. coli}", "DNA of E. coli"),
        (r"$\alpha--\beta$ and --", r"$\alpha--\beta$ and –"),
        (r"5\textasciitilde{}km \textbackslash{} x", r"5~km \ x"),
        ("plain", "plain"),
    ],
)
def test_latex(text: str, expected: str) -> None:
    assert latex.decode(text) == expected


@given(st.text(alphabet="\\{}$~'\"`-abc \n", max_size=40))
def test_latex_never_fails(text: str) -> None:
    latex.decode(text)
    latex.bare(text)
