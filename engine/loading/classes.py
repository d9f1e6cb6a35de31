"""Classes of scores and of number questions: named ranges in increasing order, the last one `otherwise`.

In: the entries of the sections `questions` and `scores`. Out: the classes of each that has some. Where a
class is wrong, its name remains, so that parts that read it are not reported as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.loading.numbers import number, plain
from engine.loading.reader import Fields, Reader
from engine.model.classes import Class, Classes
from engine.model.scores import TICKS
from facts.problem import Span, quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar
from facts.vocabulary import Number, Question

ENDS = ("at_most", "below")
OTHERWISE = "write `{name}: otherwise`, or `{name}: {{otherwise: true, text: ...}}`"
Entries = Iterable[tuple[Scalar, Node]]


def read_classes(
    reader: Reader, questions: Mapping[str, Question], asked: Entries, scores: Entries
) -> dict[str, Classes]:
    """The classes by the name of their score or question."""
    found: dict[str, Classes] = {}
    for entries, is_score in ((asked, False), (scores, True)):
        for key, node in entries:
            given = node.get("classes") if isinstance(node, Map) else None
            if given is None or not (is_score or _is_number(reader, key, questions)):
                continue
            if key.text in found:
                message = f"score {quote(key.text)} and the question {quote(key.text)} both have classes"
                help = "rename one of the two, so that `class` can tell them apart"
                reader.report("two-meanings", message, key.span, help, found[key.text].span)
                continue
            question, before = None if is_score else questions[key.text], reader.noted
            found[key.text] = _Reading(reader, key, question).classes(given)
            if reader.noted > before:
                reader.unsound.add(("classes", key.text))
    return found


def _is_number(reader: Reader, key: Scalar, questions: Mapping[str, Question]) -> bool:
    """Whether a question is a number; another one with classes was reported as having an unknown key."""
    return key.text in questions and isinstance(questions[key.text].kind, Number)


@dataclass
class _Reading:
    """Reads the classes of one score, or of one question."""

    reader: Reader
    key: Scalar
    question: Question | None
    found: dict[str, Class] = field(default_factory=dict)
    floor: Decimal | None = None
    is_open: bool = False
    """Whether the class before excludes its end, so that the next one may have the same."""

    @property
    def what(self) -> str:
        """What has the classes, in words."""
        return f"{'score' if self.question is None else 'question'} {quote(self.key.text)}"

    def classes(self, node: Node) -> Classes:
        """All classes; problems are reported."""
        entries = node.entries if isinstance(node, Map) else ()
        if not isinstance(node, Map):
            help = "write lines `name: {at_most: ...}`, and `name: otherwise` in the last"
            self.reader.wrong(node, f"`classes` of {self.what} must be a mapping of classes", node.span, help)
        elif len(entries) < 2:
            message = f"`classes` of {self.what} must have at least two classes"
            help = "write lines `name: {at_most: ...}`, and `name: otherwise` in the last"
            self.reader.report("empty-list", message, node.span, help)
        for at, (name, each) in enumerate(entries, 1):
            self.reader.check_name(name, "class")
            self.reader.use("classes", name, self.key.text)
            self.found[name.text] = self._class(name, each, at == len(entries))
        return Classes(self.key.text, self.question is None, tuple(self.found.values()), self.key.span)

    def _class(self, name: Scalar, node: Node, is_last: bool) -> Class:
        if isinstance(node, Scalar) and node.text == "otherwise":
            self._check_place(name, name.span, is_last)
            return Class(name.text, name.text, None, span=name.span)
        where = f"class {quote(name.text)}"
        fields = self.reader.fields(node, where, (), ("otherwise", *ENDS, "text", "value"), name.span)
        given = [word for word in ("otherwise", *ENDS) if word in fields.values]
        if len(given) > 1:
            message = f"{where} has {quote(given[0])} and {quote(given[1])}"
            self.reader.report("two-bounds", message, fields.keys[given[1]], "remove one of them")
        elif isinstance(node, Map) and not fields.misspelt & {"otherwise", *ENDS}:
            self._check_place(name, fields.keys[given[0]] if given else name.span, is_last, given)
        text = self.reader.text(fields, "text") if "text" in fields.values else name.text
        value, source = self._value(fields)
        word = given[0] if len(given) == 1 else ""
        end = self._end(fields, word) if word in ENDS else None
        return Class(name.text, text, end, word == "below", value, source, name.span)

    def _check_place(
        self, name: Scalar, span: Span, is_last: bool, given: Iterable[str] = ("otherwise",)
    ) -> None:
        """Report a last class that is not `otherwise`, and any other one that is, or that has no end."""
        word = next(iter(given), "")
        if is_last and word != "otherwise":
            message = f"the last class of {self.what} must be `otherwise`, for everything higher"
            self.reader.report("last-class", message, span, OTHERWISE.format(name=name.text))
        elif not is_last and word == "otherwise":
            message = f"only the last class of {self.what} can be `otherwise`"
            self.reader.report("last-class", message, span, "give it an end with `at_most: ...`")
        elif not is_last and not word:
            message = f"class {quote(name.text)} lacks `at_most` or `below`"
            self.reader.report("missing-key", message, span, "add `at_most: ...`, its highest value")

    def _value(self, fields: Fields) -> tuple[str, str]:
        """What is published about a class, and the article that says so."""
        node = fields.get("value")
        if node is None:
            return "", ""
        inside = self.reader.fields(
            node, f"`value` of {fields.where}", ("text", "source"), (), fields.keys["value"]
        )
        source = inside.get("source")
        said = "" if source is None else self.reader.declared(source, "sources", "source")
        return self.reader.text(inside, "text"), said

    def _end(self, fields: Fields, word: str) -> int | float | None:
        end = number(self.reader, fields, word)
        if end is None:
            return None
        span, floor = fields.values[word].span, self.floor
        is_alone = end == floor and self.is_open and word == "at_most"
        self.floor, self.is_open = end, word == "below"
        kind = None if self.question is None else self.question.kind
        if floor is not None and end <= floor and not is_alone:
            message = f"each class must end above the one before, but {plain(end)} is not above"
            help = "put the classes in increasing order"
            self.reader.report("threshold-range", f"{message} {plain(floor)}", span, help)
        elif isinstance(kind, Number) and not kind.minimum <= plain(end) <= kind.maximum:
            message = f"{quote(self.key.text)} goes from {kind.minimum} to {kind.maximum}"
            message += f", so {plain(end)} is out of range"
            self.reader.report("threshold-range", message, span, earlier=self.key.span)
        return plain(end) if self.question is not None else int(end * TICKS)
