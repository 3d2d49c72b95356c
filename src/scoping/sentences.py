"""Sentences: a text divided where sentences end, each with its place, so that `text[start:end]` is the sentence.

Every character that is no blank belongs to exactly one sentence. Headings, items of lists and lines without a full stop
are sentences of their own. Where a stop may or may not be an end ("et al. The", "Plan B. We") the next word decides:
words that open sentences more often than they are names are listed in `_OPENERS`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLOSE = "'\"’”“»«›‹)\\]}*_」』）】〉》"
_OPEN = "'\"‘“”„«»‹›‚(\\[{¿¡*_「『（【〈《–—\\-"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_END = re.compile(
    rf"(?P<wide>[。！？．｡]+)(?P<wideclose>[”’»›)\]」』）】〉》]*)"
    rf"|(?<![.!?…؟।])[.!?…؟।]+(?:\s\.(?![^\s.]))*(?P<close>(?:[{_CLOSE}]|[ \u00a0\u202f]»)*)"
    r"(?:\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|[¹²³⁰⁴-⁹]+(?:[,–-][¹²³⁰⁴-⁹]+)*"
    r"|(?:(?<=[^\W\d_]{3}\.)|(?<=[^\W\d_]{2}[!?])|(?<=[.!?][\"”’']))\d{1,3}(?:[,–-]\d{1,3})*)?"
    r"(?=\s|$)"
)
_GLUED = re.compile(r"(?<=[^\W\d_]{3})[.!?](?=[A-Z][a-z]*\s)")
_NEXT = re.compile(rf"[{_OPEN}\s]*(\w+)")
_LAST = re.compile(r"(?<![/=@])(?:(?<!\w)[^\W\d_]\.\s?)*[\w-]+$")

_NEVER = _words(
    "e.g i.e eg ie cf vs viz resp incl approx ca esp dr mr mrs ms mx prof rev hon fr sgt capt lt col gen gov sen rep"
    " messrs mme mlle mgr sr sra srta dra ud uds d da hr fr frl hl ing dipl st ste mt ft figs fig eq eqs tab tabs"
    " sect sec ch chap chaps vgl bzw bspw z.b d.h u.a i.d.r s.o s.u o.ä u.u z.t m.e v.a p.ex c.-à-d h.y e.e y.b gw"
    " pág págs núm art arts abs nr abb ee bd hrsg ebd sog evtl ggf inkl usf max min avg est ed eds trans comp univ dept"
)
"""What stands before a name, a number or an explanation and never ends a sentence."""
_NUMBERED = _words("no nos p pp t tt vol vols para paras par app annex cap n s f ff v c l ll n° bl jg kap ref refs")
"""Abbreviations if a number follows, else words, initials or units."""
_MAY_END = _words(
    "al etc ltd inc co corp plc jr a.m p.m am pm u.s u.k e.u u.n u.s.a usa uk b.c a.d ph.d m.sc b.sc m.a b.a m.d"
    " ee.uu usw u.s.w uvm ibid op.cit loc.cit jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu"
    " thur fri sat sun ave rd blvd bros assoc rept inst acad int nat soc"
)
"""What ends a sentence only before a word that opens one."""
_ALSO_LAST = _words("st ft max min est art ing d da fr ch ed eds mt sec")
"""Of `_NEVER`, what is a word or a last word as well, if the next word opens a sentence."""
_BEFORE_NAMES = _words("pp vol vols kap")
_WORDS = _words("am pm etc sat sun mar usw uk usa int")
"""Of `_MAY_END`, what ends a sentence before any capital."""
_OPENERS = _words(
    "the this these those that there they their we our it its he she his her you your i my in on at by for from to with"
    " of as an a and but or so yet if when while where which who what why how however moreover furthermore although"
    " though because since after before during despite such some most many several all both each every no not one"
    " two three other others another participants researchers results findings further finally first second third"
    " here then thus therefore hence overall only even also more nothing everyone nobody is are was were do does did"
    " das die der den dem ein eine es er sie wir ich im in zum zur für mit nach bei aber und auch doch diese dieser dieses"
    " le la les un une des il elle ils elles nous vous on ce cette ces cela dans en pour avec mais et ainsi"
    " el los las una unos ella ellos nosotros esto esta este estos estas pero y para con según también"
    " mae yr y roedd nid ond ac mewn bydd dyma felly"
)
_GERMAN_BEFORE = re.compile(
    r"\b(?:am|im|vom|zum|zur|der|die|das|den|dem|des|bis|ab|seit|beim)\s+\d{1,2}$", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(r"(?:^|[:;]\s|\s\()[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[ivx]{1,5}|[a-zA-Z])$")
_ITEM = re.compile(r"[ \t]*(?:[•▪‣◦●○■□*·]|[–—-]\s|\(?\d{1,3}(?:\.\d+)*[.)]\s|\(?[a-zA-Z][.)]\s|\(?[ivx]{1,5}[.)]\s)")
_UNFINISHED = re.compile(
    r"(?:[,(\[–—/&-]|\b(?:a|an|and|as|at|by|for|from|in|into|is|its|of|on|or|our|that|the|their|to|was|were|which|with))$",
    re.IGNORECASE,
)
_ENDED = re.compile(rf"[.!?:;…。！？][{_CLOSE}]*(?:\d{{1,3}}|\[\d+\]|[¹²³⁰⁴-⁹]+)?$")
_SAID_WIDE = re.compile(r"[とはがをのにへで、，]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a sentence stands: `text[start:end]`, without blanks at its ends."""

    start: int
    end: int


