"""Quotes on PDFs with two columns, running heads, page numbers, hyphens at line ends and ligatures, measured.

Words of the text tile the document: the 200 true quotes cover every line, column and page break there is.
"""

import random
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from scoping.fulltext import Text, extract
from scoping.quotes import find

pytestmark = pytest.mark.slow

QUOTES = 200
WORDS = 30  # a quote
WHO = (
    "The partnership|Each council|A health visitor|The research office|Every school in the first programme|Our officers|"
    "Three of the well-known brokers|The co-located staff|Their chief officer|A non-profit organisation"
)
DID = (
    "reported|had built|did not find|could never sustain|described|defined|reflected on|did not influence|identified|"
    "officially confirmed|rarely specified|amplified"
)
WHAT = (
    "a clear benefit for|no lasting difference among|closer affiliation with|trust without contracts between|"
    "an evidence-based workflow for|short- and long-term effects on|significant difficulties for|sufficient staff for|"
    "a responsibility that fell to|the intergovernmental responsibilities of"
)
WHOM = (
    "{} of the {} local offices|about {}% of families and {} nurses|staff aged {}–{} years|{} practitioners (p = 0.0{})|"
    "the {} municipalities that had {} departments|teachers in {} classrooms, {} of them rural"
)
WHEN = (
    "when funding increased|after the pilot ended|because roles were “flexible” and well-defined|in first-line care|"
    "although the interdisciplinary configuration changed|before decision-makers met|as councillors’ confidence fell"
)
ALTERNATIVES = {
    "increased": "decreased",
    "after": "before",
    "before": "after",
    "fell": "rose",
    "clear": "small",
    "had": "lost",
}


def document(seed: int) -> list[str]:
    """Paragraphs of made-up sentences, WORDS * QUOTES words or a few more."""
    dice = random.Random(seed)
    paragraphs: list[list[str]] = [[]]
    words = 0
    while words < WORDS * QUOTES:
        whom = dice.choice(WHOM.split("|")).format(dice.randrange(2, 99), dice.randrange(10, 99))
        parts = [dice.choice(part.split("|")) for part in (WHO, DID, WHAT)]
        sentence = " ".join([*parts, whom, dice.choice(WHEN.split("|"))]) + "."
        words += len(sentence.split())
        paragraphs[-1].append(sentence)
        if dice.random() < 0.15:
            paragraphs.append([])
    return [" ".join(paragraph) for paragraph in paragraphs if paragraph]


def true_quotes(paragraphs: list[str]) -> list[str]:
    words = " ".join(paragraphs).split()
    return [
        " ".join(words[at : at + WORDS]).replace("“", '"').replace("–", "-") for at in range(0, WORDS * QUOTES, WORDS)
    ]


def altered(quote: str, dice: random.Random, whole: str) -> str:
    """Another statement in nearly the same letters, or one that nobody wrote."""
    while True:
        words = quote.split()
        at = dice.randrange(1, len(words) - 1)
        kind = dice.choice(["digit", "negation", "word", "drop", "swap", "invented"])
        digits = [m.start() for m in re.finditer(r"\d", quote)]
        if kind == "digit" and digits:
            place = dice.choice(digits)
            new = quote[:place] + str((int(quote[place]) + dice.randrange(1, 10)) % 10) + quote[place + 1 :]
        elif kind == "negation":
            negations = [k for k, word in enumerate(words) if word in ("not", "never", "no", "without", "rarely")]
            at = dice.choice(negations) if negations else at
            new = " ".join(words[:at] + ([] if negations else ["not"]) + words[at + bool(negations) :])
        elif kind == "word":
            new = " ".join(
                [*words[:at], ALTERNATIVES.get(words[at], dice.choice(["often", "citizens"])), *words[at + 1 :]]
            )
        elif kind == "drop":
            new = " ".join(words[:at] + words[at + 1 :])
        elif kind == "swap":
            new = " ".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]])
        else:
            new = " ".join(document(dice.randrange(10**6, 10**9))[0].split()[:WORDS])
        if " ".join(new.split()) not in whole:
            return new


def measured(text: Text, paragraphs: list[str]) -> tuple[Counter[str], Counter[str], int]:
    """(verdicts on the true quotes, on the altered ones, true quotes over a page break)."""
    assert text.status == "ok", text.reason
    dice = random.Random(5)
    quotes = true_quotes(paragraphs)
    assert len(quotes) == QUOTES
    whole = " ".join(paragraphs).replace("“", '"').replace("–", "-")
    found = [find(quote, text.pages) for quote in quotes]
    planted = Counter(find(altered(quote, dice, whole), text.pages).verdict for quote in quotes)
    for quote, place in zip(quotes, found, strict=True):
        if place.verdict != "verbatim":
            print(place.verdict, place.why, "|", quote, "|", place.passage)
    return Counter(place.verdict for place in found), planted, sum(len(place.spans) > 1 for place in found)


