"""Counts of a segment or a run: cases, rejects, the tally, and the sample for the audit.

In: counts. Out: their sum, and plain values for the journal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.batch.audit import Drawn, drawn_from_plain, lowest
from engine.tally.tally import Tally, rejected, tally_from_plain

Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of some rows.

    Cases assessed; rows rejected, by error code; `unread`, the rejects that are files or parts of files that
    could not be read; `blank`, rows left out because every cell is empty.
    """

    tally: Tally = field(default_factory=Tally)
    assessed: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    sample: Sequence[Drawn] = ()
    unread: int = 0
    blank: int = 0

    @property
    def rejected(self) -> int:
        """The number of rejects."""
        return sum(self.codes.values())

    @property
    def rows(self) -> int:
        """The number of rows read."""
        return self.assessed + self.rejected + self.blank

    @property
    def summary(self) -> Tally:
        """The tally, with the rejects."""
        return self.tally + rejected(self.codes)

    def plus(self, other: Counts, audit: int) -> Counts:
        """The sum, with at most `audit` rows in its sample."""
        tally, codes = self.tally + other.tally, self.codes + other.codes
        sample = lowest([*self.sample, *other.sample], audit)
        unread, blank = self.unread + other.unread, self.blank + other.blank
        return Counts(tally, self.assessed + other.assessed, codes, sample, unread, blank)

    def among(self, all_: Counts) -> Counts:
        """These counts, with the sample restricted to rows that are also in the sample of `all_`."""
        kept = {each.lot for each in all_.sample}
        return replace(self, sample=[each for each in self.sample if each.lot in kept])

    def to_plain(self) -> Plain:
        """The counts as plain values."""
        return {
            "tally": self.tally.to_plain(),
            "assessed": self.assessed,
            "codes": dict(self.codes),
            "sample": [each.to_plain() for each in self.sample],
            "unread": self.unread,
            "blank": self.blank,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a run: the counts, and their summary as plain values."""

    counts: Counts
    summary: Plain

    @property
    def has_results(self) -> bool:
        """Whether there are results; false if rows were read but none was a case."""
        return self.counts.assessed > 0 or not self.counts.rejected


def counts_from_plain(values: Mapping[str, Any]) -> Counts:
    """The inverse of `Counts.to_plain`."""
    tally, drawn = tally_from_plain(values["tally"]), list(map(drawn_from_plain, values["sample"]))
    codes = Counter(values["codes"])
    return Counts(tally, values["assessed"], codes, drawn, values["unread"], values["blank"])
