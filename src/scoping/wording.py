"""Wording: a text folded as quotes are compared, and what makes two like wordings two different statements."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import product

_SOFT = "\u00ad\ufffe\x02"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2053\u2212\ufe58\ufe63\uff0d"
MARKS = "'`´‘’‚‛′‹›\"“”„‟″«»"
_ONE_CHARACTER = dict.fromkeys(_SOFT, "\ufffe") | dict.fromkeys(DASHES, "-") | dict.fromkeys(MARKS, "'")
_RUNS = re.compile("(?P<dash>(?<=\\w)\\s*[-\ufffe][-\ufffe\\s]*(?=\\w))|(?P<blank>\\s+)|(?P<mark>'+)|\ufffe")
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_AMOUNTS = (
    "hundred thousand million billion half third thirds quarter quarters dozen once twice double doubled triple tripled"
    " halved first second"
)
_NUMBERS = (
    {word: str(value) for value, word in enumerate(_UNITS.split())}
    | {word: str(value * 10) for value, word in enumerate(_TENS.split(), 2)}
    | {word: word for word in _AMOUNTS.split()}
)
"""Words that count as numbers, each with the form in which it is compared."""
_NEGATIONS = {
    word: word
    for word in (
        *("not", "no", "never", "without", "none", "neither", "nor", "nobody", "nothing", "nowhere", "unable"),
        *("hardly", "barely", "scarcely", "rarely", "seldom", "absence", "lack", "fail"),
    )
} | {"cannot": "not", "lacks": "lack", "lacked": "lack", "lacking": "lack"}
_NEGATIONS |= {"fails": "fail", "failed": "fail", "failing": "fail"}
"""Words that count as negations; "failure" does not (heart failure)."""
_NEGATING = ("un", "in", "im", "ir", "il", "non", "dis", "mis", "anti", "a")
_PAIRS = (
    "increas*/decreas* increas*/reduc* increas*/declin* rise*/fall* rose/fell rising/falling improv*/worsen*"
    " improv*/deteriorat* high*/low* more/less more/fewer most/least greater/smaller greater/less large*/small*"
    " before/after above/below over/under positive*/negative* all/some all/few many/few most/some most/few every/some"
    " always/sometimes always/often major*/minor* strong*/weak* support*/oppos* present*/absent* presence/absence"
    " with/without must/may should/may will/may can/may is/may was/may includ*/exclud* involv*/exclud*"
    " internal*/external* male*/female* men/women gain*/los* minimum/maximum up/down early/late earlier/later better/worse best/worst eas*/difficult*"
    " eas*/hard* enabl*/prevent* facilitat*/hinder* facilitat*/imped* facilitat*/barrier* enabl*/barrier* accept*/reject*"
    " and/or"
)
_OPPOSITES = tuple((pair.partition("/")[0], pair.partition("/")[2]) for pair in _PAIRS.split())
_TOKEN = re.compile(
    r"(?P<note>(?<=[a-z]{4})[.,;:]?\d{1,3}(?:[,-]\d{1,3})*(?![\w%])|\[\d{1,3}(?:\s?[,-]\s?\d{1,3})*\])"
    r"|(?P<number>(?:(?<![\w.,])-)?(?:\d+(?:[.,]\d+)*|(?<!\w)[.]\d+)(?:\s?-\s?\d+(?:[.,]\d+)*)*(?:\^\d+)?(?:\s?%)?)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
)
_PREFIX = re.compile(r"\b(?:(un|in|im|ir|il|non|dis|mis|anti)-|(non) )(?=[^\W\d_]{3})")


def folded(text: str) -> str:
    """A text as it is compared."""
    return fold(text)[0].strip()


def fold(text: str) -> tuple[str, list[int], list[int]]:
    """A text as it is compared, and where each of its characters begins and ends in what was given.

    Case, Unicode form, quotation marks and runs of blanks fold. A hyphen or dash between letters goes, with the blanks
    around it: lines end in hyphens that may or may not be the word's own. Beside a digit it stays, as "-".
    """
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster, start, end in _clusters(text):
        for letter in cluster:
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    simple = "".join(letters)
    kept: list[str] = []
    origin: list[int] = []
    at = 0
    for run in _RUNS.finditer(simple):
        kept.append(simple[at : run.start()])
        origin.extend(range(at, run.start()))
        at = run.end()
        kept.append(_run(run))
        origin.extend([run.start()] * len(kept[-1]))
    kept.append(simple[at:])
    origin.extend(range(at, len(simple)))
    return "".join(kept), [starts[k] for k in origin], [ends[k] for k in origin]


def _run(run: re.Match[str]) -> str:
    if run["blank"]:
        return " "
    if run["mark"]:
        return "'"
    if not run["dash"]:
        return ""
    return "" if run.string[run.start() - 1].isalpha() and run.string[run.end()].isalpha() else "-"


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """Each character with its combining marks in NFKC and casefolded; dashes, soft hyphens and marks as one kind each."""
    at = 0
    while at < len(text):
        start = at
        at += 1
        while at < len(text) and text[at] > "\u02ff" and unicodedata.combining(text[at]):
            at += 1
        cluster = text[start:at]
        if cluster in _ONE_CHARACTER:
            yield _ONE_CHARACTER[cluster], start, at
        elif cluster.isascii() or cluster.isspace():
            if cluster >= " " or cluster.isspace():
                yield cluster.lower(), start, at
        elif unicodedata.category(cluster[0]) not in ("Cf", "Cc"):
            yield _compatible(cluster, text[start - 1 : start]), start, at


def _compatible(cluster: str, before: str) -> str:
    """NFKC and casefold, but ten squared is not a hundred and two, nor one and a half eleven halves."""
    form = unicodedata.normalize("NFKC", cluster).casefold().replace("\u2044", "/")
    kind = unicodedata.decomposition(cluster[0])
    if before.isdigit() and kind.startswith("<super>") and form.isdigit():
        return form if unicodedata.decomposition(before).startswith("<super>") else f"^{form}"
    return f" {form}" if before.isdigit() and kind.startswith("<fraction>") else form


def negates(word: str) -> bool:
    """Whether a word is a negation: "not", "Never", "didn’t"."""
    plain = folded(word)
    return plain.endswith("n't") or plain in _NEGATIONS


def difference(quote: str, passage: str) -> str:
    """What makes a passage another statement than the quote, in words for people; nothing if nothing does."""
    (said, said_notes, said_words), (stands, notes, words) = _guards(quote), _guards(passage)
    if said != stands:
        lost = [g for g in stands if stands.count(g) > said.count(g)]
        added = [g for g in said if said.count(g) > stands.count(g)]
        kind = "a number or a negation"
        return (
            f"altered: {kind} differs (in the text: {', '.join(lost) or '-'}; in the quote: {', '.join(added) or '-'})"
        )
    rest = iter(notes)
    if not all(note in rest for note in said_notes):
        return (
            f"altered: a number differs (in the text: {', '.join(notes) or '-'}; in the quote: {', '.join(said_notes)})"
        )
    for block, other_block in _blocks(said_words, words):
        for one, other in product(block, other_block):
            if _opposite(one, other) or _negated(one, other, other_block) or _negated(other, one, block):
                return f"altered: the text has '{other}', the quote '{one}'"
    return ""


def _blocks(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Where two lists of words differ: the words of each."""
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            yield one[a:b], other[c:d]


