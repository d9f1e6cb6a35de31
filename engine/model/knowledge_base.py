"""The knowledge base as values: rules, what they conclude, and the words for it.

Loading makes these from files; everything else only reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from engine.model.parts import NOWHERE, Part
from engine.model.scores import Score
from facts.problem import Span
from facts.vocabulary import Questionnaire

Support = Literal["background", "possible", "typical", "hallmark", "known"]
SUPPORT: tuple[Support, ...] = ("background", "possible", "typical", "hallmark", "known")
"""How firmly an article says it, weakest first."""
Verb = Literal["must", "never", "not_ruled_out", "stays"]
VERBS: tuple[Verb, ...] = ("must", "never", "not_ruled_out", "stays")
"""What a property says of its part."""


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
    """A triage level: its heading, where to go, whether the page then shows nothing else (`alone`), and
    whether what calls for it is a red flag. Of a red flag, the `signs` that call for the level later on, and
    the words that lead up to them (`sooner`); both or neither. One that `reassures` is not named on a page as
    long as an open answer could make it a higher one.
    """

    name: str
    text: str
    do: str = ""
    alone: bool = False
    red_flag: bool = False
    sooner: str = ""
    signs: tuple[str, ...] = ()
    reassures: bool = False


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
    """An explanation that appears with its host; one that is a `caution` is on a patient's page, too. One
    that `says_back` comes there after the answers behind its host, by name.
    """

    name: str
    text: str
    shown_with: Part
    claims: tuple[str, ...] = ()
    caution: bool = False
    says_back: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number with a name; `ours` where the articles leave it open."""

    name: str
    value: Decimal
    text: str = ""
    claims: tuple[str, ...] = ()
    ours: bool = False


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
    """Where articles say different things; shown where `when` is true. One for `editors` bears on how the
    knowledge was written and on nobody's case: no page for a patient or a professional has it.
    """

    name: str
    about: str
    when: Part
    sides: tuple[Side, ...]
    done: str
    editors: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """What has to be so in every case of which it speaks, whatever else was answered.

    It speaks of the cases in which `when` is true and, where `unanswered` names questions, at least one of
    them may apply (its `asked_when` is not false) and has no answer, or "I don't know". There the part is
    true (`must`), not true (`never`), or not false (`not_ruled_out`). `stays` speaks of two cases, one and
    the same with more answers: where the part is true in the first, it is true in the second.
    """

    name: str
    verb: Verb
    part: Part
    because: str
    when: Part
    unanswered: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    ours: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


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
    numbers: Mapping[str, Threshold]
    scores: Mapping[str, Score]
    rules: Mapping[str, Rule]
    consistency: Mapping[str, Clash]
    disagreements: Mapping[str, Disagreement]
    safety: Mapping[str, Property]
    places: Mapping[str, Mapping[str, Span]]
    """Where each name of each section is declared: `places["rules"]["stenosis-hallmark"]`."""
    numbers_read: frozenset[str]
    """The names of `numbers` that a bound or a score reads; parts have only their values."""

    def source_of(self, claim: str) -> str:
        """The article that makes a claim."""
        return self.claims[claim]["source"]

    def is_warning(self, rule: Rule) -> bool:
        """Whether a rule concludes a level that red flags call for, or one that stands alone."""
        levels = [self.levels[each.level] for each in rule.then if isinstance(each, Triages)]
        return any(level.red_flag or level.alone for level in levels)

    def is_red_flag(self, rule: Rule) -> bool:
        """Whether a rule concludes a level that red flags call for."""
        return any(isinstance(each, Triages) and self.levels[each.level].red_flag for each in rule.then)
