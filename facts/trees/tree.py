"""The tree that YAML and JSON are parsed into: scalars, lists and mappings with source positions.

Scalars keep words as written; nothing is converted to a date, a Boolean or a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from facts.problem import Span, quote

# Unquoted words that YAML 1.1 converts to another type: https://yaml.org/type/
TWISTED = re.compile(
    r"~|null|yes|no|on|off|true|false|y|n|[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?0x[0-9a-f_]+"
    r"|[-+]?\d[\d_]*(\.[\d_]*)?(e[-+]?\d+)?|[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?|[-+]?\.(inf|nan)"
    r"|[-+]?\.\d[\d_]*(e[-+]?\d+)?|\d{4}-\d\d?-\d\d?([Tt ].*)?|=|<<",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or text; `plain` if it is unquoted."""

    text: str
    plain: bool
    span: Span = field(compare=False)

    @property
    def is_null(self) -> bool:
        """Whether it is an unquoted empty text, `null` or `~`."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")

    @property
    def is_alias(self) -> bool:
        """Whether it replaces a YAML alias, which is not read."""
        return self.plain and not self.text and self.span.source[self.span.column - 1 :].startswith("*")

    @property
    def is_twisted(self) -> bool:
        """Whether YAML 1.1 would convert this word, unquoted, to a Boolean, a number, a date or null."""
        return TWISTED.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order written, without duplicates."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span = field(compare=False)

    def get(self, key: str) -> Node | None:
        """The value at `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def describe(node: Node) -> str:
    """Describe a node in a message."""
    match node:
        case Mapping(entries):
            return "a mapping" if entries else "an empty mapping"
        case Sequence(items):
            return "a list" if items else "an empty list"
        case Scalar(""):
            return "nothing" if node.plain else "an empty text"
        case Scalar(text):
            return quote(" ".join(text.split()) or text)