def _guards(text: str) -> tuple[list[str], list[str], list[str]]:
    """The numbers and negations of a text the numbers that look like notes of reference, its words: each in order."""
    simple = "".join(letters for letters, _, _ in _clusters(text))
    simple = re.sub("\ufffe\\s*|(?<=[^\\W\\d_])-\\s*\n\\s*(?=[^\\W\\d_])", "", simple)
    simple = _PREFIX.sub(lambda found: found[1] or found[2], re.sub(r"\s+", " ", simple))
    guards, notes, words = [], [], []
    for token in _TOKEN.finditer(simple):
        if token["note"]:
            notes.append(re.sub(r"[^\d,-]|^[,.;:]", "", token[0]))
        elif token["number"]:
            number = token[0].replace(" ", "")
            guards.append(f"0{number}" if number.startswith(".") else number)
        else:
            word = token[0]
            words.append(word)
            guard = "not" if word.endswith("n't") else _NEGATIONS.get(word) or _NUMBERS.get(word)
            if guard:
                guards.append(guard)
    return guards, notes, words


def _opposite(one: str, other: str) -> bool:
    return any((_is(one, a) and _is(other, b)) or (_is(one, b) and _is(other, a)) for a, b in _OPPOSITES)


def _is(word: str, pattern: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def _negated(one: str, other: str, beside: Sequence[str]) -> bool:
    """Whether one word is the other with a negating prefix or suffix that does not stand alone beside it."""
    if len(other) < 4:
        return False
    prefix = one.removesuffix(other)
    return (
        (prefix != one and prefix in _NEGATING and prefix not in beside)
        or one == f"{other}less"
        or (one.endswith("less") and other == f"{one[:-4]}ful")
    )
