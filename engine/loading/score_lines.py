"""Lines of a score: from one YAML node to the lines that it means.

A line may be short for several: `each` has a line for each question or part, and points of a `choices`
question have one for each option. A wrong line is reported and left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.loading.answers import compare, option
from engine.loading.bands import BandReader
from engine.loading.numbers import whole
from engine.loading.parts import PartReader
from engine.loading.reader import Fields, Reader
from engine.model.parts import Answered, OneOf
from engine.model.scores import TICKS, Line, Points, PointsByOption, Times
from facts.problem import Span, quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar, Sequence
from facts.vocabulary import Choice, Choices, Number, Question, YesNo, kind_name

DECIMALS = 6
"""Maximum number of decimals of points."""
FINER = "multiply all points of the score, and the bounds on it, by 10 or 100"
STEP: int = TICKS // 10**DECIMALS
HELP = {
    "points": "give points to answers with `{points: ..., when: ...}` lines",
    "times": "write the number by which the answer is multiplied",
    "bands": "write a list of `{at_most: ..., points: ...}` or `{below: ..., points: ...}`, with `points`"
    " alone in the last",
}
KINDS: dict[str, tuple[type, ...]] = {"points": (Choice, Choices), "times": (Number,), "bands": (Number,)}
"""The kinds of question that each way of counting is for."""
Entries = tuple[tuple[Scalar, Node], ...]


@dataclass
class LineReader:
    """Reads lines. `parts` reads each `when` and has the questionnaire."""

    reader: Reader
    parts: PartReader
    is_lacking: bool = False
    """Whether a line was left out because its question has a problem, which was reported."""

    def lines(self, node: Node) -> Iterator[Line]:
        """The lines that a node of `parts` means."""
        has = {key.text for key, _ in node.entries} if isinstance(node, Map) else set()
        given = node.get("points") if isinstance(node, Map) else None
        if "each" in has:
            yield from self._each(node, has, given)
        elif "when" in has or not (has & {"question", "times", "bands"} or isinstance(given, Map)):
            fields = self.reader.fields(node, "a line of a score", ("points", "when"))
            when, points = fields.get("when"), self._ticks(fields)
            if when is not None:
                yield Points(points, self.parts.part(when, fields.keys["when"]))
        elif by := next((key for key in HELP if key in has), ""):
            fields = self.reader.fields(node, "a line of a score", ("question", by))
            question = fields.get("question")
            if question is not None and fields.get(by) is not None:
                yield from self._by(question, by, fields)
        else:
            message = "a line of a score lacks `points`, `times` or `bands`"
            help = "give `points` to the options of a choice, `times` or `bands` to a number"
            self.reader.report("missing-key", message, node.span, help)

    def _each(self, node: Node, has: set[str], given: Node | None) -> Iterator[Line]:
        """A line for each question or part in a list."""
        by = next((key for key in HELP if key in has), "points")
        counts_alike = by == "points" and not isinstance(given, Map)
        optional = ("is",) if counts_alike else ()
        fields = self.reader.fields(node, "a line of a score with `each`", ("each", by), optional)
        seen: dict[str, Span] = {}
        for item in self.reader.items(fields.get("each"), "name the questions that count"):
            if isinstance(item, Scalar) and item.text in seen:
                self.reader.twice(item.text, item.span, seen[item.text])
                continue
            if isinstance(item, Scalar):
                seen[item.text] = item.span
            if fields.get(by) is None:
                continue
            if counts_alike:
                yield from self._alike(item, fields)
            else:
                yield from self._by(item, by, fields)

    def _alike(self, item: Node, fields: Fields) -> Iterator[Line]:
        """The line of a part, or of a question whose answer is `yes` or what `is` says."""
        ticks, wanted = self._ticks(fields), fields.get("is")
        if isinstance(item, Map):
            if wanted is not None:
                help = "write the name of the question, or leave out `is`"
                message = "`is` compares the answers to questions, and this is a part"
                self.reader.report("wrong-type", message, item.span, help)
            yield Points(ticks, self.parts.part(item))
            return
        question = self._named(item)
        if question is None or not isinstance(item, Scalar):
            return
        if wanted is None and not isinstance(question.kind, YesNo):
            message = f"{quote(question.name)} is a `{kind_name(question.kind)}` question, not `yes_no`"
            help = "write with `is` which answers count, such as `is: {at_least: 2}`"
            self.reader.report("wrong-type", message, item.span, help, question.span)
            return
        answer = Scalar("yes", True, item.span) if wanted is None else wanted
        yield Points(ticks, compare(self.reader, question, item, answer))

    def _named(self, node: Node) -> Question | None:
        name = self.reader.declared(node, "questions", "question")
        if ("questions", name) in self.reader.unsound:
            self.is_lacking = True
            return None
        return self.parts.questions.get(name)

    def _by(self, item: Node, by: str, fields: Fields) -> Iterator[Line]:
        """The lines that count the answer to a question, which a node names."""
        question = self._named(item)
        if question is None:
            return
        if not isinstance(question.kind, KINDS[by]):
            wanted = " or ".join(f"`{each.__name__.lower()}`" for each in KINDS[by])
            message = f"`{by}` needs a {wanted} question, and {quote(question.name)} is of another kind"
            self.reader.report("wrong-type", message, item.span, HELP["points"], question.span)
            return
        node = fields.values[by]
        match question.kind, by, node:
            case Choice(options), "points", Map(entries) if entries:
                yield PointsByOption(
                    question.name, self._by_option(question, [*options], entries), tuple(options)
                )
            case Choices(options), "points", Map(entries) if entries:
                for key, value in entries:
                    for name, ticks in self._by_option(question, [*options], ((key, value),)).items():
                        yield Points(ticks, Answered(question.name, OneOf((name,)), key.span))
            case Number(_, low, high, decimals), "times", Scalar():
                yield Times(question.name, self._ticks(fields, by) // 10**decimals, decimals, low, high)
            case Number(), "bands", Sequence(items) if items:
                yield BandReader(self.reader, self._ticks, question, question.kind).bands(items)
            case _:
                self._wrong(question, by, node, fields)

    def _wrong(self, question: Question, by: str, node: Node, fields: Fields) -> None:
        wanted = {
            "points": "a mapping from options to points",
            "times": "a number",
            "bands": "a list of bands",
        }
        help = HELP[by] if by != "points" else "write `points: {option: 1, ...}`; options left out count 0"
        self.reader.wrong(
            node, f"`{by}` of {quote(question.name)} must be {wanted[by]}", fields.keys[by], help
        )

    def _by_option(self, question: Question, options: list[str], entries: Entries) -> dict[str, int]:
        ticks: dict[str, int] = {}
        for key, node in entries:
            name = option(self.reader, question, options, key)
            if name:
                ticks[name] = self._ticks_of(node, f"the points of {quote(key.text)}", key.span)
        return ticks

    def _ticks(self, fields: Fields, key: str = "points") -> int:
        node = fields.get(key)
        return 0 if node is None else self._ticks_of(node, quote(key), fields.keys[key])

    def _ticks_of(self, node: Node, where: str, at: Span) -> int:
        return (whole(self.reader, node, where, at, DECIMALS, FINER) or 0) * STEP