def judge(text: Text, paragraphs: list[str]) -> None:
    true, planted, over = measured(text, paragraphs)
    figures = f"true quotes {dict(true)} ({over} over a page break), altered or invented {dict(planted)}"
    print(figures)
    assert true["verbatim"] >= 0.98 * QUOTES, figures
    assert QUOTES - planted["verbatim"] >= 0.99 * QUOTES, figures
    assert len(text.pages) > 5, len(text.pages)
    divided = sum(len(re.findall("\ufffe|-\r?\n", page)) for page in text.raw)
    print(f"{len(text.pages)} pages, {divided} hyphens at line ends")
    assert divided > 50  # the document is as hard as it should be
    assert over >= len(text.pages) - 3, figures
    assert not re.search(r"Marsh and Li|Evidence in Practice", " ".join(text.pages)), "running heads are left"


# a word processor


FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'{font}'"/></office:font-face-decls>
<office:styles><style:style style:name="Standard" style:family="paragraph">
<style:paragraph-properties fo:text-align="justify" fo:text-indent="4mm" fo:hyphenation-ladder-count="no-limit"/>
<style:text-properties style:font-name="F" fo:font-size="9pt" fo:language="en" fo:country="GB" fo:hyphenate="true"
 fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"/></style:style></office:styles>
<office:automatic-styles><style:page-layout style:name="P"><style:page-layout-properties fo:page-width="180mm"
 fo:page-height="160mm" fo:margin="12mm"><style:columns fo:column-count="2" fo:column-gap="5mm"/>
</style:page-layout-properties><style:header-style/><style:footer-style/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="P">
<style:header><text:p>Marsh and Li: brokers <text:page-number/></text:p></style:header>
<style:footer><text:p>Evidence in Practice 12 (2020) – <text:page-number/></text:p></style:footer></style:master-page>
</office:master-styles><office:body><office:text>{body}</office:text></office:body></office:document>"""


@pytest.mark.parametrize("font", ["DejaVu Serif", "Liberation Serif"])
def test_a_pdf_of_a_word_processor(tmp_path: Path, font: str) -> None:
    program = shutil.which("soffice")
    if not program:
        pytest.skip("LibreOffice (soffice) is not here")
    paragraphs = document(1)
    soft = [re.sub(r"(?<=[a-z]{3})(?=[a-z]{4})", "\u00ad", paragraph) for paragraph in paragraphs]
    body = "".join(f"<text:p>{escape(paragraph)}</text:p>" for paragraph in soft)
    (tmp_path / "x.fodt").write_text(FODT.format(font=font, body=body), encoding="utf-8")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "x.fodt"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    judge(extract(tmp_path / "x.pdf"), paragraphs)


# a typesetter: every line placed by itself


def lines(paragraphs: list[str], width: int) -> list[str]:
    """Lines of `width` characters, words divided wherever there is room for two letters of them."""
    out: list[str] = []
    for paragraph in paragraphs:
        line = "  "
        for word in paragraph.split():
            while len(line) + len(word) > width:
                room = width - len(line) - 1
                if re.fullmatch(r"[a-z]{6,}", word) and 2 <= room <= len(word) - 2:
                    line, word = f"{line}{word[:room]}-", word[room:]
                out.append(line.rstrip())
                line = ""
            line += f"{word} "
        out.append(line.rstrip())
    return out


@pytest.mark.parametrize("kind", [3, 42])
def test_a_pdf_of_a_typesetter(tmp_path: Path, kind: int) -> None:
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    paragraphs = document(2)
    rows = [
        line.replace("ffi", "ﬃ").replace("ff", "ﬀ").replace("fi", "ﬁ").replace("fl", "ﬂ")
        for line in lines(paragraphs, 44)
    ]
    assert sum(len(re.findall("[ﬀ-ﬆ]", row)) for row in rows) > 100
    with mpl.rc_context({"pdf.fonttype": kind, "font.family": "DejaVu Sans"}), PdfPages(tmp_path / "x.pdf") as pages:
        for number, first in enumerate(range(0, len(rows), 90), 1):
            figure = Figure(figsize=(8, 11))
            figure.text(0.06, 0.96, f"Marsh and Li: brokers {number}", fontsize=9)
            for at, row in enumerate(rows[first : first + 90]):
                figure.text(0.06 + 0.46 * (at // 45), 0.92 - 0.019 * (at % 45), row, fontsize=8)
            figure.text(0.4, 0.02, f"Evidence in Practice 12 (2020) – {number}", fontsize=9)
            pages.savefig(figure)
    judge(extract(tmp_path / "x.pdf"), paragraphs)
