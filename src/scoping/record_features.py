"""Records as rows of numbers that a linear model learns from: tf-idf of the words and pairs of words in their fields.

Three parts stand beside each other: the text (title and abstract, as ASReview's ELAS u4 has it), the title alone, and
the metadata (keywords and journal). Each row of each part has the length 1, or 0 where its field holds no word, so a
record without abstract or keywords is no shorter in the parts that it has. A model weighs the parts.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from scoping.tfidf import MOST, Tfidf, tfidf

PARTS = ("text", "title", "metadata")


class Document(NamedTuple):
    """What the ranker reads of a record."""

    title: str
    abstract: str
    keywords: str = ""
    journal: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The text of each part; fields that hold nothing leave no blank behind."""
        return (
            _joined(self.title, self.abstract),
            self.title.strip(),
            _joined(self.keywords, self.journal),
        )


def _joined(*fields: str) -> str:
    return " ".join(field.strip() for field in fields if field.strip())


@dataclass(frozen=True, slots=True)
class Part:
    """One part of all records, as machines learn from it.

    A word (or pair) of one record alone tells no other records apart; it only lengthens its own row. So `rows` has the
    `shared` features of `whole`, those of two records or more, and `alone` the sum of squares of what each row lacks.
    """

    whole: Tfidf
    shared: Any
    rows: Any
    alone: Any

    @classmethod
    def of(cls, whole: Tfidf) -> "Part":
        """The part of these rows."""
        import numpy as np

        shared = np.flatnonzero(np.bincount(whole.rows.indices, minlength=whole.features) > 1)
        rows = whole.rows[:, shared]
        return cls(whole, shared, rows, np.maximum(squares(whole.rows) - squares(rows), 0))


@dataclass(frozen=True, slots=True)
class Space:
    """All records as rows, labelled ones included, as ASReview does."""

    parts: dict[str, Part]
    number: int
    bare: Any  # of each record, whether it has no abstract

    @property
    def features(self) -> int:
        """How many words and pairs of words the text has."""
        return self.parts["text"].whole.features

    @property
    def settings(self) -> dict[str, bool | float | int | str | list[int]]:
        """What the rows were made with, for a model card."""
        return {"features": "tf-idf", "ngram_range": [1, 2], "sublinear_tf": True, "min_df": 1, "max_df": MOST}

    def rows(self, weights: Mapping[str, float]) -> tuple[Any, Any]:
        """(rows of the shared features with each part's squares weighed (CSR), the squares of what they lack)."""
        from scipy.sparse import hstack

        there = [(self.parts[name], weight) for name, weight in weights.items() if name in self.parts]
        if len(there) == 1 and there[0][1] == 1:
            return there[0][0].rows, there[0][0].alone
        rows = hstack([part.rows * weight**0.5 for part, weight in there], format="csr")
        return rows, sum(part.alone * weight for part, weight in there)

    def split(self, weights: Mapping[str, float], columns: Any) -> dict[str, Any]:
        """Part -> what each shared feature adds to a score, for the coefficients of the columns of `rows(weights)`."""
        found: dict[str, Any] = {}
        at = 0
        for name, weight in weights.items():
            if name in self.parts:
                number = len(self.parts[name].shared)
                found[name] = columns[at : at + number] * weight**0.5
                at += number
        return found

    def name(self, part: str, column: int) -> str:
        """The word or the pair of a shared feature."""
        return self.parts[part].whole.name(int(self.parts[part].shared[column]))

    @classmethod
    def of(cls, documents: "Sequence[Document | str]", parts: Container[str] = PARTS) -> "Space | None":
        """The rows of all documents (a plain text is taken as an abstract); None if no word tells any two apart."""
        import numpy as np

        whole = [each if isinstance(each, Document) else Document("", each) for each in documents]
        found: dict[str, Part] = {}
        for at, name in enumerate(PARTS):
            part = tfidf([each.parts[at] for each in whole]) if name in parts else None
            if part is not None:
                found[name] = Part.of(part)
        bare = np.array([not each.abstract.strip() for each in whole], dtype=bool)
        return cls(found, len(whole), bare) if "text" in found else None


def squares(rows: Any) -> Any:
    """The sum of squares of each row of a CSR matrix."""
    import numpy as np

    ends = np.concatenate([[0.0], np.cumsum(rows.data**2)])[rows.indptr]
    return np.diff(ends)
