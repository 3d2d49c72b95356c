"""Ids that belong together, put together pair by pair, and never what must stay apart."""

from collections.abc import Iterable

Pair = tuple[str, str]


class Groups:
    """Union-find over ids that refuses to join what must stay apart; the smallest id stands for its group."""

    def __init__(self, ids: Iterable[str], apart: Iterable[Pair] = ()) -> None:
        self.root = {id_: id_ for id_ in ids}
        self.members = {id_: {id_} for id_ in self.root}
        self.apart = {id_: set[str]() for id_ in self.root}
        self.joins: list[Pair] = []  # by which two groups became one, in order
        self.keep_apart(apart)

    def keep_apart(self, pairs: Iterable[Pair]) -> None:
        """Refuse to join these from now on; pairs of which an id is not known are left out."""
        for a, b in pairs:
            if a in self.root and b in self.root:
                self.apart[a].add(b)
                self.apart[b].add(a)

    def find(self, id_: str) -> str:
        """The id that stands for the group of an id."""
        while self.root[id_] != id_:
            self.root[id_] = self.root[self.root[id_]]
            id_ = self.root[id_]
        return id_

    def may_join(self, a: str, b: str) -> bool:
        """Whether nothing keeps the groups of two ids apart."""
        left, right = self.members[self.find(a)], self.members[self.find(b)]
        return not any(self.apart[x] & right for x in left)

    def join(self, a: str, b: str) -> bool:
        """Join two groups; False where one of their members must stay apart from one of the other's."""
        x, y = sorted((self.find(a), self.find(b)))
        if x == y:
            return True
        if not self.may_join(x, y):
            return False
        self.root[y] = x
        self.joins.append((a, b))
        self.members[x] |= self.members.pop(y)
        return True
