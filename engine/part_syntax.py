"""The parts of a `when`: from the tree of a file to `Part` values, names and values checked.

In: a node and the questionnaire. Out: a part; where something is wrong, a problem and a stand-in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.model import (
    NOWHERE,
    SUPPORT,
    TICKS,
    All,
    Always,
    Answered,
    AnyOf,
    AtLeast,
    Bound,
    ChosenBound,
    Comparison,
    Is,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
)
from engine.reading import Reader
from facts.case import NO, YES
from facts.document import Mapping, Node, Scalar, Sequence, describe
from facts.problem import Problem, Span, quoted, suggest
from facts.vocabulary import Choice, Choices, Number, Question, Questionnaire, YesNo

LOWER: tuple[Comparison, ...] = ("at_least", "above")
UPPER: tuple[Comparison, ...] = ("at_most", "below")


@dataclass
class PartReader:
    """Reads parts against a questionnaire."""

    reader: Reader
    questions: Questionnaire

    def part(self, node: Node) -> Part:
        """One part; a mapping of several means all of them."""
        if isinstance(node, Scalar) and node.text == "always":
            return Always()
        if not isinstance(node, Mapping):
            help = "write `question: answer` lines, or `always`"
            self.reader.report("wrong-type", f"a part is a mapping, not {describe(node)}", node.span, help)
            return Always()
        if not node.entries:
            help = "write `always` if it holds for everybody"
            self.reader.report("empty-part", "the part is empty", node.span, help)
        parts = tuple(self._entry(key, value) for key, value in node.entries)
        return parts[0] if len(parts) == 1 else All(parts, node.span)

    def _entry(self, key: Scalar, value: Node) -> Part:
        readers: dict[str, Callable[[Scalar, Node], Part]] = {
            "all": lambda key, node: All(self._parts(key, node), key.span),
            "any": lambda key, node: AnyOf(self._parts(key, node), key.span),
            "not": lambda key, node: Not(self.part(node), key.span),
            "at_least": self._at_least,
            "finding": lambda key, node: self._named(key, node, "findings", "finding"),
            "advice": lambda key, node: self._named(key, node, "advice", "advice"),
            "triage_at_least": self._triage,
            "condition": self._condition,
            "score": self._score,
        }
        if key.text in readers:
            return readers[key.text](key, value)
        question = self.questions.get(key.text)
        if question is None:
            help = suggest(key.text, [*self.questions, *readers], "questions and words")
            self.reader.report("unknown-question", f"no question is called `{key.text}`", key.span, help)
            return Always()
        return self._question(question, key, value)

    def _parts(self, key: Scalar, node: Node) -> tuple[Part, ...]:
        if not isinstance(node, Sequence):
            message = f"`{key.text}` takes a list of parts, not {describe(node)}"
            self.reader.report("wrong-type", message, node.span, "begin each part with `- `")
            return ()
        return tuple(self.part(item) for item in self.reader.items(node))

    def _at_least(self, key: Scalar, node: Node) -> Part:
        fields = self.reader.fields(node, "`at_least`", ("count", "of"))
        of = fields.get("of")
        parts = self._parts(key, of) if of is not None else ()
        count = self.reader.whole(fields.get("count"), "`count`")
        if parts and not 1 <= count <= len(parts):
            message = f"`count` is from 1 to {len(parts)}, the number of parts, not `{count}`"
            self.reader.report("threshold-range", message, (fields.get("count") or node).span)
        return AtLeast(count, parts, key.span)

    def _named(self, key: Scalar, node: Node, section: str, what: str) -> Part:
        names = self.reader.name_list(node, section, what)
        return _one_of([Ref(f"{what}:{name}", key.span) for name in names])

    def _triage(self, key: Scalar, node: Node) -> Part:
        return Ref(f"triage:{self.reader.declared(node, 'triage', 'level')}", key.span)

    def _condition(self, key: Scalar, node: Node) -> Part:
        if not isinstance(node, Mapping):
            names = self.reader.name_list(node, "conditions", "condition")
            return _one_of([Ref(f"condition:{name}:possible", key.span) for name in names])
        refs: list[Part] = []
        for name, support in node.entries:
            condition = self.reader.declared(name, "conditions", "condition")
            grade = self.reader.declared(support, "", "support", SUPPORT)
            refs.append(Ref(f"condition:{condition}:{grade}", name.span))
        return refs[0] if len(refs) == 1 else All(tuple(refs), key.span)

    def _score(self, key: Scalar, node: Node) -> Part:
        if not isinstance(node, Mapping):
            help = "write `score: {name: {at_least: 2}}`"
            self.reader.report("wrong-type", f"`score` is a mapping, not {describe(node)}", node.span, help)
            return Always()
        found: list[Part] = []
        for name, bounds in node.entries:
            score = self.reader.declared(name, "scores", "score")
            for bound, span in self._bounds(bounds, f"score `{name.text}`"):
                ticks = Bound(bound.comparison, round(bound.threshold * TICKS))
                found.append(Scored(score, ticks, span))
        return found[0] if len(found) == 1 else All(tuple(found), key.span)

    def _question(self, question: Question, key: Scalar, node: Node) -> Part:
        if isinstance(node, Mapping) and isinstance(question.kind, Number | Choices):
            return self._bounded(question, key, node)
        match question.kind:
            case YesNo():
                if isinstance(node, Scalar) and node.text in YES + NO:
                    return Answered(question.name, Is(node.text in YES), key.span)
                self._wrong_value(question, node, "`yes` or `no`")
            case Choices(options) if isinstance(node, Scalar) and node.text == "none":
                return Answered(question.name, NoneOf(tuple(options)), key.span)
            case Choice(options) | Choices(options):
                chosen = tuple(
                    self._option(question, list(options), item) for item in self.reader.items(node)
                )
                return Answered(question.name, OneOf(tuple(dict.fromkeys(chosen))), key.span)
            case Number():
                self._wrong_value(question, node, "a bound such as `{at_least: 5}`")
        return Always()

    def _option(self, question: Question, options: list[str], node: Node) -> str:
        if isinstance(node, Scalar) and node.text in options:
            return node.text
        if isinstance(node, Scalar) and not node.is_null:
            message = f"`{question.name}` has no option `{node.text}`"
            help = suggest(node.text, options, "options")
            self.reader.problems.append(Problem("unknown-option", message, node.span, help, question.span))
        else:
            self._wrong_value(question, node, f"options: {quoted(options)}")
        return ""

    def _wrong_value(self, question: Question, node: Node, wanted: str) -> None:
        message = f"`{question.name}` is compared with {wanted}, not with {describe(node)}"
        self.reader.report("wrong-type", message, node.span, earlier=question.span)

    def _bounded(self, question: Question, key: Scalar, node: Mapping) -> Part:
        parts: list[Part] = []
        for bound, span in self._bounds(node, f"`{question.name}`"):
            match question.kind:
                case Choices(options):
                    low, high = 0, len(options)
                    test = ChosenBound(bound, tuple(options))
                    parts.append(Answered(question.name, test, span))
                case Number(_, low, high):
                    parts.append(Answered(question.name, bound, span))
            if not low <= bound.threshold <= high:
                message = (
                    f"`{question.name}` is from {low} to {high}, so `{bound.threshold}` is out of its range"
                )
                self.reader.report("threshold-range", message, span, earlier=question.span)
        return parts[0] if len(parts) == 1 else All(tuple(parts), key.span)

    def _bounds(self, node: Node, where: str) -> list[tuple[Bound, Span]]:
        fields = self.reader.fields(node, where, (), (*LOWER, *UPPER))
        found = []
        for side in (LOWER, UPPER):
            given = [word for word in side if fields.get(word) is not None]
            if len(given) > 1:
                self.reader.report(
                    "two-bounds", f"{quoted(given)} are both lower or both upper bounds", fields.span
                )
            for word in given:
                value = fields.values[word]
                found.append((Bound(word, self.reader.number(value, f"`{word}`")), value.span))
        if not found and isinstance(node, Mapping):
            help = "write `at_least`, `at_most`, `above` or `below` with a number"
            self.reader.report("empty-part", f"{where} has no bound", node.span, help)
        return found


def _one_of(parts: list[Ref]) -> Part:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts), parts[0].span if parts else NOWHERE)
