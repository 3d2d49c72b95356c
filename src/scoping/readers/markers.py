"""A second count of the entries of a file, by plain patterns over the text and not by the readers."""

import re

_LONE_CR = re.compile(r"\r(?!\n)")
_RIS_FIRST = re.compile(r"[ \t\ufeff]*TY(?: {1,3}|\t)-")
_RIS_EDGE = re.compile(r"\n(?=[TE \t\ufeff])[ \t\ufeff]*+(?:(TY)(?: {1,3}|\t)-|ER(?: {1,3}|\t)-[ \t]*+$)", re.MULTILINE)
_RIS_BODY = re.compile(r"^\ufeff?[ \t]*(?:TI|T1|AU|A1|AB|N2|DO)(?: {1,3}|\t)-", re.MULTILINE)
_WOS_START = re.compile(r"^PT (?:[A-Z]|Journal|Book|Series|Patent)\b", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_PMID = re.compile(r"^PMID ?-", re.MULTILINE)
_NBIB_BLOCK = re.compile(r"(?:PMCR?|OWN|[A-Z]{2,4}) {0,2}-")
_ENW_TYPE = re.compile(r"^\ufeff?%0 ", re.MULTILINE)
_ENW_BLOCK = re.compile(r"\ufeff?%\S(?: |$)", re.MULTILINE)
_COCHRANE = re.compile(r"^\ufeff?Record #\d+ of \d+", re.MULTILINE)
_OVID = re.compile(r"^<\d+\.? ?>[ \t]*$", re.MULTILINE)
_BIBTEX = re.compile(r"@\s*([A-Za-z]+)\s*[{(]")
_JSON = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)|[{}\[\]]', re.DOTALL)
_JSON_PARTS = re.compile(r'"itemType"\s*:\s*"(?:attachment|note|annotation)"')
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_RDF_TYPE = re.compile(r"<z:itemType>\s*(?!attachment|note|annotation)[A-Za-z]")
_RDF_WITHIN = re.compile(r"<dcterms:isPartOf>.*?(?:</dcterms:isPartOf>|\Z)", re.DOTALL)
_RDF_ITEM = re.compile(r"<(?:bib:(?!Journal|Memo|Series|Periodical|Image|[a-z])[A-Z]\w*|rdf:Description)(?=[\s>])")
_NO_ENTRY = frozenset({"comment", "string", "preamble"})


def unix(text: str) -> str:
    """The text with LF only, for patterns that look at lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def unix_in_place(text: str) -> str:
    """The text with LF for every CR that stands alone: no position changes."""
    return _LONE_CR.sub("\n", text) if "\r" in text else text


def ris(text: str) -> int:
    """TY lines, and blocks with a title or author between two ER lines that lack one."""
    plain = unix(text)
    begun = _RIS_FIRST.match(plain) is not None
    total, block = int(begun), 0
    for match in _RIS_EDGE.finditer(plain):
        if match[1]:
            total, begun = total + 1, True
        else:
            total += not begun and bool(_RIS_BODY.search(plain, block, match.start()))
            block, begun = match.end(), False
    return total


def margin(text: str, position: int) -> str | None:
    """What stands in the line before a position: blanks and byte order marks, or nothing; None if anything else."""
    if position == 0 or text[position - 1] == "\n":
        return ""
    begin = position
    while begin and text[begin - 1] in " \t\ufeff":
        begin -= 1
    return text[begin:position] if begin == 0 or text[begin - 1] in "\r\n" else None


def wos_tagged(text: str) -> int:
    """PT lines."""
    return len(_WOS_START.findall(unix(text)))


def nbib(text: str) -> int:
    """PMID lines, and blocks between blank lines that begin with a tag and have none (ERIC, PMC)."""
    total = 0
    for block in _BLANK_LINES.split(unix(text).strip("\n")):
        total += len(_PMID.findall(block)) or bool(_NBIB_BLOCK.match(block))
    return total


def enw(text: str) -> int:
    """Types of EndNote (`%0`), else blocks between blank lines that begin with a tag."""
    plain = unix(text)
    blocks = _BLANK_LINES.split(plain.strip("\n"))
    return len(_ENW_TYPE.findall(plain)) or sum(bool(_ENW_BLOCK.match(block)) for block in blocks)


def cochrane_text(text: str) -> int:
    """Numbers of records in the Cochrane Library's text."""
    return len(_COCHRANE.findall(unix(text)))


def ovid(text: str) -> int:
    """Numbers of records in Ovid's tagged format and text."""
    return len(_OVID.findall(unix(text)))


def bibtex(text: str) -> int:
    """`@type{` at the beginning of a line or after a closing brace, definitions and comments left out."""
    plain = unix(text)
    return sum(
        match[1].lower() not in _NO_ENTRY and _before(plain, match.start()) in ("", "\n", "}", ",")
        for match in _BIBTEX.finditer(plain)
    )


def _before(text: str, position: int) -> str:
    """The sign before a place and the blanks in front of it, or nothing at the beginning."""
    while position and text[position - 1] in " \t":
        position -= 1
    return text[position - 1 : position] if position else ""


def table(text: str, delimiter: str, header: str = "", *, sections: bool = False) -> int:
    """Line ends outside quotes that end a row with something in it.

    A line that repeats the header is none; nor, where a table has `sections`, is a line without any delimiter, unless it
    is the last.
    """
    rows, open_quotes, filled, parted = 0, 0, False, False
    lines = unix(text).rstrip(" \t\n").split("\n")
    for place, line in enumerate(lines, 1):
        repeated = not open_quotes and bool(header) and line.strip() == header
        open_quotes += _edge_quotes(line) if delimiter == "\t" else line.count('"')
        filled = filled or (not repeated and bool(line.replace(delimiter, "").replace('"', "").strip()))
        parted = parted or not sections or delimiter in line or place == len(lines)
        if open_quotes % 2 == 0:
            rows, open_quotes, filled, parted = rows + (filled and parted), 0, False, False
    return rows + filled


def _edge_quotes(line: str) -> int:
    """Cells of a tab line that open or close a quoted value; quotes inside a cell are letters there."""
    return sum(cell.count('"') % 2 for cell in line.split("\t") if cell[:1] == '"' or cell[-1:] == '"')


def json_items(text: str) -> int:
    """Objects directly within the list that a text begins in, without those that are files or notes of others."""
    depth, total, end = 0, 0, len(text)
    for match in _JSON.finditer(text):
        sign = match[0]
        if sign in "{[":
            total += depth == 0 and sign == "{"
            depth += 1
        elif sign in "}]":
            depth -= 1
            if depth < 0:
                end = match.start()
                break
    return total - len(_JSON_PARTS.findall(text, 0, end))


def xml_records(text: str, names: str) -> int:
    """Tags that begin one of these elements, comments left out."""
    return len(re.findall(rf"<(?:{names})(?=[\s/>])", _COMMENT.sub("", text)))


def zotero_rdf(text: str) -> int:
    """Types of items that are no files or notes of others; in a file without types, elements that are kinds of items."""
    plain = _COMMENT.sub("", text)
    typed = len(_RDF_TYPE.findall(plain))
    return typed or len(_RDF_ITEM.findall(_RDF_WITHIN.sub("", plain)))