def split(text: str) -> list[Sentence]:
    """The sentences of a text, in order."""
    return [Sentence(*_trimmed(text, start, end)) for block in _blocks(text) for start, end in _parts(text, *block)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence leaves: lines, unless the next one goes on with the same sentence."""
    start: int | None = None
    end = 0
    for line in re.finditer(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+", text):
        if not line.group().strip():
            continue
        low, high = _trimmed(text, line.start(), line.end())
        if start is not None and not _goes_on(text[max(start, end - 80) : end], text[low : low + 80]):
            yield start, end
            start = low
        start, end = low if start is None else start, high
    if start is not None:
        yield start, end


def _goes_on(before: str, line: str) -> bool:
    """Whether a line continues the sentence that the end of the line before has left open."""
    if _ITEM.match(line) or _ENDED.search(before):
        return False
    return bool(re.match(rf"[{_OPEN}]*[a-zß-öø-ÿ]", line)) or bool(_UNFINISHED.search(before))


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A block divided at the ends of its sentences."""
    low = start
    for at in sorted(set(_ends(text, start, end))):
        if low < at < end and not _early(text[low:at].strip()):
            yield low, at
            low = at
    yield low, end


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences may end, by what stands just before and just after; `_early` asks what comes before."""
    mark = re.match("[•▪‣◦●○■□–—-] ", text[start : start + 2])
    if mark:  # items of a list that were joined to one line
        yield from (start + found.start() for found in re.finditer(rf" (?={mark[0]}[A-Z])", text[start:end]))
    for found in _END.finditer(text, start, end):
        if found["wide"]:
            if not (found["wideclose"] and _SAID_WIDE.match(text, found.end())):
                yield found.end()
        elif _opens(text, found, end):
            yield found.end()
    for glued in _GLUED.finditer(text, start, end):
        word = _NEXT.match(text, glued.end())
        if (
            word
            and word[1].casefold() in _OPENERS
            and not re.search(r"[/@]\S*$|www\S*$", text[max(start, glued.start() - 60) : glued.end()])
        ):
            yield glued.end()


def _opens(text: str, found: "re.Match[str]", end: int) -> bool:
    """Whether a new sentence may begin after a stop."""
    following = text[found.end() : min(end, found.end() + 60)]
    word = re.match(rf"\s+(?P<open>[{_OPEN}\s]*)(?P<word>\w+)?", following)
    if not word or not word["word"]:
        return bool(word) and not re.match(r"\s*[–—-]|\s*[&/=+<>%£$€]", following)
    if re.search(r"[–—-]", word["open"]):  # “… work.” – Participant
        return not found["close"] and (found[0] == "." or word["word"].casefold() in _OPENERS)
    if word["word"][0].islower():
        return bool(re.match(r"[¿¡]", word["open"]) or re.match(r"[a-z][A-Z]", word["word"]))
    return not _within(text, found, word["word"])


def _within(text: str, found: "re.Match[str]", word: str) -> bool:
    """Whether a stop before a capital or a digit belongs to an abbreviation, an initial, an ordinal or an omission."""
    before = text[max(0, found.start() - 40) : found.start()]
    stop = text[found.start() : found.end()]
    if stop.startswith(("…", "..", "!", "?", "؟", "।")) or re.match(r"\.\s\.", stop):
        return bool(re.search(r"[\[(]\s*$", before))  # [...] or (!)
    if found["close"] and found["close"].strip("*_)]") and not word[0].isdigit():
        return False  # a quotation that has ended
    opener = word.casefold() in _OPENERS
    last = _LAST.search(before)
    if not last:
        return False
    return _abbreviated(re.sub(r"\s", "", last[0]).casefold(), last[0], opener, word) or _ordinal(before, word)


def _abbreviated(bare: str, shown: str, opener: bool, word: str) -> bool:
    """Whether a word with its stop is an abbreviation that the sentence goes on after."""
    tail = bare.rpartition(".")[2] if "." in bare and bare not in _MAY_END else bare
    if bare in _NEVER or (tail in _NEVER and len(tail) > 1):
        return not (opener and bare in _ALSO_LAST)
    if bare in _NUMBERED and (len(bare) > 1 or shown.islower()):
        return bool(re.match(r"\d|[ivxlcSAB]+\d*$", word)) or bare in _BEFORE_NAMES
    if bare in _MAY_END or tail in _MAY_END:
        return not opener and bare not in _WORDS
    single = len(tail) == 1 and tail.isalpha()
    return single and not opener


def _ordinal(before: str, word: str) -> bool:
    """German ordinals: "am 3. Oktober", "im 19. Jahrhundert"."""
    return bool(_GERMAN_BEFORE.search(before)) and not word[0].isdigit() and word.casefold() not in _OPENERS


def _early(piece: str) -> bool:
    """Whether what would be a sentence is only the number of an item or a mark of omission."""
    if re.fullmatch(rf"[{_OPEN}\s]*(?:…|\.{{2,}}|\.\s\.\s\.)[{_CLOSE}]*", piece):
        return True
    return piece.endswith(".") and bool(_NUMBER_FIRST.search(piece[:-1][-40:]))
