"""Which included reports are of one study, which of its reports speaks for it, how many models it describes."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from scoping import matching, study_answers
from scoping.companions import LIKELY, Pair
from scoping.groups import Groups
from scoping.schemas_studies import DIFFERENT_STUDIES, SAME_STUDY
from scoping.study_answers import Answers
from scoping.tables import Row, compact


def studies(
    records: Sequence[Row], included: Collection[str], said: Answers, coded: Mapping[str, int], *, ask: bool
) -> tuple[list[Row], Groups, list[Row]]:
    """(rows of the table of studies, records grouped into studies, problems).

    `coded` gives the answers of coders to a report; `ask` says whether people are asked for models.
    """
    groups, problems = study_answers.link(records, said)
    by_id = {row["record_id"]: row for row in records if row["record_id"] in included}
    main: dict[str, str] = {}
    for id_ in sorted(by_id, key=lambda id_: _precedence(by_id[id_], coded.get(id_, 0))):
        main.setdefault(groups.find(id_), id_)
    rows = []
    for id_ in sorted(by_id):
        first = main[groups.find(id_)]
        count, names = said.models.get(id_, (1, ()))
        rows.append(
            {
                "record_id": id_,
                "study_id": groups.find(id_),
                "main": first,
                "models": str(count),
                "names": compact(list(names)),
                "answered": "yes" if id_ in said.models else "",
                "asked": "yes" if ask and id_ == first and id_ not in said.models else "",
            }
        )
    lacking = study_answers.lacking(said, included, {row["record_id"]: row["main"] for row in rows})
    return rows, groups, [*said.problems, *problems, *lacking]


def _precedence(row: Row, coded: int) -> tuple[int, bool, bool, str, str]:
    """What a study's main report is chosen by; the smallest wins.

    Coded already, then neither a protocol nor a correction nor a reply, a journal article, the earliest, the id.
    """
    special = bool(matching.marks(row["title"]))
    return -coded, special, row["type"] != "article-journal", row["year"] or "9999", row["record_id"]


def pairs(found: Iterable[Pair], said: Answers, groups: Groups, included: Collection[str], *, ask: bool) -> list[Row]:
    """Every pair that was found, and every answer about included reports.

    `open` marks one pair for each two groups that nobody has told apart or linked yet, the likeliest.
    """
    by_pair = {(pair.a, pair.b): pair for pair in found}
    answered = {pair for pair in said.pairs if set(pair) <= set(included)}
    told = {tuple(sorted(map(groups.find, pair))) for pair in said.of(DIFFERENT_STUDIES)}
    rows = []
    asked: set[tuple[str, ...]] = set()
    for pair in sorted(
        {*by_pair, *answered}, key=lambda pair: (-by_pair[pair].score if pair in by_pair else 0.0, pair)
    ):
        match = by_pair.get(pair)
        answer, people = said.pairs.get(pair, ("", ()))
        ends = tuple(sorted(map(groups.find, pair)))
        is_open = ask and not answer and ends[0] != ends[1] and ends not in told and ends not in asked
        asked |= {ends} if is_open else set()
        rows.append(
            {
                "a": pair[0],
                "b": pair[1],
                "score": f"{match.score:g}" if match else "0",
                "why": match.why if match else "a person said so",
                "suggestion": SAME_STUDY if match and match.score >= LIKELY else "",
                "answer": answer,
                "people": compact(list(people)),
                "open": "yes" if is_open else "",
            }
        )
    return rows
