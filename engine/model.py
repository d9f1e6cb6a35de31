"""The knowledge base as values: questions, rules and what they conclude, every name resolved.

Loading makes these from files; everything else only reads them. A `Part` is a condition over a case; a
`Ref` in it names another definition (`rule:...`, `finding:...`, `asked:...`, see `definitions`). Spans
say where something was written and never count in equality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from facts.problem import Span
from facts.vocabulary import Questionnaire

Support = Literal["background", "possible", "typical", "hallmark", "known"]
SUPPORT: tuple[Support, ...] = ("background", "possible", "typical", "hallmark", "known")
"""How firmly an article says it, weakest first."""

Comparison = Literal["at_least", "at_most", "above", "below"]
NOWHERE = Span("")

TICKS = 10**9
"""Scores are added exactly, in whole ticks: three decimals of a weight times six of a number."""


@dataclass(frozen=True, slots=True)
class Is:
    """A `yes_no` question has this answer."""

    value: bool


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of these options was chosen."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of these, all the options of a question, was chosen."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A number keeps this bound."""

    comparison: Comparison
    threshold: int | float


@dataclass(frozen=True, slots=True)
class ChosenBound:
    """The number of chosen options, out of these, keeps the bound."""

    bound: Bound
    options: tuple[str, ...]


Test = Is | OneOf | NoneOf | Bound | ChosenBound


@dataclass(frozen=True, slots=True)
class Always:
    """Holds for everybody."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The part is false."""

    part: Part
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts hold."""

    count: int
    parts: tuple[Part, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a question passes a test."""

    question: str
    test: Test
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """Another definition, by name: `finding:leg_pain`, `condition:sciatica:typical`, `rule:...`."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score keeps the bound; the threshold is in ticks of the score."""

    score: str
    bound: Bound
    span: Span = field(default=NOWHERE, compare=False, repr=False)


Part = Always | All | AnyOf | Not | AtLeast | Answered | Ref | Scored


@dataclass(frozen=True, slots=True)
class Points:
    """So many ticks where the part holds."""

    ticks: int
    when: Part


@dataclass(frozen=True, slots=True)
class PointsByOption:
    """The ticks of the chosen option; an option not listed counts 0. `options` are all of them."""

    question: str
    ticks: Mapping[str, int]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """The number times a weight: `ticks` for each step of 10 to the power of minus `decimals`."""

    question: str
    ticks: int
    decimals: int
    minimum: int | float
    maximum: int | float


@dataclass(frozen=True, slots=True)
class Bands:
    """The ticks of the first band whose upper end (excluded, None for the last) is above the number."""

    question: str
    bands: tuple[tuple[int | float | None, int], ...]
    minimum: int | float
    maximum: int | float


Line = Points | PointsByOption | Times | Bands


@dataclass(frozen=True, slots=True)
class Score:
    """A sum of lines, counted in whole ticks."""

    name: str
    text: str
    lines: tuple[Line, ...]
    claims: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Finds:
    """The finding is there."""

    finding: str


@dataclass(frozen=True, slots=True)
class Suspects:
    """The condition has this support or a stronger one."""

    condition: str
    support: Support


@dataclass(frozen=True, slots=True)
class CountsAgainst:
    """Listed against the condition; never lowers its support."""

    condition: str


@dataclass(frozen=True, slots=True)
class Triages:
    """The case needs this level or a higher one."""

    level: str


@dataclass(frozen=True, slots=True)
class Gives:
    """The advice items are given."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withholds:
    """The advice items are held back (a `hold_kind` names all items of its kinds)."""

    items: tuple[str, ...]


Conclusion = Finds | Suspects | CountsAgainst | Triages | Gives | Withholds


@dataclass(frozen=True, slots=True)
class Rule:
    """When this holds, then that follows, because of something that somebody said."""

    id: str
    when: Part
    then: tuple[Conclusion, ...]
    because: str
    claims: tuple[str, ...] = ()
    ours: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """A disease or disorder; `serious` ones come first, to be ruled out."""

    name: str
    text: str
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A triage level: its heading, where to go, and whether the page then shows nothing else."""

    name: str
    text: str
    do: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """An advice item; with `shown_with` it is given, held or open as its host is."""

    name: str
    kind: str
    text: str
    claims: tuple[str, ...] = ()
    shown_with: Part | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """An explanation or caution that appears with its host."""

    name: str
    text: str
    shown_with: Part
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom the knowledge is about."""

    text: str
    when: Part


@dataclass(frozen=True, slots=True)
class Clash:
    """Answers that cannot all be right."""

    name: str
    when: Part
    because: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one article says in a disagreement."""

    says: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where articles say different things; shown where `when` is true."""

    name: str
    about: str
    when: Part
    sides: tuple[Side, ...]
    done: str


@dataclass(frozen=True, slots=True, eq=False)
class KnowledgeBase:
    """Everything under one `kb/`; mappings keep the order of the files. Equal only to itself."""

    name: str
    version: str
    notice: str
    sha256: str
    sources: Mapping[str, Mapping[str, str]]
    claims: Mapping[str, Mapping[str, str]]
    questions: Questionnaire
    asked_when: Mapping[str, Part]
    scope: Scope | None
    findings: Mapping[str, str]
    conditions: Mapping[str, Condition]
    levels: Mapping[str, Level]
    advice_kinds: Mapping[str, str]
    advice: Mapping[str, Advice]
    texts: Mapping[str, Text]
    scores: Mapping[str, Score]
    rules: Mapping[str, Rule]
    consistency: Mapping[str, Clash]
    disagreements: Mapping[str, Disagreement]

    def source_of(self, claim: str) -> str:
        """The article that makes a claim."""
        return self.claims[claim]["source"]
