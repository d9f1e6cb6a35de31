"""Names of everything that a knowledge base defines: how they are written and parsed.

A name is a string such as `rule:weak-leg`, `condition:sciatica:typical` or `scope`, so that it can be a key,
a node or a column. Only this module knows its syntax.
"""

from __future__ import annotations

from typing import NamedTuple

SEPARATOR = ":"


class Name(NamedTuple):
    """A parsed name. A name without a colon, such as `scope`, has only a kind."""

    kind: str
    name: str = ""
    support: str = ""


def name_of(kind: str, name: str, support: str = "") -> str:
    """The name of something of a kind; a condition may have a support."""
    return f"{kind}:{name}:{support}" if support else f"{kind}:{name}"


def parsed(text: str) -> Name:
    """The inverse of `name_of`."""
    return Name(*text.split(SEPARATOR, 2))


def kind_of(text: str) -> str:
    """The kind in a name: `rule` in `rule:weak-leg`."""
    return text.partition(SEPARATOR)[0]


def as_kind(text: str, kind: str) -> str:
    """A name with its kind replaced: `give:walk_upright` for `advice:walk_upright`."""
    return f"{kind}:{without_kind(text)}"


def without_kind(text: str) -> str:
    """A name without its kind; the whole text if it has none."""
    return text.partition(SEPARATOR)[2] or text


def without_support(text: str) -> str:
    """The name of a condition without its support; any other name unchanged."""
    kind, name, _ = parsed(text)
    return name_of(kind, name) if name else kind


def is_about(text: str, whole: str) -> bool:
    """Whether a name is `whole`, with or without a support."""
    return text == whole or text.startswith(f"{whole}:")
