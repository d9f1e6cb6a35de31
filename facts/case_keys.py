"""Check the keys of a case beside `answers`.

In: the tree of a case. Out: warnings for unknown keys that are ignored, as for unknown columns; errors for
keys that may hold answers or may be a misspelt key.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from facts.answers import MANY
from facts.nearest import nearest
from facts.other_names.columns import ANSWERS, MAX_COLUMNS, known_names, may_be_answers, not_read
from facts.other_names.formerly import Same, former, old_names
from facts.plain import NOWHERE
from facts.problem import Problem, quote, suggest
from facts.trees.tree import Mapping, Node, Scalar, Sequence
from facts.vocabulary import Questionnaire

KEYS = ("id", "about", "answers", "expect", "expect_not", "todo")
ALIKE = 0.8
"""Minimum similarity at which an unknown key counts as a misspelling of a known one; 1 means equal."""


def beside_answers(
    node: Mapping, questions: Questionnaire, carry: Container[str], written: bool
) -> tuple[list[Problem], tuple[Problem, ...]]:
    """Return errors, and warnings about ignored keys. In an example, or a case `written` by hand, every
    unknown key is an error.
    """
    strange = [(key, value) for key, value in node.entries if key.text not in KEYS and key.text not in carry]
    if not strange:
        return [], ()
    if written or is_example(node):
        return [_unknown_key(*each, questions) for each in islice(strange, MANY)], ()
    if len(strange) > MAX_COLUMNS:
        return [_too_many(node, len(strange))], ()
    lost = [each for each in strange if _is_lost(*each, questions)]
    if lost:
        return [_unknown_key(*each, questions) for each in islice(lost, MANY)], ()
    notes = ((key_left_out(key.text), key.span) for key, _ in strange)
    return [], tuple(replace(note, span=span) if span.file else note for note, span in notes)


def is_example(node: Mapping) -> bool:
    """Whether a case has `expect_not`, `todo`, or a mapping under `expect`."""
    return any(node.get(key) is not None for key in ("expect_not", "todo")) or isinstance(
        node.get("expect"), Mapping
    )


def is_left_out(key: str, questions: Questionnaire) -> bool:
    """Whether an unknown key is ignored if its value holds no answers; otherwise it may be a misspelling."""
    return _is_left_out(key, Same(questions))


@lru_cache(maxsize=4096)
def _is_left_out(key: str, same: Same) -> bool:
    if not key.strip() or nearest(key, KEYS, ALIKE):
        return False
    asked = _asked(same)
    once_asked = old_names(same.questions).of_column(key)
    return once_asked is None and not may_be_answers(key, asked, {*asked, ANSWERS})


def _is_lost(key: Scalar, value: Node, questions: Questionnaire) -> bool:
    return not is_left_out(key.text, questions) or _holds(value, questions)


def _holds(value: Node, questions: Questionnaire) -> bool:
    """Whether a current or old question name is a key anywhere in a value."""
    match value:
        case Mapping(entries):
            return any(
                key.text in questions or former(key.text, questions) or _holds(inner, questions)
                for key, inner in entries
            )
        case Sequence(items):
            return any(_holds(item, questions) for item in items)
        case Scalar():
            return False


@lru_cache(maxsize=4096)
def key_left_out(key: str) -> Problem:
    """Return the warning that a key is ignored, without a place."""
    return not_read(key, "key", NOWHERE, "to keep it in the results, name it with `--keep`")


@lru_cache(maxsize=16)
def _asked(same: Same) -> tuple[str, ...]:
    """Return the column names that answer a question."""
    return tuple(name for name in known_names(same.questions) if name not in KEYS)


def _unknown_key(key: Scalar, value: Node, questions: Questionnaire) -> Problem:
    named = suggest(key.text, KEYS, "keys")
    if not nearest(key.text, KEYS, ALIKE) and _is_lost(key, value, questions):
        named = "write answers under `answers`"
    help = f"{named}; to keep any other key in the results, name it with `--keep`"
    return Problem("unknown-key", f"a case has no {quote(key.text)}", key.span, help, subject=key.text)


def _too_many(case: Mapping, keys: int) -> Problem:
    message = f"the case has {keys:,} unknown keys; the limit is {MAX_COLUMNS:,}"
    return Problem("too-many", message, case.span, "remove the keys that are not answers")
