r"""Tables as authors take them, as LaTeX: a `longtable` with rules of `booktabs` to read in with \input."""

import re

from scoping.author_sheet import Sheet
from scoping.webpage import clean
from scoping.workbook.layout import legal

_PREAMBLE = (
    "% needs: \\usepackage{array,booktabs,longtable}\n"
    "% xelatex and lualatex set letters of every script for which the font has them"
)
_SIDEWAYS = "% wide: put it between \\begin{landscape} and \\end{landscape} of the package pdflscape"
_SIGNS = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "%": "\\%", "#": "\\#", "_": "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "\\textless{}", ">": "\\textgreater{}",
    "|": "\\textbar{}", '"': "{\\char34}", "`": "\\textasciigrave{}", "[": "{[}", "]": "{]}", "*": "{*}",
}  # fmt: skip
_SPECIAL = re.compile("|".join(map(re.escape, _SIGNS)))
_LIGATURES = re.compile("(?<=-)(?=-)|(?<=')(?=')|(?<=,)(?=,)")


def escaped(text: str) -> str:
    r"""A text that LaTeX sets as it stands, in one paragraph: signs that it reads as commands, and double dashes, are escaped."""
    plain = _SPECIAL.sub(lambda sign: _SIGNS[sign[0]], clean(legal(text)).replace("\ufffd", "?"))
    return " ".join(_LIGATURES.sub("{}", plain).split())


def tex(sheet: Sheet, notice: str) -> bytes:
    """A table that goes on over pages, its header on each; the note stands below."""
    right = sheet.numbers
    columns = "".join(_column(share, name in right) for name, share in zip(sheet.columns, sheet.shares, strict=True))
    head = " & ".join(f"\\textbf{{{escaped(name)}}}" for name in sheet.columns)
    caption, span = escaped(sheet.caption), len(sheet.columns)
    parts = [
        _PREAMBLE,
        *([_SIDEWAYS] if sheet.lies else []),
        "\\begingroup\\footnotesize\\setlength{\\tabcolsep}{3pt}",
        f"\\begin{{longtable}}{{{columns}}}",
        f"\\caption{{{caption}}}\\label{{tab:{sheet.name}}}\\\\",
        f"\\toprule\n{head} \\\\\n\\midrule\n\\endfirsthead",
        f"\\multicolumn{{{span}}}{{l}}{{\\emph{{Continued}}}} \\\\\n\\toprule\n{head} \\\\\n\\midrule\n\\endhead",
        "\\bottomrule\n\\endfoot",
        *(f"{' & '.join(_cell(row[name]) for name in sheet.columns)} \\\\" for row in sheet.rows),
        "\\end{longtable}",
        *(f"\\noindent {escaped(text)}\\par" for text in (sheet.note, notice) if text),
        "\\endgroup",
    ]
    return ("\n".join(parts) + "\n").encode()


def _column(share: float, number: bool) -> str:
    side = "raggedleft" if number else "raggedright"
    return f">{{\\{side}\\arraybackslash}}p{{\\dimexpr {share:.4f}\\linewidth-2\\tabcolsep\\relax}}"


def _cell(text: str) -> str:
    """The lines of a cell; none begins with `*` or `[`, which the line break before it would take for its own."""
    return " \\newline ".join(escaped(line) for line in text.split("\n") if line.strip())
