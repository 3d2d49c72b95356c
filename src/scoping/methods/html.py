"""A text for authors as a page: each number leads to its key, its file and the ids behind it. No script."""

from scoping.flow_words import plural
from scoping.methods.prose import Block, Bullets, Document, Gap, Number, Paragraph, Run, Runs, plain
from scoping.webpage import Child, Element, element, page

_STYLE = """
main { max-width: 46rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
ul.points { list-style: disc; padding-left: 1.4rem; } ul.points li { margin: .2rem 0; max-width: 48rem; }
main a { color: inherit; text-decoration: none; border-bottom: 1px dotted var(--muted); }
mark { background: #fff2a8; color: #1b1b1b; } .draft { font-weight: 700; color: var(--torn); }
pre { white-space: pre-wrap; background: var(--track); padding: .6rem .8rem; font-size: .875rem; max-width: 46rem; }
.number { border-top: 1px solid var(--rule); padding: .4rem 0; } .number .ids { display: none; font-size: .875rem; }
.number:target { background: var(--track); } .number:target .ids { display: block; } .number p { max-width: none; }
@media print { .numbers { display: none; } main a { border: 0; } }
"""


def html(document: Document) -> str:
    """The whole page; the list of numbers stands at its end, and the ids of one are shown when it was followed."""
    names = {number.key: f"n{at}" for at, number in enumerate(_numbers(document).values(), 1)}
    body: list[Child] = [element("h1", *_runs(document.title, names))]
    body += [element("p", document.notice, class_="small")] if document.notice else []
    body += [element("p", *_runs(document.draft, names), class_="draft")] if document.draft else []
    for section in document.sections:
        body.append(element("h2", section.title))
        body += [part for block in section.blocks for part in _block(block, names)]
    listed = [_number(number, names) for number in _numbers(document).values()]
    about = element("p", "Follow a number in the text to see the ids behind it.", class_="small")
    end = element("section", element("h2", "Numbers in this text"), about, *listed, class_="numbers")
    return page(plain(document.title), [element("main", *body), end], _STYLE)


def _numbers(document: Document) -> dict[str, Number]:
    """Key -> number, in the order of the text."""
    found: dict[str, Number] = {}
    for _, run in document.runs():
        if isinstance(run, Number):
            found |= {each.key: each for each in (run, run.of) if each is not None and each.key not in found}
    return found


def _block(block: Block, names: dict[str, str]) -> list[Child]:
    if isinstance(block, Paragraph):
        lead: list[Child] = [element("b", block.lead), " "] if block.lead else []
        return [element("p", *lead, *_runs(block.runs, names))]
    if isinstance(block, Bullets):
        return [element("ul", *(element("li", *_runs(item, names)) for item in block.items), class_="points")]
    return [element("h3", *_runs(block.head, names)), element("pre", block.said.text)]


def _runs(runs: Runs, names: dict[str, str]) -> list[Child]:
    return [_run(run, names) for run in runs]


def _run(run: Run, names: dict[str, str]) -> Child:
    if isinstance(run, Number):
        return element("a", run.text, href=f"#{names[run.key]}", data_key=run.key, title=f"{run.unit}; {run.where}")
    return element("mark", run.text) if isinstance(run, Gap) else run.text


def _number(number: Number, names: dict[str, str]) -> Element:
    """One number with all that is known of it."""
    parts: list[Child] = [element("b", number.text), f" {number.key}: {number.unit}; {number.where}"]
    ids = [element("p", ", ".join(id_ for _, id_ in number.ids), class_="ids")] if number.ids else []
    count = f" ({plural(len(number.ids), 'id')})" if number.ids else ""
    of: list[Child] = (
        ["; computed from ", element("a", number.of.key, href=f"#{names[number.of.key]}")] if number.of else []
    )
    return element("div", element("p", *parts, count, *of), *ids, class_="number", id=names[number.key])
