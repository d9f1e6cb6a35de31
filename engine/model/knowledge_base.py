"""The knowledge base as values: rules, their conclusions, and all texts.

`engine.loading` makes these from files; everything else only reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from engine.model.classes import Classes
from engine.model.parts import NOWHERE, Part
from engine.model.scores import Score
from facts.problem import Span
from facts.vocabulary import Questionnaire

Support = Literal["background", "possible", "typical", "hallmark", "known"]
SUPPORT: tuple[Support, ...] = ("background", "possible", "typical", "hallmark", "known")
"""How strongly an article supports a condition, weakest first."""
Verb = Literal["must", "never", "not_ruled_out", "stays"]
VERBS: tuple[Verb, ...] = ("must", "never", "not_ruled_out", "stays")
"""What a property can require of its part; see `Property`."""


@dataclass(frozen=True, slots=True)
class Finds:
    """The finding is established."""

    finding: str


@dataclass(frozen=True, slots=True)
class Suspects:
    """The condition has at least this support."""

    condition: str
    support: Support


@dataclass(frozen=True, slots=True)
class CountsAgainst:
    """The rule is listed against the condition; this never lowers its support."""

    condition: str


@dataclass(frozen=True, slots=True)
class Triages:
    """The case needs at least this level."""

    level: str


@dataclass(frozen=True, slots=True)
class Gives:
    """The advice items are given."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withholds:
    """The advice items are held back (`hold_kind` stands for all items of its kinds)."""

    items: tuple[str, ...]


Conclusion = Finds | Suspects | CountsAgainst | Triages | Gives | Withholds


@dataclass(frozen=True, slots=True)
class Rule:
    """A production rule: when `when` holds, the conclusions in `then` follow, for the reason in `because`."""

    id: str
    when: Part
    then: tuple[Conclusion, ...]
    because: str
    claims: tuple[str, ...] = ()
    ours: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """A disease or disorder. `serious` conditions are listed first, as those to rule out."""

    name: str
    text: str
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A triage level. `text` is its heading and `do` says where to go.

    If `alone`, the page of this level shows nothing else. If `red_flag`, whatever leads to this level is a
    red flag; such a level may list `signs` to watch for later and the words that introduce them (`sooner`),
    both or neither. A page does not name a level that `reassures` while an open answer could still raise it.
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
    """An advice item. With `shown_with`, it is given, held or open together with its host."""

    name: str
    kind: str
    text: str
    claims: tuple[str, ...] = ()
    shown_with: Part | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """An explanation that appears together with its host (`shown_with`).

    A `caution` also appears on the patient's page. A text that `says_back` appears there after the answers
    that made its host true.
    """

    name: str
    text: str
    shown_with: Part
    claims: tuple[str, ...] = ()
    caution: bool = False
    says_back: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """A named number; `ours` if the articles do not state it."""

    name: str
    value: Decimal
    text: str = ""
    claims: tuple[str, ...] = ()
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The people whom the knowledge base is about."""

    text: str
    when: Part


@dataclass(frozen=True, slots=True)
class Clash:
    """Answers that contradict each other."""

    name: str
    when: Part
    because: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a disagreement says."""

    says: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A point on which the articles differ, shown where `when` is true.

    If `editors`, it concerns how the knowledge was written and no particular case: no page for a patient or a
    professional shows it.
    """

    name: str
    about: str
    when: Part
    sides: tuple[Side, ...]
    done: str
    editors: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A safety property: what must hold in every case that it covers, whatever the other answers.

    It covers the cases in which `when` is true and, if `unanswered` names questions, at least one of them may
    apply (its `asked_when` is not false) and is unanswered or answered "I don't know". There the part must be
    true (`must`), not true (`never`) or not false (`not_ruled_out`). `stays` compares a case with the same
    case plus more answers: if the part is true in the first, it must be true in the second.
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
    """Everything in one `kb/` folder. Mappings keep the order of the files. Compared by identity."""

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
    classes: Mapping[str, Classes]
    """By the name of the score or number question."""
    rules: Mapping[str, Rule]
    consistency: Mapping[str, Clash]
    disagreements: Mapping[str, Disagreement]
    safety: Mapping[str, Property]
    places: Mapping[str, Mapping[str, Span]]
    """Where each name is declared, by section: `places["rules"]["stenosis-hallmark"]`."""
    numbers_read: frozenset[str]
    """The names in `numbers` that a bound or a score uses; parts keep only their values."""

    def source_of(self, claim: str) -> str:
        """The article that a claim comes from."""
        return self.claims[claim]["source"]

    def is_warning(self, rule: Rule) -> bool:
        """Whether a rule concludes a level that is a red flag or stands `alone`."""
        levels = [self.levels[each.level] for each in rule.then if isinstance(each, Triages)]
        return any(level.red_flag or level.alone for level in levels)

    def is_red_flag(self, rule: Rule) -> bool:
        """Whether a rule concludes a level that is a red flag."""
        return any(isinstance(each, Triages) and self.levels[each.level].red_flag for each in rule.then)


def identity(kb: KnowledgeBase) -> dict[str, str]:
    """The name, version and checksum that identify a knowledge base."""
    return {"name": kb.name, "version": kb.version, "sha256": kb.sha256}


def citing(kb: KnowledgeBase, by_level: Mapping[str, list[str]], source: str) -> dict[str, list[str]]:
    """The triage rules of each level that cite the article `source`."""
    return {
        level: [id for id in ids if source in {kb.source_of(claim) for claim in kb.rules[id].claims}]
        for level, ids in by_level.items()
    }
