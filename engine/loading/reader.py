"""Reading YAML nodes: fields, words and texts, with every problem collected.

A reader never raises: it reports the problem and returns a value with which reading can continue, so that all
problems of a knowledge base are found at once. Consequences of a reported problem are not reported: names of
a section that could not be read (`unsure`), and uses of a wrong definition (`unsound`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Sequence as Names
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from engine.loading.names import a, meant, name_problem, plural
from facts.answer import NO, YES
from facts.nearest import nearest
from facts.problem import Problem, Span, quote, quoted
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar, Sequence, describe
from facts.trees.yaml_tree import MAX_PROBLEMS


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of a mapping by key, the places of its keys, and where to report missing keys.

    `misspelt` has the allowed keys that unknown keys were probably meant to be.
    """

    values: Mapping[str, Node]
    keys: Mapping[str, Span]
    span: Span
    where: str
    misspelt: frozenset[str] = frozenset()

    def get(self, key: str) -> Node | None:
        """The value at a key, or None."""
        return self.values.get(key)


class Use(NamedTuple):
    """A place where a name is declared or read, and the section that declares it.

    An option has the section `options` and its question in `of`; a class has the section `classes` and its
    score or question there.
    """

    section: str
    name: str
    span: Span
    of: str = ""


def lines_of(keys: Names[str]) -> str:
    """Keys as lines to write, quoted for help."""
    return quoted(f"{key}: ..." for key in keys)


MOST_COMPARED = 200_000
"""Maximum number of known names that misspelt words are compared with, in all."""


