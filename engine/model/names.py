"""The names of what a knowledge base defines: how they are written, and read again.

A name is a text such as `rule:weak-leg`, `condition:sciatica:typical` or `scope`, so that it can be a key, a
node and a column. Only this module knows how a name is put together.
"""

from __future__ import annotations

from typing import NamedTuple

SEPARATOR = ":"


class Name(NamedTuple):
    """A name in its pieces. What stands alone, such as `scope`, is a kind without a name."""

    kind: str
    name: str = ""
    support: str = ""


def name_of(kind: str, name: str, support: str = "") -> str:
    """The name of something of a kind; of a condition with its support."""
    return f"{kind}:{name}:{support}" if support else f"{kind}:{name}"


def parsed(text: str) -> Name:
    """The pieces of a name; the inverse of `name_of`."""
    return Name(*text.split(SEPARATOR, 2))


def kind_of(text: str) -> str:
    """The kind of a name."""
    return text.partition(SEPARATOR)[0]


def as_kind(text: str, kind: str) -> str:
    """The name of the same thing as another kind: of the advice that is given, the rules that give it."""
    return f"{kind}:{without_kind(text)}"


def without_kind(text: str) -> str:
    """A name without its kind, the whole text where there is none."""
    return text.partition(SEPARATOR)[2] or text


def without_support(text: str) -> str:
    """The name of a condition, whatever its support; any other name as it is."""
    kind, name, _ = parsed(text)
    return name_of(kind, name) if name else kind


def is_about(text: str, whole: str) -> bool:
    """Whether a name is `whole`, or that with a support."""
    return text == whole or text.startswith(f"{whole}:")
