"""Find the name most similar to a misspelt word.

In: a word and names. Out: the name with the highest `difflib` ratio. The ratio is slow, and a file may
contain a hundred thousand unknown words, so most names are skipped by two cheap upper bounds: the number of
shared letters, and the length of the longest common subsequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


@dataclass(eq=False, slots=True)
class _Names:
    """Known names, prepared for comparison.

    `names` maps each folded name to the original. `bits` assigns one bit to each (letter, occurrence) pair;
    `letters` lists (folded name, length, bits).
    """

    names: dict[str, str]
    bits: dict[tuple[str, int], int] = field(default_factory=dict)
    letters: list[tuple[str, int, int]] = field(default_factory=list)
    longest: int = 0


def nearest(word: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the name most similar to a word, or "" if none reaches `cutoff`, a `difflib` ratio (1 means
    equal).
    """
    known = _known(tuple(names))
    if not known.names or _ratio(known.longest, known.longest + len(word)) < cutoff:
        return ""
    return _nearest(_folded(word.replace(" ", "_")), known, cutoff)


@lru_cache(maxsize=16)
def _known(names: tuple[str, ...]) -> _Names:
    folded = {_folded(name): name for name in names}
    known = _Names(folded, longest=max(map(len, folded), default=0))
    for name in known.names:
        counted = [(letter, name[:at].count(letter)) for at, letter in enumerate(name)]
        letters = sum(known.bits.setdefault(each, 1 << len(known.bits)) for each in counted)
        known.letters.append((name, len(name), letters))
    return known


@lru_cache(maxsize=4096)
def _nearest(word: str, known: _Names, cutoff: float) -> str:
    from difflib import SequenceMatcher

    counted = ((letter, word[:at].count(letter)) for at, letter in enumerate(word))
    letters = sum(known.bits.get(each, 0) for each in counted)
    size = len(word)
    bounds = [
        (2.0 * (letters & own).bit_count() / (size + long or 1), name) for name, long, own in known.letters
    ]
    likely = sorted((each for each in bounds if each[0] >= cutoff), reverse=True)
    if not likely:
        return ""
    matcher, places, found = SequenceMatcher(b=word), _places(word), (cutoff, "")
    for bound, name in likely:
        if bound < found[0]:
            break
        if _ratio(_in_both(name, places), size + len(name)) >= found[0]:
            matcher.set_seq1(name)
            found = max(found, (matcher.ratio(), name))
    return known.names.get(found[1], "")


def _ratio(matches: int, length: int) -> float:
    """Return the `difflib` ratio for a number of matching letters and the combined length of both words."""
    return 2.0 * matches / length if length else 1.0


def _places(word: str) -> dict[str, int]:
    """Map each letter to a bit set of its positions in the word."""
    places: dict[str, int] = {}
    for at, letter in enumerate(word):
        places[letter] = places.get(letter, 0) | 1 << at
    return places


def _in_both(name: str, places: dict[str, int]) -> int:
    """Return the length of the longest common subsequence (Hyyrö, https://doi.org/10.1016/j.ipl.2003.09.002),
    computed with bit operations.
    """
    width = sum(places.values()).bit_length()
    whole = (1 << width) - 1
    row = whole
    for letter in name:
        both = row & places.get(letter, 0)
        row = (row + both | row - both) & whole
    return width - row.bit_count()


def _folded(name: str) -> str:
    """Ignore case, the kind of dash, and leading zeros of numbers."""
    return LEADING_ZEROS.sub("", name.casefold().replace("-", "_"))
