"""An assessment: all that follows from a case, as a value that serialises to the same bytes each time.

`engine.meaning.assembly` makes it from the truth of the rules; pages, tables and files only read it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = "cartsign.assessment/1"


@dataclass(frozen=True, slots=True)
class Reach:
    """The highest level established, and the highest not ruled out."""

    level: str | None
    ceiling: str | None


@dataclass(frozen=True, slots=True)
class Triage:
    """How urgent it is: `rules` gave the level; `by_source` is what each article alone would say."""

    level: str | None
    ceiling: str | None
    settled: bool
    rules: tuple[str, ...]
    by_source: Mapping[str, Reach]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A condition with its support (None while it is only possible that it gets one)."""

    name: str
    support: str | None
    could_reach: str
    serious: bool
    against: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """An advice item that is given, and the rules that give it."""

    item: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenUnless:
    """An item given only if none of the holds in `unless`, which are open, applies."""

    item: str
    rules: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The items that one rule holds back."""

    rule: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """An item that may yet be given, what it waits for, and the questions behind that."""

    item: str
    waits_for: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """Every advice item that is not absent, by its state."""

    given: tuple[Given, ...]
    given_unless: tuple[GivenUnless, ...]
    held: tuple[Held, ...]
    pending: tuple[Pending, ...]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Answers that cannot all be right, and the questions concerned."""

    name: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule that fired says what it says, and the claims it rests on."""

    rule: str
    because: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that follows from a case. `to_json` gives the published form, `assessment.schema.json`."""

    id: str
    kb: Mapping[str, str]
    in_scope: bool | None
    triage: Triage | None
    conditions: tuple[Suspicion, ...]
    findings: tuple[str, ...]
    scores: Mapping[str, Mapping[str, int | float]]
    advice: AdviceGiven
    texts: tuple[str, ...]
    ask_next: tuple[str, ...]
    kept_open_by: tuple[str, ...]
    inconsistencies: tuple[Inconsistency, ...]
    disagreements: tuple[str, ...]
    fired: tuple[str, ...]
    open: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, object]:
        """The assessment as plain values, `format` first."""
        return {"format": FORMAT, **dataclasses.asdict(self)}

    def to_json(self) -> str:
        """One line of JSON; the same answers and the same knowledge base give the same bytes."""
        return as_json(self.to_dict())


def as_json(value: object) -> str:
    """Compact JSON, text as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
