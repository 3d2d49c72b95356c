"""Whether two names of journals (in words, as `comparable.journal_words` gives them) may be those of one.

Databases write a journal in full or abbreviated by ISO 4, which cuts words at their end (`psychol`) or contracts them
(`dtsch`) and leaves articles and conjunctions out; what neither rule gives stands in two tables.
"""

from functools import lru_cache

_LEFT_OUT = "of the and for in on de la et und der fur del des a an"
_SMALL = frozenset(_LEFT_OUT.split())
_CONTRACTED = {
    "cdn": ("canadian",), "ctr": ("center", "centre"), "ctry": ("country",), "dt": ("deutsche", "deutsches"),
    "edn": ("education",), "fdn": ("foundation",), "gt": ("great",), "hlth": ("health",), "jl": ("journal",),
    "jnl": ("journal",), "jpn": ("japan", "japanese"), "ltrs": ("letters",), "mfg": ("manufacturing",),
    "mgt": ("management",), "mt": ("mount",), "mtg": ("meeting",), "nth": ("north",), "qly": ("quarterly",),
    "st": ("saint",), "sth": ("south",), "wkly": ("weekly",), "yb": ("yearbook",), "zbl": ("zentralblatt",),
    "ztg": ("zeitung",), "ztschr": ("zeitschrift",),
}  # fmt: skip
_SHORT_FOR = {
    "acm": "association for computing machinery",
    "ama": "american medical association",
    "apa": "american psychological association",
    "cochrane db": "cochrane database",
    "ieee": "institute of electrical and electronics engineers",
    "mis": "management information systems",
    "plos": "public library of science",
    "pnas": "proceedings of the national academy of sciences",
    "u s a": "united states of america",
    "uk": "united kingdom",
    "usa": "united states of america",
    "who": "world health organization",
}


@lru_cache(maxsize=200_000)
def journals_alike(a: str, b: str) -> float:
    """How far two names may be those of one journal, 0 to 1."""
    if a == b:
        return 1.0
    a, b = _written_out(a, b), _written_out(b, a)
    shorter, longer = sorted(([w for w in name.split() if w not in _SMALL] for name in (a, b)), key=len)
    if not shorter:
        return 0.0
    if len(shorter) == 1 and shorter[0] == "".join(word[0] for word in longer) and len(longer) > 1:
        return 0.95
    at = hits = 0
    for word in shorter:
        for place in range(at, len(longer)):
            if _abbreviates(word, longer[place]):
                hits, at = hits + 1, place + 1
                break
    return hits / len(shorter) * (0.6 + 0.4 * len(shorter) / len(longer))


def _written_out(name: str, other: str) -> str:
    """A name with what its initials stand for, if the other has that in full."""
    padded = f" {name} "
    for short, full in _SHORT_FOR.items():
        if f" {short} " in padded and full in other:
            padded = padded.replace(f" {short} ", f" {full} ")
    return padded.strip()


def _abbreviates(a: str, b: str) -> bool:
    """Cut at its end, or a contraction: of few letters in their order, such as `dtsch` for `deutsche`, or a known one."""
    short, long = sorted((a, b), key=len)
    if long.startswith(short) or long in _CONTRACTED.get(short, ()):
        return True
    letters = iter(long)
    return (
        3 < len(short) < 7 and short[:1] == long[:1] and len(short) + 2 < len(long) and all(c in letters for c in short)
    )
