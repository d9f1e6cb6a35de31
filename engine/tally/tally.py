"""What is counted over many cases: whole numbers by key, which can be added and written down.

In: counts. Out: a value that is the same however the cases were cut into segments: the tally of two segments
is the sum of theirs. Counts of nothing are left out, so equal tallies have equal bytes. The keys are

- `cases`, those assessed, and `reject CODE`, those that were not
- `scope yes|no|open`, `inconsistent`, `clash NAME`
- `triage LEVEL CEILING` and, of the cases that carry an expectation, `expected LEVEL LEVEL CEILING`;
  `no_level WORD`, where the expectation is no level
- `decides LEVEL ID cases|alone`, the cases at this level for which the rule fired; it and no other for it
- `condition NAME SUPPORT` for the highest support established, `condition NAME open` where none is yet
- `finding NAME`, `rule ID fired|open`
- `looked_at`, the cases that were looked at for what follows, which is scaled to all cases: `held_open`,
  those that an open question holds open, and `question NAME holds|alone|unknown`: it is one of those
  questions, it is the only one, it is one of them and was answered with "I don't know"
- `near_looked_at`, the cases that were looked at for near misses; `near ID`, those in which a rule lacks one
  part; `lacks ID PLACE false|unknown`, those in which it lacks that one, counted from 1
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Key = tuple[str, ...]
NONE = "none"
"""Stands for a level that is not there; no level is called so, as it is a word of the language."""
REST = "…"
"""Stands for words that are not told apart."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by key, none of them 0."""

    counts: Mapping[Key, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        return tally_of(Counter(self.counts) + Counter(other.counts))

    def __getitem__(self, words: str | Key) -> int:
        """The count of a key, which may be one word."""
        return self.counts.get((words,) if isinstance(words, str) else words, 0)

    def below(self, *words: str) -> dict[Key, int]:
        """The counts whose key begins with these words, by what follows them."""
        found = len(words)
        return {key[found:]: count for key, count in self.counts.items() if key[:found] == words}

    def to_plain(self) -> list[list[str | int]]:
        """The tally as lists, in one order: for a journal."""
        return [[*key, count] for key, count in sorted(self.counts.items())]


def tally_of(counts: Mapping[Key, int]) -> Tally:
    """The tally of these counts."""
    return Tally({key: count for key, count in counts.items() if count})


def tally_from_plain(rows: Sequence[Sequence[str | int]]) -> Tally:
    """The inverse of `Tally.to_plain`."""
    return Tally({tuple(map(str, words)): int(count) for *words, count in rows})


def rejected(by_code: Mapping[str, int]) -> Tally:
    """The tally of rejects, from how many there are of each code."""
    return tally_of({("reject", code): count for code, count in by_code.items()})