@dataclass
class Reader:
    """Turns nodes into values and collects problems. `names` has all declared names by section.

    `rows` has the rows of neighbouring classes that parts name together, by score or question; `uses` has
    every place that reads a name, and the declarations of options and classes.
    """

    names: Mapping[str, Mapping[str, Span]]
    problems: list[Problem]
    unsure: set[str] = field(default_factory=set)
    unsound: set[tuple[str, str]] = field(default_factory=set)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    numbers_read: set[str] = field(default_factory=set)
    rows: dict[str, dict[tuple[int, int], None]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    noted: int = 0
    compared: int = 0
    nearest: dict[tuple[str, int], str] = field(default_factory=dict)

    def report(
        self, code: str, message: str, span: Span, help: str = "", earlier: Span | None = None
    ) -> None:
        """Note a problem from its fields."""
        self.note(Problem(code, message, span, help, earlier))

    def note(self, problem: Problem) -> None:
        """Note a problem. After `MAX_PROBLEMS`, problems are only counted."""
        self.noted += 1
        if self.noted <= MAX_PROBLEMS:
            self.problems.append(problem)

    def use(self, section: str, node: Scalar, of: str = "") -> None:
        """Note that a node names an entry of a section, or an option or class of `of`."""
        self.uses.append(Use(section, node.text, node.span, of))

    def check_name(self, key: Scalar, what: str) -> bool:
        """Whether a name may be declared; if not, the problem is noted."""
        problem = name_problem(key, what)
        if problem is not None:
            self.note(problem)
        return problem is None

    def wrong(self, node: Node, message: str, at: Span, help: str = "", earlier: Span | None = None) -> None:
        """Report a value of the wrong type. The message ends with a description of the value."""
        empty = isinstance(node, Scalar) and node.plain and not node.text
        span = at if isinstance(node, Scalar) and empty and not node.is_alias else node.span
        but = "but nothing is written here" if empty else f"not {describe(node)}"
        self.report("wrong-type", f"{message}, {but}", span, help, earlier)

    def entry(
        self, key: Scalar, node: Node, what: str, required: Names[str], optional: Names[str] = ()
    ) -> Fields:
        """The fields of a named entry of a section; missing keys are reported at its name."""
        return self.fields(node, f"{what} {quote(key.text)}", required, optional, key.span)

    def fields(
        self, node: Node, where: str, required: Names[str], optional: Names[str] = (), at: Span | None = None
    ) -> Fields:
        """The fields of a mapping. Unknown keys are reported where they are, missing keys at `at`."""
        allowed = list(dict.fromkeys((*required, *optional)))
        if not isinstance(node, Map):
            help = f"write {lines_of(required or allowed)} below it"
            self.wrong(node, f"{where} must be a mapping", at or node.span, help)
            return Fields({}, {}, at or node.span, where)
        misspelt = set()
        for key, _ in node.entries:
            if key.text not in allowed:
                misspelt.add(self.near(key.text, allowed))
                help = self.hint(key.text, allowed, "keys")
                if " " in key.text and ("{" in key.span.source or "," in key.span.source):
                    help = "put quotes around a text with a comma inside `{...}`"
                self.report("unknown-key", f"{where} has no {quote(key.text)}", key.span, help)
        values = {key.text: value for key, value in node.entries}
        missing = [key for key in required if key not in values and key not in misspelt]
        if missing:
            help = f"add {lines_of(missing)}"
            self.report("missing-key", f"{where} lacks {quoted(missing)}", at or node.span, help)
        keys = {key.text: key.span for key, _ in node.entries}
        return Fields(values, keys, at or node.span, where, frozenset(misspelt))

    def text(self, fields: Fields, key: str) -> str:
        """The text at a key; empty if absent or wrong."""
        node = fields.get(key)
        return "" if node is None else self.text_of(node, f"{quote(key)} of {fields.where}", fields.keys[key])

    def text_of(self, node: Node, where: str, at: Span) -> str:
        """A text with its lines folded into one; empty after reporting a problem."""
        if isinstance(node, Scalar) and not node.is_null and node.text.strip():
            return " ".join(node.text.split())
        if isinstance(node, Scalar):
            span = node.span if node.is_alias else at
            self.report("no-text", f"{where} has no text", span, "write the text that people read")
        else:
            help = "write the text after its key; put quotes around it if it begins with a bracket"
            self.wrong(node, f"{where} must be a text", at, help)
        return ""

    def flag(self, fields: Fields, key: str) -> bool:
        """The yes or no at a key; False if absent or wrong."""
        node = fields.get(key)
        if node is None or (isinstance(node, Scalar) and node.text in YES + NO):
            return isinstance(node, Scalar) and node.text in YES
        self.wrong(node, f"{quote(key)} of {fields.where} must be `true` or `false`", fields.keys[key])
        return False

    def items(
        self, node: Node | None, help: str = "name at least one, or remove the key"
    ) -> tuple[Node, ...]:
        """The items of a list. A single value counts as a list of one; an empty list is reported."""
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            return (node,)
        if not node.items:
            self.report("empty-list", "the list is empty", node.span, help)
        return node.items

    def declared(self, node: Node, section: str, what: str) -> str:
        """A name declared in a section; empty after reporting an unknown one."""
        known = self.names.get(section, {})
        if isinstance(node, Scalar) and node.text in known:
            self.use(section, node)
            return node.text
        if isinstance(node, Scalar) and section in self.unsure:
            return ""
        return self._unknown(node, known, what, f"declare a new one under `{section}`")

    def word(self, node: Node, words: Collection[str], what: str) -> str:
        """One of the given words; empty after reporting any other."""
        if isinstance(node, Scalar) and node.text in words:
            return node.text
        return self._unknown(node, words, what)

    def _unknown(self, node: Node, known: Collection[str], what: str, help: str = "") -> str:
        if isinstance(node, Scalar) and not node.is_null and node.text:
            hint = "" if what == "claim" else self.hint(node.text, known, plural(what))
            if not hint.startswith("did you mean"):
                hint = "; ".join(filter(None, (hint, help)))
            self.report(f"unknown-{what}", f"there is no {what} {quote(node.text)}", node.span, hint)
        else:
            help = self.hint("", known, plural(what))
            self.wrong(node, f"the name of {a(what)} must be one word", node.span, help)
        return ""

    def near(self, word: str, known: Collection[str]) -> str:
        """The known name most similar to a word, or an empty string. Stops comparing after `MOST_COMPARED`
        names.
        """
        if self.noted >= MAX_PROBLEMS or self.compared > MOST_COMPARED:
            return ""
        if (word, len(known)) not in self.nearest:
            self.compared += len(known)
            self.nearest[word, len(known)] = nearest(word, known)
        found = self.nearest[word, len(known)]
        return found if found in known else ""

    def hint(self, word: str, known: Collection[str], what: str) -> str:
        """Help with an unknown word. `what` is the word for the known ones, in the plural."""
        return meant(word, known, what, self.near(word, known))

    def name_list(self, node: Node | None, section: str, what: str) -> tuple[str, ...]:
        """One declared name or a list of them, without duplicates."""
        return tuple(name for name, _ in self.placed(node, section, what))

    def placed(self, node: Node | None, section: str, what: str) -> list[tuple[str, Span]]:
        """One declared name or a list of them, without duplicates, each with its place."""
        found: dict[str, Span] = {}
        for item in self.items(node):
            name = self.declared(item, section, what)
            if name in found:
                self.twice(name, item.span, found[name])
            elif name:
                found[name] = item.span
        return list(found.items())

    def twice(self, name: str, span: Span, earlier: Span) -> None:
        """Report a name that occurs twice in a list."""
        self.report("duplicate-item", f"{quote(name)} is in the list twice", span, "remove one", earlier)
