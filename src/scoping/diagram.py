"""The flow diagram in words: what each box says, and its footnotes. Every number names the sets of ids that it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoping import exclusion_reasons, flow_words
from scoping.config import Review, Source
from scoping.drawing.flow import Box, Flow, Line
from scoping.prisma import OF_WHICH, Boxes, pending

KINDS = (
    ("website", "Websites"),
    ("organisation", "Organisations"),
    ("citation_searching", "Citation searching"),
    ("contact", "Contacts"),
)


@dataclass(frozen=True)
class _Words:
    """Lines that count what is behind them."""

    found: Boxes
    updated: bool
    included: str  # what is included, in the plural: studies, or sources of evidence
    most_reasons: int = 8  # lines of reasons in a box

    def counting(self, text: str, *boxes: str, indent: int = 0) -> Line:
        """A line with the number of ids of some boxes."""
        pairs = [(box, line) for box in boxes for line in self.found.ids.get(box, {})]
        return self.counting_lines(text, pairs, indent)

    def counting_lines(self, text: str, pairs: Iterable[tuple[str, str]], indent: int = 0) -> Line:
        """A line with the number of ids of some lines of boxes; a line without ids counts 0."""
        behind = tuple(pairs)
        number = sum(len(self.found.ids.get(box, {}).get(line, ())) for box, line in behind)
        return Line(text, indent, number=number, behind=behind)

    def simple(self, key: str, label: str, *more: Line) -> Box:
        """A label with its number below, and lines that are named by the protocol."""
        return Box(key, (Line(label, bold=True), self.counting("", key), *self.of_which(key), *more))

    def of_which(self, box: str) -> list[Line]:
        """The lines that the protocol adds to a box."""
        named = f"{box}{OF_WHICH}"
        return [self.counting_lines(label, [(named, label)], indent=1) for label in self.found.ids.get(named, {})]

    def waiting(self, text: str, box: str) -> list[Line]:
        """A line for what people have not done yet, where there is any."""
        return [self.counting(text, box)] if self.found.count(box) else []


def _identified(words: _Words, sources: Mapping[str, Source]) -> Box:
    """Each kind and each source, also one that gave nothing."""
    lines = [Line("Records identified from:", bold=True)]
    for kind, label in (("database", "Databases"), ("register", "Registers")):
        mine = [id_ for id_, source in sources.items() if source.kind.value == kind]
        lines.append(words.counting_lines(label, [("identified", id_) for id_ in mine]))
        lines += [words.counting_lines(sources[id_].name, [("identified", id_)], indent=1) for id_ in mine]
    return Box("identified", tuple(lines))


def _other_identified(words: _Words, sources: Mapping[str, Source]) -> Box:
    lines = [Line("Records identified from:", bold=True)]
    for kind, label in KINDS:
        mine = [id_ for id_, source in sources.items() if source.kind.value == kind]
        if mine:
            lines.append(words.counting_lines(label, [("other_identified", id_) for id_ in mine]))
    return Box("other_identified", tuple(lines))


def _removed(words: _Words) -> Box:
    lines = (
        Line("Records removed before screening:", bold=True),
        words.counting("Duplicate records", "duplicates"),
        words.counting("Records marked as ineligible by automation tools", "automation"),
        words.counting("Records removed for other reasons (unreadable)", "other_reasons"),
        *words.waiting("Records ineligible by automation: left unscreened by the declared stopping rule", "unscreened"),
    )
    return Box("removed", lines)


def _reasons(words: _Words, key: str, labels: Mapping[str, str]) -> Box:
    """Reports excluded, with each primary reason, in the order of the protocol; the smallest in one line."""
    lines = [Line("Reports excluded:", bold=True), words.counting("", key)]
    lines += [
        words.counting_lines(reason.label, [(key, id_) for id_ in reason.ids], indent=1)
        for reason in exclusion_reasons.folded(words.found.lines(key), labels, words.most_reasons)
    ]
    return Box(key, (*lines, *words.of_which(key)))


def _screening(words: _Words) -> list[Box]:
    """Records screened and excluded; where titles come first, by title and then by abstract."""
    awaiting = words.waiting("Awaiting screening", "awaiting_screening")
    if not words.found.titled:
        return [
            words.simple("screened", "Records screened", *awaiting),
            words.simple("excluded", "Records excluded"),
        ]
    later = [
        *words.waiting("Awaiting screening by abstract", "awaiting_abstract"),
        *words.waiting(
            "Ineligible by automation: left unscreened by the declared stopping rule", "abstract_unscreened"
        ),
    ]
    return [
        words.simple("title_screened", "Records screened by title", *awaiting),
        words.simple("title_excluded", "Records excluded by title"),
        words.simple("screened", "Records screened by abstract", *later),
        words.simple("excluded", "Records excluded by abstract"),
    ]


def _arm(words: _Words, prefix: str, reasons: Mapping[str, str]) -> list[Box]:
    waiting = words.waiting("Awaiting assessment", f"{prefix}awaiting_assessment")
    return [
        words.simple(f"{prefix}sought", "Reports sought for retrieval"),
        words.simple(f"{prefix}not_retrieved", "Reports not retrieved"),
        words.simple(f"{prefix}assessed", "Reports assessed for eligibility", *waiting),
        _reasons(words, f"{prefix}excluded" if prefix else "reports_excluded", reasons),
    ]


def _included(words: _Words) -> list[Box]:
    """What is included; in an updated review also what was before, and the total."""
    plural, capital = words.included, words.included.capitalize()
    of_which = [*words.of_which("included_reports"), *words.of_which("other_included_reports")]
    if not words.updated:
        lines = [
            Line(f"{capital} included in review", bold=True),
            words.counting("", "included_studies"),
            Line(f"Reports of included {plural}", bold=True),
            words.counting("", "included_reports", "other_included_reports"),
            *of_which,
        ]
        return [Box("included", tuple(lines))]
    new = [
        Line(f"New {plural} included in review", bold=True),
        words.counting("", "new_studies"),
        Line(f"Reports of new included {plural}", bold=True),
        words.counting("", "new_reports"),
        *words.waiting(f"Further reports of {plural} of the previous version", "further_reports"),
        *words.waiting("Reports that the previous version had included", "known_reports"),
        *of_which,
    ]
    before = [
        Line(f"{capital} included in previous version of review", bold=True),
        words.counting("", "previous_studies"),
        Line(f"Reports of {plural} included in previous version of review", bold=True),
        words.counting("", "previous_reports"),
    ]
    total = [
        Line(f"Total {plural} included in review", bold=True),
        words.counting("", "total_studies"),
        Line(f"Reports of total included {plural}", bold=True),
        words.counting("", "total_reports"),
    ]
    return [Box("included", tuple(new)), Box("previous", tuple(before)), Box("total", tuple(total))]


def flow(found: Boxes, review: Review, stop: str = "") -> Flow:
    """The diagram of the boxes; `review` needs title, notice, sources, criteria, report and previous.

    `stop`: what a declared stop rests on, in words.
    """
    reasons = {criterion.id: criterion.label for criterion in review.criteria.exclude}
    most = review.report.reasons
    words = _Words(found, review.previous is not None, review.report.wording, most)
    boxes = [
        _identified(words, review.sources),
        _removed(words),
        *_screening(words),
        *_arm(words, "", reasons),
        *_included(words),
    ]
    if any(source.kind.arm == "other" for source in review.sources.values()):
        boxes += [_other_identified(words, review.sources), *_arm(words, "other_", reasons)]
    new = "new " if words.updated else ""
    return Flow(
        boxes={box.key: box for box in boxes},
        headings={
            "previous": f"Previous {words.included}",
            "databases": f"Identification of {new}{words.included} via databases and registers",
            "other": f"Identification of {new}{words.included} via other methods",
        },
        footnotes=flow_words.footnotes(
            found, words.included, review.previous.citation if review.previous else "", stop
        ),
        draft=pending(found),
        notice=review.notice,
        title=f"{flow_words.TITLE}: {review.title}",
        caption=flow_words.caption(found, words.included, stop),
        alt=flow_words.alt_text(found, reasons, words.included, updated=words.updated, most=most),
    )
