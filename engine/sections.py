"""The sections of a knowledge base, each read into its model values by one small function.

In: named nodes of a section and a reader. Out: values by name. Names of other sections are checked
against what is declared; what only shows in the whole (cycles, unreached names) is left to `wholeness`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.model import (
    TICKS,
    Advice,
    Bands,
    Clash,
    Condition,
    Disagreement,
    Level,
    Line,
    Part,
    Points,
    PointsByOption,
    Scope,
    Score,
    Side,
    Text,
    Times,
)
from engine.part_syntax import PartReader
from engine.reading import Fields, Reader
from facts.document import Mapping as Map
from facts.document import Node, Scalar, Sequence, describe
from facts.problem import Problem, quoted, suggest
from facts.vocabulary import Choice, Choices, Kind, Number, Question, Questionnaire, YesNo

Entries = Iterable[tuple[Scalar, Node]]

KINDS: Mapping[str, tuple[str, ...]] = {
    "yes_no": (),
    "choice": ("options",),
    "choices": ("options",),
    "number": ("unit", "minimum", "maximum"),
}
HOSTS = ("advice", "condition", "finding", "triage_at_least")
MAX_DECIMALS = 6
MAX_NUMBER = 10**9


def read_numbers(reader: Reader, entries: Entries) -> dict[str, int | float]:
    """Thresholds with a name."""
    found: dict[str, int | float] = {}
    for key, node in entries:
        fields = reader.fields(node, f"number `{key.text}`", ("value",), ("text", "ours", "claims"))
        found[key.text] = reader.number(fields.get("value"), "`value`")
        _footing(reader, fields)
    return found


def read_plain(reader: Reader, entries: Entries, what: str) -> dict[str, Mapping[str, str]]:
    """Entries with free keys and plain texts (sources)."""
    found: dict[str, Mapping[str, str]] = {}
    for key, node in entries:
        keys = [name.text for name, _ in node.entries] if isinstance(node, Map) else ["title"]
        fields = reader.fields(node, f"{what} `{key.text}`", keys)
        found[key.text] = {name: reader.text(fields, name) for name in keys}
    return found


def read_claims(reader: Reader, entries: Entries) -> dict[str, Mapping[str, str]]:
    """What the articles say."""
    found: dict[str, Mapping[str, str]] = {}
    for key, node in entries:
        optional = ("section", "kind", "modality", "encodable")
        fields = reader.fields(node, f"claim `{key.text}`", ("source", "claim"), optional)
        found[key.text] = {name: reader.text(fields, name) for name in fields.values}
        source = fields.get("source")
        if source is not None:
            reader.declared(source, "sources", "source")
    return found


def read_texts(reader: Reader, entries: Entries, what: str) -> dict[str, str]:
    """Names with one text each (findings, kinds of advice)."""
    found = {}
    for key, node in entries:
        found[key.text] = reader.text(Fields({key.text: node}, key.span, f"the {what}s"), key.text)
    return found


def read_questions(reader: Reader, entries: Entries) -> dict[str, Question]:
    """The questionnaire, without `asked_when`, which needs all of it."""
    found = {}
    for key, node in entries:
        where = f"question `{key.text}`"
        kind = _kind_of(reader, node)
        fields = reader.fields(
            node,
            where,
            ("ask", "kind", *KINDS[kind]),
            ("asked_when", "decimals") if (kind == "number") else ("asked_when",),
        )
        found[key.text] = Question(
            key.text, reader.text(fields, "ask"), _kind(reader, kind, fields), key.span
        )
    return found


def _kind_of(reader: Reader, node: Node) -> str:
    kind = node.get("kind") if isinstance(node, Map) else None
    return (reader.declared(kind, "", "kind", KINDS) if kind is not None else "") or "yes_no"


def _kind(reader: Reader, kind: str, fields: Fields) -> Kind:
    if kind == "yes_no":
        return YesNo()
    if kind == "number":
        return _number(reader, fields)
    options = fields.get("options")
    texts: dict[str, str] = {}
    if isinstance(options, Map):
        for name, _ in options.entries:
            reader.check_name(name, "option")
        texts = read_texts(reader, options.entries, "option")
    elif options is not None:
        message = (
            f"`options` of {fields.where} is a mapping of options and their texts, not {describe(options)}"
        )
        reader.report("wrong-type", message, options.span, "write `option: what people read` lines")
    return Choice(texts) if kind == "choice" else Choices(texts)


def _number(reader: Reader, fields: Fields) -> Number:
    low, high = (reader.number(fields.get(key), f"`{key}`") for key in ("minimum", "maximum"))
    decimals = reader.whole(fields.get("decimals"), "`decimals`") if fields.get("decimals") else 0
    if not 0 <= decimals <= MAX_DECIMALS:
        span = fields.values["decimals"].span
        reader.report("threshold-range", f"`decimals` is from 0 to {MAX_DECIMALS}", span)
    if low >= high and fields.get("minimum") and fields.get("maximum"):
        message = f"`minimum` is below `maximum`, but {low} is not below {high}"
        reader.report("threshold-range", message, fields.values["maximum"].span)
    for key, value in (("minimum", low), ("maximum", high)):
        if abs(value) > MAX_NUMBER:
            reader.report("threshold-range", f"`{key}` is at most {MAX_NUMBER}", fields.values[key].span)
    return Number(reader.text(fields, "unit"), low, high, decimals)


def read_conditions(reader: Reader, entries: Entries) -> dict[str, Condition]:
    """Diseases and disorders."""
    found = {}
    for key, node in entries:
        fields = reader.fields(node, f"condition `{key.text}`", ("text",), ("serious",))
        found[key.text] = Condition(key.text, reader.text(fields, "text"), reader.flag(fields, "serious"))
    return found


def read_levels(reader: Reader, entries: Entries) -> dict[str, Level]:
    """Triage levels, lowest first."""
    found = {}
    for key, node in entries:
        fields = reader.fields(node, f"level `{key.text}`", ("text",), ("do", "alone"))
        text, do = reader.text(fields, "text"), reader.text(fields, "do")
        found[key.text] = Level(key.text, text, do, reader.flag(fields, "alone"))
    return found


@dataclass
class PartSections:
    """The sections whose entries have parts; they need the whole questionnaire."""

    reader: Reader
    questions: Questionnaire

    @property
    def parts(self) -> PartReader:
        """The reader of their parts."""
        return PartReader(self.reader, self.questions)

    def asked_when(self, entries: Entries) -> dict[str, Part]:
        """When a question makes sense, for those that do not always."""
        nodes = ((key, node.get("asked_when")) for key, node in entries if isinstance(node, Map))
        return {key.text: self.parts.part(node) for key, node in nodes if node is not None}

    def scope(self, node: Node) -> Scope:
        """Whom the knowledge is about."""
        fields = self.reader.fields(node, "`scope`", ("text", "when"))
        return Scope(self.reader.text(fields, "text"), self._when(fields))

    def advice(self, entries: Entries) -> dict[str, Advice]:
        """Advice items."""
        found = {}
        for key, node in entries:
            optional = ("claims", "ours", "shown_with")
            fields = self.reader.fields(node, f"advice `{key.text}`", ("kind", "text"), optional)
            kind = fields.get("kind")
            named = self.reader.declared(kind, "advice_kinds", "kind", None) if kind else ""
            host = self._host(fields) if fields.get("shown_with") else None
            claims = _footing(self.reader, fields)
            found[key.text] = Advice(key.text, named, self.reader.text(fields, "text"), claims, host)
        return found

    def texts(self, entries: Entries) -> dict[str, Text]:
        """Explanations and cautions."""
        found = {}
        for key, node in entries:
            fields = self.reader.fields(
                node, f"text `{key.text}`", ("text", "shown_with"), ("claims", "ours")
            )
            claims = _footing(self.reader, fields)
            found[key.text] = Text(key.text, self.reader.text(fields, "text"), self._host(fields), claims)
        return found

    def scores(self, entries: Entries) -> dict[str, Score]:
        """Sums of points."""
        found = {}
        for key, node in entries:
            optional = ("text", "claims", "ours")
            fields = self.reader.fields(node, f"score `{key.text}`", ("parts",), optional)
            lines = tuple(self._line(item) for item in self.reader.items(fields.get("parts")))
            text, claims = self.reader.text(fields, "text"), _footing(self.reader, fields)
            found[key.text] = Score(key.text, text, tuple(line for line in lines if line), claims, key.span)
        return found

    def consistency(self, entries: Entries) -> dict[str, Clash]:
        """Answers that cannot all be right."""
        found = {}
        for key, node in entries:
            fields = self.reader.fields(node, f"consistency `{key.text}`", ("when", "because"))
            found[key.text] = Clash(key.text, self._when(fields), self.reader.text(fields, "because"))
        return found

    def disagreements(self, entries: Entries) -> dict[str, Disagreement]:
        """Where the articles say different things."""
        found = {}
        for key, node in entries:
            needed = ("about", "when", "sides", "done")
            fields = self.reader.fields(node, f"disagreement `{key.text}`", needed)
            sides = tuple(self._side(item) for item in self.reader.items(fields.get("sides")))
            about, done = (self.reader.text(fields, name) for name in ("about", "done"))
            found[key.text] = Disagreement(key.text, about, self._when(fields), sides, done)
        return found

    def _side(self, node: Node) -> Side:
        fields = self.reader.fields(node, "a side", ("says", "claims"))
        return Side(self.reader.text(fields, "says"), _footing(self.reader, fields))

    def _when(self, fields: Fields) -> Part:
        node = fields.get("when")
        return self.parts.part(node if node is not None else Scalar("always", True, fields.span))

    def _host(self, fields: Fields) -> Part:
        node = fields.get("shown_with")
        if isinstance(node, Map):
            for key, _ in node.entries:
                if key.text not in HOSTS:
                    message = f"`shown_with` names one of {quoted(HOSTS)}, not `{key.text}`"
                    self.reader.report("unknown-key", message, key.span, suggest(key.text, HOSTS, "hosts"))
                    return self.parts.part(Scalar("always", True, key.span))
        return self.parts.part(node if node is not None else Scalar("always", True, fields.span))

    def _line(self, node: Node) -> Line | None:
        has = {key.text for key, _ in node.entries} if isinstance(node, Map) else set()
        if "when" in has:
            fields = self.reader.fields(node, "a line of a score", ("points", "when"))
            return Points(self._ticks(fields.get("points")), self._when(fields))
        value = next((key for key in ("points", "times", "bands") if key in has), "points")
        fields = self.reader.fields(node, "a line of a score", ("question", value))
        named = fields.get("question")
        question = self.questions.get(self.reader.declared(named, "questions", "question")) if named else None
        if question is None or fields.get(value) is None:
            return None
        wanted = Choice if value == "points" else Number
        if not isinstance(question.kind, wanted):
            message = f"`{value}` needs a {'choice' if wanted is Choice else 'number'} question"
            help = "give points to its answers with `{points: ..., when: ...}` lines"
            self.reader.problems.append(Problem("wrong-type", message, fields.span, help, question.span))
            return None
        return self._question_line(question, fields.values[value])

    def _question_line(self, question: Question, node: Node) -> Line | None:
        match question.kind, node:
            case Choice(options), Map(entries):
                ticks = {
                    self.reader.declared(key, "", "option", options): self._ticks(each)
                    for key, each in entries
                }
                return PointsByOption(question.name, ticks, tuple(options))
            case Number(_, low, high), Sequence(items):
                return Bands(question.name, self._bands(items), low, high)
            case Number(_, low, high, decimals), Scalar():
                return Times(question.name, self._ticks(node) // 10**decimals, decimals, low, high)
        wanted = (
            "a mapping of options and points" if isinstance(question.kind, Choice) else "a number or bands"
        )
        self.reader.report(
            "wrong-type", f"`{question.name}` takes {wanted} here, not {describe(node)}", node.span
        )
        return None

    def _bands(self, items: tuple[Node, ...]) -> tuple[tuple[int | float | None, int], ...]:
        bands: list[tuple[int | float | None, int]] = []
        for index, item in enumerate(items):
            last = index == len(items) - 1
            fields = self.reader.fields(
                item, "the last band" if last else "a band", ("points",) if last else ("below", "points")
            )
            below = None if last else self.reader.number(fields.get("below"), "`below`")
            if bands and below is not None and below <= (bands[-1][0] or below - 1):
                self.reader.report("threshold-range", "each band ends above the one before", fields.span)
            bands.append((below, self._ticks(fields.get("points"))))
        return tuple(bands)

    def _ticks(self, node: Node | None) -> int:
        return self.reader.whole(node, "`points`", 1000) * (TICKS // 1000)


def _footing(reader: Reader, fields: Fields) -> tuple[str, ...]:
    """The claims that something rests on; `ours` says that no article states it."""
    reader.flag(fields, "ours")
    return reader.name_list(fields.get("claims"), "claims", "claim")
