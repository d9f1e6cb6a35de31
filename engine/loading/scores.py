"""Scores: sums of points, as published for clinical scores, with four kinds of line.

In: the entries of the `scores` sections and the questionnaire. Out: scores by name, with points in integer
ticks. A score with a problem is marked unsound, so that bounds on it are not reported as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.loading.answers import option
from engine.loading.numbers import number, plain, whole
from engine.loading.parts import PartReader
from engine.loading.reader import Fields, Reader
from engine.model.scores import TICKS, Bands, Line, Points, PointsByOption, Score, Times
from facts.problem import Span, quote
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar, Sequence
from facts.vocabulary import Choice, Number, Question

DECIMALS = 6
"""Maximum number of decimals of points."""
FINER = "multiply all points of the score, and the bounds on it, by 10 or 100"
STEP: int = TICKS // 10**DECIMALS
HELP = {
    "points": "give points to answers with `{points: ..., when: ...}` lines",
    "times": "write the number by which the answer is multiplied",
    "bands": "write a list of `{below: ..., points: ...}`, with `points` alone in the last",
}
Band = tuple[int | float | None, int]


@dataclass
class ScoreReader:
    """Reads scores. `parts` reads each `when` and has the questionnaire."""

    reader: Reader
    parts: PartReader

    def scores(self, entries: Iterable[tuple[Scalar, Node]]) -> dict[str, Score]:
        """All scores by name."""
        found = {}
        for key, node in entries:
            before = self.reader.noted
            found[key.text] = self._score(key, node)
            if self.reader.noted > before:
                self.reader.unsound.add(("scores", key.text))
        return found

    def _score(self, key: Scalar, node: Node) -> Score:
        fields = self.reader.entry(key, node, "score", ("parts",), ("text", "claims", "ours"))
        lines = [self._line(item) for item in self.reader.items(fields.get("parts"), "add a line of points")]
        self.reader.flag(fields, "ours")
        claims = self.reader.name_list(fields.get("claims"), "claims", "claim")
        text = self.reader.text(fields, "text")
        return Score(key.text, text, tuple(line for line in lines if line), claims, key.span)

    def _line(self, node: Node) -> Line | None:
        has = {key.text for key, _ in node.entries} if isinstance(node, Map) else set()
        given = node.get("points") if isinstance(node, Map) else None
        if "when" in has or not (has & {"question", "times", "bands"} or isinstance(given, Map)):
            fields = self.reader.fields(node, "a line of a score", ("points", "when"))
            when, points = fields.get("when"), self._ticks(fields)
            return None if when is None else Points(points, self.parts.part(when, fields.keys["when"]))
        by = next((key for key in HELP if key in has), "")
        if not by:
            message = "a line of a score lacks `points`, `times` or `bands`"
            help = "give `points` to the options of a choice, `times` or `bands` to a number"
            self.reader.report("missing-key", message, node.span, help)
            return None
        fields = self.reader.fields(node, "a line of a score", ("question", by))
        question = self._named(fields)
        if question is None or fields.get(by) is None:
            return None
        wanted = Choice if by == "points" else Number
        if not isinstance(question.kind, wanted):
            kind = "choice" if wanted is Choice else "number"
            message = f"`{by}` needs a `{kind}` question, and {quote(question.name)} is of another kind"
            self.reader.report(
                "wrong-type", message, fields.values["question"].span, HELP["points"], question.span
            )
            return None
        return self._question_line(question, by, fields)

    def _named(self, fields: Fields) -> Question | None:
        node = fields.get("question")
        name = self.reader.declared(node, "questions", "question") if node is not None else ""
        return None if ("questions", name) in self.reader.unsound else self.parts.questions.get(name)

    def _question_line(self, question: Question, by: str, fields: Fields) -> Line | None:
        node = fields.values[by]
        match question.kind, by, node:
            case Choice(options), "points", Map(entries) if entries:
                return self._by_option(question, list(options), entries)
            case Number(_, low, high, decimals), "times", Scalar():
                return Times(question.name, self._ticks(fields, by) // 10**decimals, decimals, low, high)
            case Number(), "bands", Sequence(items) if items:
                return self._bands(question, question.kind, items)
        wanted = {
            "points": "a mapping from options to points",
            "times": "a number",
            "bands": "a list of bands",
        }
        help = HELP[by] if by != "points" else "write `points: {option: 1, ...}`; options left out count 0"
        self.reader.wrong(
            node, f"`{by}` of {quote(question.name)} must be {wanted[by]}", fields.keys[by], help
        )
        return None

    def _by_option(
        self, question: Question, options: list[str], entries: tuple[tuple[Scalar, Node], ...]
    ) -> PointsByOption:
        ticks: dict[str, int] = {}
        for key, node in entries:
            name = option(self.reader, question, options, key)
            ticks[name] = self._ticks_of(node, f"the points of {quote(key.text)}", key.span)
        return PointsByOption(question.name, ticks, tuple(options))

    def _bands(self, question: Question, kind: Number, items: tuple[Node, ...]) -> Bands:
        found: list[Band] = []
        floor: Decimal | None = None
        for item in items[:-1]:
            fields = self.reader.fields(item, "a band before the last", ("below", "points"))
            below = number(self.reader, fields, "below")
            if below is not None:
                self._check_end(kind, question, plain(below), floor, fields.values["below"].span)
                floor = below
            found.append((None if below is None else plain(below), self._ticks(fields)))
        return Bands(question.name, (*found, self._last(items[-1])), kind.minimum, kind.maximum)

    def _last(self, node: Node) -> Band:
        if isinstance(node, Map) and node.get("below") is not None:
            help = "add a last band `{points: ...}` for all higher numbers"
            self.reader.report("last-band", "the last band must not have `below`", node.span, help)
            return (None, 0)
        return (None, self._ticks(self.reader.fields(node, "the last band", ("points",))))

    def _check_end(
        self, kind: Number, question: Question, below: int | float, floor: Decimal | None, span: Span
    ) -> None:
        if floor is not None and below <= floor:
            message = f"each band must end above the one before, but {below} is not above {plain(floor)}"
            self.reader.report("threshold-range", message, span, "put the bands in ascending order")
        elif not kind.minimum <= below <= kind.maximum:
            name = quote(question.name)
            message = f"{name} goes from {kind.minimum} to {kind.maximum}, so {below} is out of range"
            self.reader.report("threshold-range", message, span, earlier=question.span)

    def _ticks(self, fields: Fields, key: str = "points") -> int:
        node = fields.get(key)
        return 0 if node is None else self._ticks_of(node, quote(key), fields.keys[key])

    def _ticks_of(self, node: Node, where: str, at: Span) -> int:
        return (whole(self.reader, node, where, at, DECIMALS, FINER) or 0) * STEP
