"""Records as rows of numbers that a linear model learns from: tf-idf of the words and pairs of words in their fields.

Three parts stand beside each other: the text (title and abstract, as ASReview's ELAS u4 has it), the title alone, and
the metadata (keywords and journal). Each row of each part has the length 1, or 0 where its field holds no word, so a
record without abstract or keywords is no shorter in the parts that it has. A model weighs the parts.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from scoping.tfidf import Tfidf, tfidf

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


def text_of(document: "Document | str") -> str:
    """Title, abstract and keywords; a plain text is taken as an abstract."""
    return _joined(*document[:3]) if isinstance(document, Document) else document


def _joined(*fields: str) -> str:
    return " ".join(field.strip() for field in fields if field.strip())


@dataclass(frozen=True, slots=True)
class Part:
    """One part of all records, as machines learn from it.

    `shared` are the features that two records have, or more; `alone` is, of each record, the sum of squares of its others;
    `features` counts both.
    """

    shared: Tfidf
    alone: Any
    features: int


@dataclass(frozen=True, slots=True)
class Space:
    """All records as rows, labelled ones included, as ASReview does."""

    parts: dict[str, Part]
    number: int
    bare: Any  # of each record, whether it has no abstract

    @property
    def features(self) -> int:
        """How many words and pairs of words the text has."""
        return self.parts["text"].features

    def weighed(self, weights: Mapping[str, float]) -> list[tuple[str, Part, float]]:
        """The parts that these records have, each with its name and what its squares weigh."""
        return [(name, self.parts[name], weight) for name, weight in weights.items() if name in self.parts]

    def only(self, chosen: Sequence[int]) -> "Space":
        """The same features of some records alone."""
        numbers = list(chosen)
        parts = {
            name: replace(part, shared=replace(part.shared, rows=part.shared.rows[numbers]), alone=part.alone[numbers])
            for name, part in self.parts.items()
        }
        return Space(parts, len(numbers), self.bare[numbers])

    @classmethod
    def of(cls, documents: "Sequence[Document | str]", parts: Container[str] = PARTS) -> "Space | None":
        """The rows of all documents (a plain text is taken as an abstract); None if no word tells any two apart."""
        import numpy as np

        whole = [each if isinstance(each, Document) else Document("", each) for each in documents]
        found: dict[str, Part] = {}
        for at, name in enumerate(PARTS):
            part = tfidf(each.parts[at] for each in whole) if name in parts else None
            if part is not None:
                found[name] = Part(*part.shared(), part.features)
        bare = np.array([not each.abstract.strip() for each in whole], dtype=bool)
        return cls(found, len(whole), bare) if "text" in found else None
