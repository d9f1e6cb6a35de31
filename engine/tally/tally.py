"""Counts over many cases, by key, which can be added and stored.

In: counts. Out: a value that does not depend on how the cases were cut into segments: the tally of two
segments is the sum of their tallies. Zero counts are left out, so equal tallies have equal bytes. The keys
are

- `cases`, the assessed cases, and `reject CODE`, the rejected ones
- `scope yes|no|open`, `inconsistent`, `clash NAME`
- `triage LEVEL CEILING` and, for cases with an expectation, `expected LEVEL LEVEL CEILING`;
  `no_level WORD` if the expectation is not a level
- `decides LEVEL ID cases|alone`: cases at this level for which the rule fired; those in which no other rule
  for the level fired
- `condition NAME SUPPORT` for the highest support established, `condition NAME open` if none is established
  but one is open
- `finding NAME`, `rule ID fired|open`
- `class SCORE in CLASS`, and `class SCORE open` where it is not decided
- `looked_at`, the cases examined for the following counts, which are scaled to all cases: `held_open`, the
  cases that an open question holds open, and `question NAME holds|alone|unknown`: it is one of these
  questions; it is the only one; it is one of them and was answered "I don't know"
- `near_looked_at`, the cases examined for near misses; `near ID`, cases in which the rule lacks one part;
  `lacks ID PLACE false|unknown`, cases in which it lacks the part at this place, counted from 1
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Key = tuple[str, ...]
NONE = "none"
"""The key for "no level". No level can have this name, which is a word of the language."""
REST = "…"
"""The key for all words that are not counted separately."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by key, without zeros."""

    counts: Mapping[Key, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        return tally_of(Counter(self.counts) + Counter(other.counts))

    def __getitem__(self, words: str | Key) -> int:
        """The count of a key, which may be a single word; 0 if absent."""
        return self.counts.get((words,) if isinstance(words, str) else words, 0)

    def below(self, *words: str) -> dict[Key, int]:
        """The counts whose key begins with these words, by the rest of the key."""
        found = len(words)
        return {key[found:]: count for key, count in self.counts.items() if key[:found] == words}

    def to_plain(self) -> list[list[str | int]]:
        """The tally as sorted lists, for a journal."""
        return [[*key, count] for key, count in sorted(self.counts.items())]


def tally_of(counts: Mapping[Key, int]) -> Tally:
    """The tally of these counts."""
    return Tally({key: count for key, count in counts.items() if count})


def tally_from_plain(rows: Sequence[Sequence[str | int]]) -> Tally:
    """The inverse of `Tally.to_plain`."""
    return Tally({tuple(map(str, words)): int(count) for *words, count in rows})


def rejected(by_code: Mapping[str, int]) -> Tally:
    """The tally of rejects from their number per code."""
    return tally_of({("reject", code): count for code, count in by_code.items()})
