"""The parts of a `when`: from YAML nodes to `Part` values, with names and values checked.

In: a node and the questionnaire. Out: a part; a wrong one is reported and replaced by a stand-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.loading.answers import compare
from engine.loading.bounds import Range, read_bounds
from engine.loading.names import glued
from engine.loading.numbers import MAX_DECIMALS, whole
from engine.loading.part_help import Of, help_with, listing
from engine.loading.reader import Reader
from engine.model.classes import Classes, ClassesOf
from engine.model.knowledge_base import SUPPORT
from engine.model.names import name_of
from engine.model.parts import BOUNDS, COUNTS, All, Always, AnyOf, Bound, Count, Not, Part, Ref, Scored
from engine.model.scores import TICKS
from facts.problem import Span, quote, quoted
from facts.trees.tree import Mapping, Node, Scalar, Sequence, describe
from facts.vocabulary import Questionnaire

WORDS = ("all", "any", "not", *COUNTS, "finding", "condition", "triage_at_least", "advice", "score", "class")
NAMED = {
    "finding": ("findings", "finding", "finding", ""),
    "condition": ("conditions", "condition", "condition", "possible"),
    "advice": ("advice", "advice", "advice", ""),
    "triage_at_least": ("triage", "level", "triage", ""),
    "advice_kind": ("advice_kinds", "kind", "kind", ""),
    "triage": ("triage", "level", "level", ""),
    "held": ("advice", "advice", "hold", ""),
}
"""The parts that refer to declared names: the section, the word for it, and the kind and support of the name.
"""
OF_PROPERTIES = {
    "advice_kind": "name the items instead: `advice: [item, ...]`",
    "triage": "write `triage_at_least: level`",
    "held": "write the `when` of the rule that holds the item back",
}
"""The parts that only properties may have, and what to write elsewhere."""


@dataclass
class PartReader:
    """Reads the parts of rules and similar entries, or those of properties."""

    reader: Reader
    questions: Questionnaire
    classes: ClassesOf
    of: Of = "rule"

    @property
    def words(self) -> tuple[str, ...]:
        """The words that a part may begin with."""
        return (*WORDS, *OF_PROPERTIES) if self.of == "property" else WORDS

    def part(self, node: Node, at: Span | None = None) -> Part:
        """One part; a mapping of several means all of them. `at` is the place of the key that holds it."""
        if isinstance(node, Scalar) and node.text == "always":
            return Always()
        if not isinstance(node, Mapping):
            said, several = node.text if isinstance(node, Scalar) else "", isinstance(node, Sequence)
            help = "write lines `question: answer`, or `always` if it holds for everybody"
            help = (
                "write `all: [...]` if all must hold, or `any: [...]` if one is enough" if several else help
            )
            help = glued(said, (*self.questions, *self.words)) or help
            self.reader.wrong(node, "a part must be a mapping", at or node.span, help)
            return Always()
        if not node.entries:
            help = "name a question, or write `always` if it holds for everybody"
            self.reader.report("empty-part", "the part is empty", node.span, help)
        beside = next(
            (key for key, _ in node.entries if key.text == "of" and "of" not in self.questions), None
        )
        if beside is not None:
            message = f"`of` is only allowed inside {quoted(COUNTS)}"
            help = "write `at_least: {count: 2, of: [...]}`"
            self.reader.report("unknown-question", message, beside.span, help)
            return Always()
        return _together([self._entry(key, value) for key, value in node.entries], node.span)

    def _entry(self, key: Scalar, value: Node) -> Part:
        if ("questions", key.text) in self.reader.unsound:
            return Always()
        match key.text:
            case "all":
                return All(self._parts(key, value), key.span)
            case "any":
                return AnyOf(self._parts(key, value), key.span)
            case "not":
                return Not(self.part(value, key.span), key.span)
            case word if word in COUNTS and not self._is_bound(key, value):
                return self._count(key, value)
            case "score":
                return self._score(key, value)
            case "class":
                return self._class(key, value)
            case "condition" if isinstance(value, Mapping):
                return self._graded(value)
            case word if word in OF_PROPERTIES and self.of != "property":
                message = f"`{word}` is only allowed in properties, the entries of `safety`"
                self.reader.report("property-only", message, key.span, OF_PROPERTIES[word])
                return Always()
            case word if word in NAMED:
                return self._named(key, value)
        question = self.questions.get(key.text)
        if question is not None:
            self.reader.use("questions", key)
            return compare(self.reader, question, key, value)
        if "questions" not in self.reader.unsure:
            message = f"there is no question {quote(key.text)}"
            help = help_with(self.reader, key.text, value, self.questions, self.words, self.of)
            self.reader.report("unknown-question", message, key.span, help)
        return Always()

    def _parts(self, key: Scalar, node: Node) -> tuple[Part, ...]:
        if isinstance(node, Sequence):
            return tuple(self.part(item) for item in self.reader.items(node, "name at least one part"))
        help = listing(key.text, node)
        self.reader.wrong(node, f"`{key.text}` takes a list of parts", key.span, help)
        return ()

    def _is_bound(self, key: Scalar, value: Node) -> bool:
        """Whether a count is written like a bound, which belongs below a question or score."""
        return key.text in BOUNDS and key.text != "at_least" and isinstance(value, Scalar)

    def _count(self, key: Scalar, node: Node) -> Part:
        fields = self.reader.fields(node, quote(key.text), ("count", "of"), at=key.span)
        of, number = fields.get("of"), fields.get("count")
        parts = self._parts(Scalar("of", True, fields.keys["of"]), of) if of is not None else ()
        count = None if number is None else whole(self.reader, number, "`count`", fields.keys["count"])
        if number is not None and count is not None and parts:
            self._check_count(key.text, count, number, len(parts), fields.keys["of"])
        count = count or 1
        has_least, has_most = key.text != "at_most", key.text != "at_least"
        return Count(count if has_least else 0, count if has_most else None, parts, key.span)

    def _check_count(self, word: str, count: int, number: Node, parts: int, of: Span) -> None:
        """Report a count that every case has, or none."""
        highest = parts - (word == "at_most")
        if 1 <= count <= highest:
            return
        message = f"`count` must be from 1 to {parts}, the number of parts, not {describe(number)}"
        help = "for none of several parts, write `not: {any: [...]}`" if count == 0 else ""
        if word == "at_most" and count == parts:
            message = f"at most {count} of {parts} parts always hold"
            help = "write a lower `count`, or remove this part"
        self.reader.report("threshold-range", message, number.span, help, earlier=of)

    def _named(self, key: Scalar, node: Node) -> Part:
        section, what, kind, support = NAMED[key.text]
        if key.text == "triage_at_least" and isinstance(node, Sequence):
            self.reader.wrong(node, "`triage_at_least` takes one level", node.span, "name the lowest level")
            return Always()
        found = self.reader.placed(node, section, what)
        refs = [Ref(name_of(kind, name, support), span) for name, span in found]
        return refs[0] if len(refs) == 1 else AnyOf(tuple(refs), key.span)

    def _graded(self, node: Mapping) -> Part:
        found: list[Part] = []
        for name, support in node.entries:
            condition = self.reader.declared(name, "conditions", "condition")
            grade = self.reader.word(support, SUPPORT, "support")
            if condition and grade:
                found.append(Ref(name_of("condition", condition, grade), name.span))
        return self._unless_empty(found, node, "`condition`", "`condition: {name: typical}`")

    def _score(self, key: Scalar, node: Node) -> Part:
        if not isinstance(node, Mapping):
            help = "write `score: {name: {at_least: 2}}`"
            self.reader.wrong(node, "`score` takes a mapping from a score to its bound", key.span, help)
            return Always()
        found: list[Part] = []
        for name, bounds in node.entries:
            score = self.reader.declared(name, "scores", "score")
            of = Range(f"score {quote(name.text)}", MAX_DECIMALS)
            for each in read_bounds(self.reader, bounds, of, name.span):
                if score:
                    bound = Bound(each.comparison, int(each.value * TICKS))
                    found.append(Scored(score, bound, each.span))
        return self._unless_empty(found, node, "`score`", "`score: {name: {at_least: 2}}`")

    def _class(self, key: Scalar, node: Node) -> Part:
        if not isinstance(node, Mapping):
            help = "write `class: {score: name}`"
            message = "`class` takes a mapping from a score or question to one of its classes"
            self.reader.wrong(node, message, key.span, help)
            return Always()
        found = [self._in_classes(name, named) for name, named in node.entries]
        return self._unless_empty(found, node, "`class`", "`class: {score: name}`")

    def _in_classes(self, name: Scalar, node: Node) -> Part:
        """The part that holds in the classes named; those side by side are one range."""
        classes = self.classes.get(name.text)
        if classes is None:
            self._no_classes(name)
            return Always()
        self.reader.use("scores" if classes.is_score else "questions", name)
        known = [each.name for each in classes.classes]
        places: dict[int, Span] = {}
        for item in self.reader.items(node, "name at least one class"):
            word = self.reader.word(item, known, "class")
            if word and isinstance(item, Scalar):
                self.reader.use("classes", item, classes.of)
            if word and known.index(word) in places:
                self.reader.twice(word, item.span, places[known.index(word)])
            elif word:
                places[known.index(word)] = item.span
        if len(places) == len(known) > 1:
            message = f"these are all classes of {quote(name.text)}, and one of them always holds"
            self.reader.report("empty-range", message, name.span, "leave one out, or remove the part")
            return Always()
        parts = list(self._rows(classes, places))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts), name.span)

    def _rows(self, classes: Classes, places: dict[int, Span]) -> Iterator[Part]:
        """The classes in order, with neighbours as one name: the sum may be in either."""
        for at in sorted(places):
            if at - 1 not in places:
                last = next(end for end in range(at, len(classes.classes)) if end + 1 not in places)
                if last > at:
                    self.reader.rows.setdefault(classes.of, {})[at, last] = None
                yield Ref(classes.name(at, last), places[at])

    def _no_classes(self, name: Scalar) -> None:
        """Report a score or question that has no classes, or does not exist."""
        kinds = (("scores", "score"), ("questions", "question"))
        has = next((what for section, what in kinds if name.text in self.reader.names.get(section, {})), "")
        if has:
            help = "add `classes: {low: {at_most: 1}, high: otherwise}` to it"
            self.reader.report("unknown-class", f"{has} {quote(name.text)} has no classes", name.span, help)
        elif not {"scores", "questions"} & self.reader.unsure:
            message = f"there is no score or question {quote(name.text)} with classes"
            help = self.reader.hint(name.text, self.classes, "with classes")
            self.reader.report("unknown-class", message, name.span, help)

    def _unless_empty(self, found: list[Part], node: Mapping, where: str, example: str) -> Part:
        if not node.entries:
            self.reader.report("empty-part", f"{where} is empty", node.span, f"write {example}")
        return _together(found, node.span)


def _together(parts: list[Part], span: Span) -> Part:
    return parts[0] if len(parts) == 1 else All(tuple(parts), span) if parts else Always()
