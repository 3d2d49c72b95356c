"""Spelling folded for matching, British and American alike: what is stored or shown is never changed.

A folded form is no proper spelling; it only has to be equal for the variants of a word, and different for different words.
"""

import re
import unicodedata
from functools import lru_cache

_LATIN = {"paed": "ped", "haem": "hem", "anaes": "anes", "aemia": "emia", "gynaec": "gynec", "aetiol": "etiol"} | {
    "caesar": "cesar", "faec": "fec", "archaeo": "archeo", "oestr": "estr", "oedem": "edem", "oesoph": "esoph",
    "foet": "fet", "rrhoea": "rrhea", "homoeo": "homeo", "manoeuvre": "maneuver", "sceptic": "skeptic",
    "acknowledgement": "acknowledgment", "judgement": "judgment", "practis": "practic", "focuss": "focus",
    "licenc": "licens", "defenc": "defens", "offenc": "offens", "pretenc": "pretens", "ageing": "aging",
}  # fmt: skip
_OUR = (
    "arm|ard|behavi|cand|clam|col|demean|endeav|fav|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|savi|sav|splend"
    "|succ|tum|val|vap|vig"
)
_RULES = (
    (re.compile("|".join(_LATIN)), lambda found: _LATIN[found[0]]),
    (re.compile("(?<=[a-z][iy])z(?=[aei]|$)"), lambda _: "s"),  # mobilization, organize, analyze; the stem mobiliz*
    (re.compile(f"({_OUR})our"), lambda found: f"{found[1]}or"),
    (
        re.compile("(cent|theat|lit|fib|calib|somb|meag|spect|lust|met)er(?=s?$)|(cent|theat|fib)er(?=ed$)"),
        lambda found: f"{found[1]}re" if found[1] else f"{found[2]}r",
    ),
    (re.compile("(?<=program)me"), lambda _: ""),
    (re.compile("logue(?=[sd]?$)"), lambda _: "log"),
    (re.compile("^(en)(?=quir)"), lambda _: "in"),
    (re.compile("^grey"), lambda _: "gray"),
    (re.compile("(fulfi|enro|insti|disti|appa|insta)ll(?=$|s$|ment)"), lambda found: f"{found[1]}l"),
    (re.compile("(ski|wi)ll(?=ful)"), lambda found: f"{found[1]}l"),
    (re.compile("([aeiou][a-z]*?[aeiou])ll(?=(?:ed|ing|ings|er|ers|or|ors)$)"), lambda found: f"{found[1]}l"),
    (re.compile("^(learn|spel|spoil|burn|dream)t$"), lambda found: f"{found[1]}ed"),
    (re.compile("^(while|among)st$|^(whil|among)st$"), lambda found: "while" if "whil" in found[0] else "among"),
)

_LONGEST = 60
"""Letters; what is longer is no word."""


def plain(word: str) -> str:
    """A word in one Unicode form and without capitals; accents stay."""
    return unicodedata.normalize("NFKC", word).casefold()


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """A word, or the stem of one, in the form in which it is compared."""
    word = plain(word)
    if len(word) > _LONGEST:
        return word
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word
