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
class Space:
    """All records as rows, labelled ones included, as ASReview does."""

    parts: dict[str, Tfidf]
    number: int
    bare: Any  # of each record, whether it has no abstract

    @property
    def features(self) -> int:
        """How many words and pairs of words the text has."""
        return self.parts["text"].features

    @property
    def settings(self) -> dict[str, bool | float | int | str | list[int]]:
        """What the rows were made with, for a model card."""
        return {"features": "tf-idf", "ngram_range": [1, 2], "sublinear_tf": True, "min_df": 1, "max_df": MOST}

    def rows(self, weights: Mapping[str, float]) -> Any:
        """The rows with each part's squares weighed (n x features, CSR); parts in the order of `weights`."""
        from scipy.sparse import hstack

        there = [(self.parts[name].rows, weight) for name, weight in weights.items() if name in self.parts]
        if len(there) == 1 and there[0][1] == 1:
            return there[0][0]
        return hstack([rows * weight**0.5 for rows, weight in there], format="csr")

    def split(self, weights: Mapping[str, float], columns: Any) -> dict[str, Any]:
        """Part -> what each of its features adds to a score, for the coefficients of the columns of `rows(weights)`."""
        found: dict[str, Any] = {}
        at = 0
        for name, weight in weights.items():
            if name in self.parts:
                found[name] = columns[at : at + self.parts[name].features] * weight**0.5
                at += self.parts[name].features
        return found

    @classmethod
    def of(cls, documents: "Sequence[Document | str]", parts: Container[str] = PARTS) -> "Space | None":
        """The rows of all documents (a plain text is taken as an abstract); None if no word tells any two apart."""
        import numpy as np

        whole = [each if isinstance(each, Document) else Document("", each) for each in documents]
        found: dict[str, Tfidf] = {}
        for at, name in enumerate(PARTS):
            part = tfidf([each.parts[at] for each in whole]) if name in parts else None
            if part is not None:
                found[name] = part
        bare = np.array([not each.abstract.strip() for each in whole], dtype=bool)
        return cls(found, len(whole), bare) if "text" in found else None
