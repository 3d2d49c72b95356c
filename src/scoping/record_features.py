"""Records as rows of numbers that a linear model learns from: tf-idf of the words and pairs of words in their fields.

Three parts stand beside each other: the text (title and abstract, as ASReview's ELAS u4 has it), the title alone, and
the metadata (keywords and journal). Each row of each part has the length 1, or 0 where its field holds no word, so a
record without abstract or keywords is no shorter in the parts that it has. A model weighs the parts.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

PARTS = ("text", "title", "metadata")
_TFIDF = {"ngram_range": (1, 2), "sublinear_tf": True, "min_df": 1, "max_df": 0.95}


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
    """One part of all records: the rows (n x features, CSR), the words, and what turns a text into a row."""

    rows: Any
    names: list[str]
    vectorizer: Any


@dataclass(frozen=True, slots=True)
class Space:
    """All records as rows, labelled ones included, as ASReview does."""

    parts: dict[str, Part]
    number: int

    @property
    def features(self) -> int:
        """How many words and pairs of words the text has."""
        return len(self.parts["text"].names) if "text" in self.parts else 0

    @property
    def settings(self) -> dict[str, bool | float | int | str | list[int]]:
        """What the rows were made with, for a model card."""
        return {"features": "tf-idf", "ngram_range": [1, 2], "sublinear_tf": True, "min_df": 1, "max_df": 0.95}

    def rows(self, weights: Mapping[str, float]) -> tuple[Any, list[tuple[str, str]]]:
        """(rows with each part's squares weighed, the part and the word of each column)."""
        from scipy.sparse import hstack

        there = [(name, self.parts[name], weight) for name, weight in weights.items() if name in self.parts and weight]
        names = [(name, word) for name, part, _ in there for word in part.names]
        if len(there) == 1 and there[0][2] == 1:
            return there[0][1].rows, names
        return hstack([part.rows * weight**0.5 for _, part, weight in there], format="csr"), names

    @classmethod
    def of(cls, documents: "Sequence[Document | str]", parts: Container[str] = PARTS) -> "Space | None":
        """The rows of all documents (a plain text is taken as an abstract); None if no word tells any two apart."""
        whole = [each if isinstance(each, Document) else Document("", each) for each in documents]
        found: dict[str, Part] = {}
        for at, name in enumerate(PARTS):
            part = _part([each.parts[at] for each in whole]) if name in parts else None
            if part is not None:
                found[name] = part
        return cls(found, len(whole)) if "text" in found else None


def _part(texts: list[str]) -> Part | None:
    """One part; None where its texts hold no words, or every word is in more than 95% of them."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(**_TFIDF)
    try:
        rows = vectorizer.fit_transform(texts)
    except ValueError:
        return None
    return Part(rows, vectorizer.get_feature_names_out().tolist(), vectorizer)
