"""An assessment: everything that follows from a case. Equal assessments serialise to the same bytes.

`engine.meaning.assembly` makes it from the truth of the rules; pages, tables and files only read it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

FORMAT = "cartsign.assessment/1"
Shape = Literal["wide", "full"]
"""A row of typed columns, or the complete assessment."""
Target = Literal["experta", "columns"]
"""The machine that evaluates the rules."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The highest level established, and the highest level not ruled out."""

    level: str | None
    ceiling: str | None


@dataclass(frozen=True, slots=True)
class Triage:
    """How urgent the case is. `rules` are those that gave `level`; `by_source` has the result for each
    article alone.
    """

    level: str | None
    ceiling: str | None
    settled: bool
    rules: tuple[str, ...]
    by_source: Mapping[str, Reach]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A condition that is not ruled out. `support` is None until a rule for it has fired."""

    name: str
    support: str | None
    could_reach: str
    serious: bool
    against: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """An advice item that is given, with the rules that give it."""

    item: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenUnless:
    """An advice item that is given only if none of the open holds in `unless` applies."""

    item: str
    rules: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The advice items that one rule holds back."""

    rule: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """An advice item that is not given yet: what it waits for (`give`, `hold`), and the questions that could
    decide it.
    """

    item: str
    waits_for: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """All advice items that are not absent, by state."""

    given: tuple[Given, ...]
    given_unless: tuple[GivenUnless, ...]
    held: tuple[Held, ...]
    pending: tuple[Pending, ...]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Answers that contradict each other, with the questions concerned."""

    name: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """The explanation of a rule that fired, and the claims it cites."""

    rule: str
    because: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that follows from a case. `to_json` gives the published form, `assessment.schema.json`."""

    id: str
    kb: Mapping[str, str]
    in_scope: bool | None
    triage: Triage | None
    conditions: tuple[Suspicion, ...]
    findings: tuple[str, ...]
    scores: Mapping[str, Mapping[str, int | float]]
    classes: Mapping[str, str | None]
    """The class of each score or number that has classes, None while it is open. Left out if none has any."""
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
        """The assessment as plain values, with `format` first."""
        return {"format": FORMAT, **{name: plain(each) for name, each in self._published().items()}}

    def to_json(self) -> str:
        """One line of JSON; the same answers and the same knowledge base give the same bytes."""
        return as_json({"format": FORMAT, **self._published()})

    def _published(self) -> dict[str, object]:
        return {name: each for name, each in _fields(self).items() if name != "classes" or each}


def plain(value: Any) -> Any:
    """A field as plain values: what `dataclasses.asdict` gives, without a copy of each text, which takes
    most of its time.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    found = _fields(value) if dataclasses.is_dataclass(value) else value
    return {key: plain(each) for key, each in found.items()} if isinstance(found, dict) else found


def as_json(value: object) -> str:
    """Compact JSON without ASCII escapes. Raises `ValueError` for NaN and infinity."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_fields)


def _fields(value: Any) -> dict[str, object]:
    """The fields of a dataclass. `json` asks for those inside, which is faster than `dataclasses.asdict`."""
    return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
