"""A text for authors as Markdown: the key of a number stands behind it in a comment, which is not shown."""

import re

from scoping.methods.prose import Block, Bullets, Document, Gap, Number, Paragraph, Run, Runs, Said, plain
from scoping.webpage import clean

_SIGNS = re.compile(r"([\\`*_{}\[\]#|~$])")


def markdown(document: Document) -> str:
    """The whole text; what people wrote cannot begin a heading, a link or a tag in it."""
    parts = [f"# {_runs(document.title)}"]
    parts += [f"> {_escaped(' '.join(document.notice.split()))}"] if document.notice else []
    parts += [f"**{_runs(document.draft)}**"] if document.draft else []
    for section in document.sections:
        parts.append(f"## {section.title}")
        parts += [_block(block) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return (f"**{block.lead}** " if block.lead else "") + _runs(block.runs)
    if isinstance(block, Bullets):
        return "\n".join(f"- {_runs(item)}" for item in block.items)
    fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall("`+", block.said.text)), 3)
    return f"**{_runs(block.head)}**\n\n{fence}text\n{clean(block.said.text)}\n{fence}"


def _runs(runs: Runs) -> str:
    return plain(runs, _shown)


def _shown(run: Run) -> str:
    if isinstance(run, Number):
        return f"{run.text}<!-- {_key(run.key)} -->"
    if isinstance(run, Gap):
        return f"**\\[{_escaped(run.text[1:-1])}\\]**"
    return _escaped(run.text) if isinstance(run, Said) else run.text


def _key(key: str) -> str:
    """No key ends the comment that it stands in."""
    return re.sub("[^A-Za-z0-9_.+-]|--", "_", key)


def _escaped(text: str) -> str:
    plain_text = clean(" ".join(text.split())).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\1", plain_text)
