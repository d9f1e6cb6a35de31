"""The fields of a mapping in a file, with their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.problem import Span, quoted
from facts.trees.tree import Node


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of a mapping by key, the places of the keys, and where to report what it lacks.

    `misspelt` are the keys that were probably meant by keys that are not known.
    """

    values: Mapping[str, Node]
    keys: Mapping[str, Span]
    span: Span
    where: str
    misspelt: frozenset[str] = frozenset()

    def get(self, key: str) -> Node | None:
        """The value at a key, or None."""
        return self.values.get(key)


def lines_of(keys: Sequence[str]) -> str:
    """Keys as lines to write."""
    return quoted(f"{key}: ..." for key in keys)
