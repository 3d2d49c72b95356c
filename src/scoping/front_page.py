"""The front page of a review: where it stands, what to look at, and the way to every file that authors take.

It tells the team what the terminal tells, names of sheets included, and links to files beside it in `reports/`. Numbers
are read from the tables, none is counted here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from scoping.tables import Row
from scoping.webpage import Child, Element, element, page, table

BLIND = "This page shows what has been settled: who still screens or codes looks at progress.html instead."
MOST = 20  # lines of one kind; the table has them all
PANEL = ("Stage", "Group", "Unit", "Items answered by two or more", "Raw agreement", "AC1", "Kappa")
PAPER = (
    ("manuscript.docx", "Manuscript", "methods, tables, figures and references in one Word document"),
    ("supplement.zip", "Supplement", "further tables and figures, the data behind every number, the codebook"),
    ("prisma.html", "Flow diagram", "each number opens its list"),
    ("map.html", "Evidence map", "to search and filter, with quotes"),
    ("text/methods.html", "Methods section", "with the key of every number"),
    ("text/prisma_scr.html", "PRISMA-ScR checklist", "as far as the data go"),
    ("text/prisma_s.html", "PRISMA-S checklist", "as far as the data go"),
    ("references/apa.html", "Reference list", "of the included reports"),
    ("progress.html", "Progress", "of everybody's sheets"),
    ("manifest.json", "Manifest", "the hash of everything that went in and came out"),
)
FLOW_FORMS = ("prisma.html", "prisma.svg", "prisma.pdf", "prisma.png", "prisma_*dpi.png", "prisma_*dpi.tiff",
    "prisma.pptx", "prisma.docx", "prisma_2020.csv", "prisma_ids.csv")  # fmt: skip
STYLE = """
:root { --card: #f5f7f9; } @media (prefers-color-scheme: dark) { :root { --card: #1f2327; } }
.state { display: inline-block; margin: .6rem 0; padding: .3rem .7rem; border: 1px solid; border-radius: .3rem; font-weight: 600; }
.draft { color: var(--torn); } .look { border-left: .35rem solid var(--torn); padding-left: .9rem; }
nav.top ul, ul.files { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: .5rem 0; }
ul.files { font-size: .875rem; gap: .2rem .8rem; }
ul.lines li { padding: .15rem 0; max-width: 60rem; } ul.paper { display: grid; gap: .5rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); } ul.paper span { display: block; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) minmax(0, 1fr); gap: .3rem 1.25rem; margin: .75rem 0; }
dt { color: var(--muted); } dd { margin: 0; font-variant-numeric: tabular-nums; }
figure { margin: 0; } figcaption { font-size: .875rem; margin: .5rem 0; }
figure img { background: #fff; border: 1px solid var(--rule); max-width: 100%; height: auto; display: block; padding: .5rem; }
.figures { display: grid; gap: 1.75rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
  align-items: start; } .figures img { width: 100%; max-height: 24rem; object-fit: contain; }
a { color: var(--done); } a:focus-visible { outline: 3px solid var(--done); outline-offset: 2px; }
@media (min-width: 46.01rem), print { .captions th:nth-child(1) { width: 62%; } .captions th:nth-child(2) { width: 38%; }
  .panel th:nth-child(n) { width: auto; } }
@media print { .figures { grid-template-columns: 1fr 1fr; } .figures figure { break-inside: avoid; } nav { display: none; } }
"""


@dataclass(frozen=True)
class Picture:
    """A figure: its name below `reports/` without ending, its caption and its alternative text."""

    stem: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Material:
    """What the page says. `files`: names below `reports/`; `captions`: stem of a table -> its caption.

    `sections` are (heading, lines, table with all of them, whether the review waits for it).
    """

    title: str
    notice: str
    stages: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, Sequence[str], str, bool]]
    next: str
    finished: bool
    figures: Sequence[Picture]
    flow: Picture
    captions: Mapping[str, str]
    agreement: Sequence[Row]
    files: frozenset[str]


def html(material: Material) -> str:
    """The page; what the review does not have is not on it."""
    state = "Finished" if material.finished else "Draft: people still have something to decide"
    parts: list[tuple[str, str, list[Child]]] = [
        ("stands", "Where it stands", _stands(material)),
        ("paper", "For the paper", [_paper(material.files)]),
        ("flow", "Flow of records", [_figure(material.flow, FLOW_FORMS, material.files)]),
        ("figures", "Figures", [_figures(material)]),
        ("tables", "Tables", [_tables(material)]),
        ("agreement", "Agreement", _agreement(material)),
        ("all", "All files", [_all(material.files)]),
    ]
    links = [element("li", element("a", name, href=f"#{anchor}")) for anchor, name, _ in parts]
    body: list[Child] = [
        element("h1", material.title),
        element("p", state, class_="state" if material.finished else "state draft"),
        *([] if material.finished else [element("p", BLIND)]),
        *([element("p", material.notice, class_="small")] if material.notice else []),
        element("nav", element("ul", *links), class_="top", aria_label="Parts of this page"),
        *(
            element("section", element("h2", name), *content, id=anchor, aria_label=name)
            for anchor, name, content in parts
        ),
    ]
    return page(f"Review: {material.title}", [element("main", *body)], STYLE, images=True)


def _stands(material: Material) -> list[Child]:
    pairs = [part for name, said in material.stages for part in (element("dt", name), element("dd", said))]
    found: list[Child] = [element("dl", *pairs)] if pairs else [element("p", "Nothing has been run yet.")]
    found.append(element("p", element("strong", "Next: "), material.next))
    for heading, lines, where, urgent in material.sections:
        more = [f"… and {len(lines) - MOST:,} more, see {where}"] if len(lines) > MOST else []
        listed = element("ul", *(element("li", line) for line in [*lines[:MOST], *more]), class_="lines")
        name = heading.capitalize() if urgent else heading
        found.append(element("div", element("h3", name), listed, class_="look" if urgent else "known"))
    return found


def _paper(files: Iterable[str]) -> Element:
    known = set(files)
    return element(
        "ul",
        *(
            element("li", element("a", name, href=path), element("span", what, class_="small"))
            for path, name, what in PAPER
            if path in known
        ),
        class_="paper",
    )


def _figures(material: Material) -> Element:
    drawn = [
        _figure(picture, sorted(_forms(picture.stem, material.files), key=_ending), material.files)
        for picture in material.figures
    ]
    return element("div", *drawn, class_="figures")


def _figure(picture: Picture, forms: Iterable[str], files: frozenset[str]) -> Element:
    drawn = element("img", src=f"{picture.stem}.svg", alt=picture.alt, loading="lazy")
    links = [
        element("li", _link(name, picture.stem)) for form in forms for name in sorted(files) if fnmatchcase(name, form)
    ]
    return element(
        "figure", element("a", drawn, href=f"{picture.stem}.svg"), element("figcaption", picture.caption),
        element("ul", *links, class_="files"),
    )  # fmt: skip


def _forms(stem: str, files: Iterable[str]) -> list[str]:
    """All that a figure or table has: `<stem>.<ending>`, its data and its ids."""
    return [name for name in files if name.startswith((f"{stem}.", f"{stem}_data.", f"{stem}_ids."))]


def _ending(name: str) -> tuple[int, str]:
    order = ("docx", "xlsx", "svg", "pdf", "png", "tiff", "csv", "html", "tex", "txt")
    ending = name.rpartition(".")[2]
    return order.index(ending) if ending in order else len(order), name


def _link(name: str, stem: str) -> Element:
    """A file by what it is, and to those who hear a list of links also of what."""
    what = name.removeprefix(stem).strip("._")
    return element("a", what.replace("_", " "), href=name, aria_label=f"{what}: {PurePosixPath(stem).name}")


def _tables(material: Material) -> Element:
    stems = sorted({name.rpartition(".")[0] for name in material.files if name.startswith("tables/")})
    stems = [stem for stem in stems if not stem.endswith("_ids")]
    rows: list[list[list[Child]]] = []
    for stem in stems:
        forms = sorted(_forms(stem, material.files), key=_ending)
        words = material.captions.get(stem) or PurePosixPath(stem).name.replace("_", " ").capitalize()
        rows.append([[words], [element("ul", *(element("li", _link(name, stem)) for name in forms), class_="files")]])
    made = table("Each table in every form, and the ids behind its numbers", ("Table", "Files"), rows)
    made.set("class", "captions")
    return made


def _agreement(material: Material) -> list[Child]:
    if not material.agreement:
        return [element("p", "Nobody has answered what somebody else has answered, too.")]
    rows = [[[row[name]] for name in PANEL] for row in material.agreement]
    made = table("Before anything was reconciled; 95% intervals", PANEL, rows)
    made.set("class", "panel")
    return [made]


def _all(files: Iterable[str]) -> Element:
    folders: dict[str, list[str]] = {}
    for name in sorted(files):
        folders.setdefault(name.rpartition("/")[0], []).append(name)
    return element(
        "div",
        *(
            element(
                "details", element("summary", f"reports/{folder}" if folder else "reports"),
                element("ul", *(element("li", element("a", PurePosixPath(name).name, href=name)) for name in names), class_="files"),
            )
            for folder, names in folders.items()
        ),
    )  # fmt: skip
