"""LaTeX to Unicode for bibliographies: accents, ligatures, escapes, dashes and braces. Formulas stay as they are."""

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_SIGNS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ",
    "textless": "<", "textgreater": ">", "textendash": "–", "textemdash": "—", "textquoteright": "’",
    "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "'",
    "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\", "textdegree": "°", "textbar": "|",
    "textunderscore": "_", "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "textmu": "μ",
    "textellipsis": "…", "ldots": "…", "dots": "…", "slash": "/", "S": "§", "P": "¶", "pounds": "£", "euro": "€",
    "texteuro": "€", "guillemotleft": "«", "guillemotright": "»", "LaTeX": "LaTeX", "TeX": "TeX", "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\(?:([`'^\"~=.])\s*|([uvHcdkbr])(?:\s+|(?=\{|\\)))"
    r"(?:\{\s*(?:\\([ij])(?![A-Za-z])|([^\W\d_]))\s*\}|\\([ij])(?![A-Za-z])\s?|([^\W\d_]))"
)
_SIGN = re.compile(r"\\(" + "|".join(sorted(_SIGNS, key=len, reverse=True)) + r")(?![A-Za-z])(?:\{\}|[ ]+(?=\S)|)")
_STYLE = re.compile(
    r"\\(?:emph|text(?:it|bf|rm|sf|sc|tt|up|md|normal|superscript|subscript)?|mkbib\w+|enquote|mbox|url|uppercase"
    r"|(?:it|bf|em|rm|sc|tt|sl|itshape|bfseries|relax|protect)\b)\s*(?=[{\s]|$)"
)
_ESCAPED = re.compile(r"\\([&%$#_{} ])")
_SOFT = re.compile(r"\\[-/]")
_FORMULA = re.compile(r"((?<!\\)\$[^$\r\n]{1,400}?(?<!\\)\$)")
_NEEDED = re.compile(r"\\|\{|\}|~|\$|--|``|''")  # alternatives of one first sign each are searched fastest
_HIDDEN = {"&": "\ue000", "%": "\ue001", "$": "\ue002", "#": "\ue003", "_": "\ue004", "{": "\ue005", "}": "\ue006"}
_KEPT = {"~": "\ue007", "\\": "\ue008"}  # signs by name, which mean a blank or a command where they stand bare
_SHOWN = {ord(hidden): sign for sign, hidden in {**_HIDDEN, **_KEPT}.items()}


def decode(text: str) -> str:
    r"""Readable text of a LaTeX value: `{\"o}` is ö, `--` is a dash, `~` a blank; `$...$` is left alone."""
    if not _NEEDED.search(text):
        return text
    pieces = _FORMULA.split(text)
    pieces[0::2] = [_decode_piece(piece) for piece in pieces[0::2]]
    return unicodedata.normalize("NFC", "".join(pieces))


def bare(text: str) -> str:
    """A value that is no prose (DOI, URL, number): escapes and braces undone, dashes and tildes kept."""
    plain = text
    if "\\" in plain:
        plain = _ESCAPED.sub(r"\1", _SIGN.sub(lambda match: _SIGNS[match[1]], plain))
    return plain.replace("{", "").replace("}", "")


def _decode_piece(text: str) -> str:
    plain = _ACCENT.sub(_accented, text)
    plain = _STYLE.sub("", plain)
    plain = _SIGN.sub(lambda match: _KEPT.get(sign := _SIGNS[match[1]], sign), plain)
    plain = _ESCAPED.sub(lambda match: _HIDDEN.get(match[1], " "), plain)
    plain = _SOFT.sub("", plain)
    plain = plain.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”").replace("~", " ")
    return plain.replace("{", "").replace("}", "").translate(_SHOWN)


def _accented(match: re.Match[str]) -> str:
    accent = _ACCENTS[match[1] or match[2]]
    letter = match[3] or match[4] or match[5] or match[6]
    return unicodedata.normalize("NFC", letter + accent)
