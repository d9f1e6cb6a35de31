"""Reading the trees of the language: fields, words, texts and numbers, with every problem collected.

A reader never raises: it notes the problem and returns a value that lets reading go on, so that all
problems of a knowledge base come out at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Names
from dataclasses import dataclass, field

from facts.case import NO, NUMERAL, YES
from facts.document import Mapping as Map
from facts.document import Node, Scalar, Sequence, describe
from facts.problem import Problem, Span, quoted, suggest

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")
WORDS_OF_THE_LANGUAGE = frozenset(
    (
        *("all", "any", "not", "at_least", "at_most", "above", "below", "count", "of"),
        *("when", "unless", "then", "because", "claims", "ours", "always", "none", "unknown"),
        *("finding", "condition", "support", "counts_against", "triage", "triage_at_least"),
        *("advice", "give", "hold", "hold_kind", "score", "yes", "no", "true", "false"),
    )
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of a mapping by key, and where they stand."""

    values: Mapping[str, Node]
    span: Span
    where: str

    def get(self, key: str) -> Node | None:
        """The value at a key, or None."""
        return self.values.get(key)


@dataclass
class Reader:
    """Collects problems while it turns nodes into values. `names` are all declared names by section."""

    names: Mapping[str, Mapping[str, Span]]
    numbers: dict[str, int | float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def report(
        self, code: str, message: str, span: Span, help: str = "", earlier: Span | None = None
    ) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, message, span, help, earlier))

    def fields(self, node: Node, where: str, required: Names[str], optional: Names[str] = ()) -> Fields:
        """The fields of a mapping; unknown and missing keys are reported."""
        allowed = [*required, *optional]
        if not isinstance(node, Map):
            help = f"write {quoted(f'{key}: ...' for key in required or optional)} below it"
            self.report("wrong-type", f"{where} is a mapping, not {describe(node)}", node.span, help)
            return Fields({}, node.span, where)
        for key, _ in node.entries:
            if key.text not in allowed:
                help = suggest(key.text, allowed, "keys")
                self.report("unknown-key", f"{where} has no `{key.text}`", key.span, help)
        missing = [key for key in required if node.get(key) is None]
        if missing:
            help = f"add {quoted(f'{key}: ...' for key in missing)}"
            self.report("missing-key", f"{where} lacks {quoted(missing)}", node.span, help)
        return Fields({key.text: value for key, value in node.entries}, node.span, where)

    def text(self, fields: Fields, key: str) -> str:
        """A text; empty where it is absent."""
        node = fields.get(key)
        if node is None:
            return ""
        if isinstance(node, Scalar) and not node.is_null and node.text.strip():
            return " ".join(node.text.split())
        self.report("wrong-type", f"`{key}` of {fields.where} is a text, not {describe(node)}", node.span)
        return ""

    def flag(self, fields: Fields, key: str) -> bool:
        """A yes or no; no where it is absent."""
        node = fields.get(key)
        if node is None:
            return False
        if isinstance(node, Scalar) and node.text in YES + NO:
            return node.text in YES
        message = f"`{key}` of {fields.where} is `true` or `false`, not {describe(node)}"
        self.report("wrong-type", message, node.span)
        return False

    def number(self, node: Node | None, where: str) -> int | float:
        """A number, or the name of one in `numbers`."""
        if node is None:
            return 0
        if isinstance(node, Scalar) and NUMERAL.fullmatch(node.text):
            return float(node.text) if "." in node.text else int(node.text)
        if isinstance(node, Scalar) and NAME.fullmatch(node.text):
            return self.numbers.get(self.declared(node, "numbers", "number"), 0)
        self.report("wrong-type", f"{where} is a number, not {describe(node)}", node.span)
        return 0

    def whole(self, node: Node | None, where: str, scale: int = 1) -> int:
        """A number times `scale` that must come out whole."""
        value = self.number(node, where)
        if node is not None and abs(value * scale - round(value * scale)) > 1e-6:
            allowed = "a whole number" if scale == 1 else "a number with at most three decimals"
            self.report("wrong-type", f"{where} is {allowed}, not {describe(node)}", node.span)
        return round(value * scale)

    def declared(self, node: Node, section: str, what: str, narrowed: Iterable[str] | None = None) -> str:
        """A name that must be declared in a section; empty where it is not."""
        known = list(self.names.get(section, {})) if narrowed is None else list(narrowed)
        if isinstance(node, Scalar) and node.text in known:
            return node.text
        if isinstance(node, Scalar) and not node.is_null:
            help = suggest(node.text, known, "declared") or f"declare it under `{section}`"
            self.report(f"unknown-{what}", f"no {what} is called `{node.text}`", node.span, help)
        else:
            self.report("wrong-type", f"the name of a {what} is one word, not {describe(node)}", node.span)
        return ""

    def name_list(self, node: Node | None, section: str, what: str) -> tuple[str, ...]:
        """One declared name or a list of them."""
        found = [self.declared(item, section, what) for item in self.items(node)]
        return tuple(name for name in found if name)

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The items of a list; a single value is a list of one, an empty list is a problem."""
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            return (node,)
        if not node.items:
            self.report(
                "empty-list", "the list is empty", node.span, "name at least one, or leave the key out"
            )
        return node.items

    def check_name(self, key: Scalar, what: str) -> None:
        """Whether a name may be declared: letters, digits, `_`, `-`; no word of the language."""
        if key.is_twisted:
            message = f"`{key.text}` cannot name a {what}: YAML 1.1 readers turn it into another value"
            self.report(
                "twisted-name", message, key.span, f"choose another word, such as `{_spoken(key.text)}`"
            )
        elif key.text in WORDS_OF_THE_LANGUAGE:
            message = f"`{key.text}` cannot name a {what}: it is a word of the language"
            self.report(
                "reserved-name", message, key.span, f"choose another word, such as `{key.text}_{what}`"
            )
        elif not NAME.fullmatch(key.text):
            message = f"`{key.text}` cannot name a {what}"
            help = "use letters, digits, `_` and `-`, and begin with a letter"
            self.report("bad-name", message, key.span, help)


def _spoken(word: str) -> str:
    letters = re.sub(r"[^A-Za-z0-9]+", "_", word).strip("_")
    return f"is_{letters}" if letters else "nothing"
