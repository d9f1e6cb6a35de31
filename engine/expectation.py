"""What a case expects of its assessment, and what of that is not so.

In: an assessment as plain values (`Assessment.to_dict`), and the `expect` and `expect_not` of a case, in the
same words. Out: one sentence for each expectation that is not met. What is not named is free; a key or a
member that cannot be looked up is itself a sentence, so that a misspelt expectation never passes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

NAMES = ("name", "item", "rule")
"""The field that a member of a list is called by."""


def differences(
    assessment: Mapping[str, object], expect: Mapping[str, object], expect_not: Mapping[str, object]
) -> list[str]:
    """What the assessment does not meet: first of what must be so, then of what must not be there."""
    return [*_lacks(assessment, expect, ""), *_has(assessment, expect_not, "")]


def _lacks(found: object, wanted: object, path: str) -> Iterator[str]:
    """Why what was found is not what must be so."""
    if isinstance(found, Sequence) and not isinstance(found, str):
        yield from _lacks_members(_members(found), wanted, path)
    elif isinstance(wanted, Mapping) and isinstance(found, Mapping):
        yield from _nothing_named(wanted, path)
        for key, each in wanted.items():
            where = f"{path}.{key}" if path else key
            yield from _lacks(found[key], each, where) if key in found else _no_key(found, key, path)
    elif not _same(found, wanted):
        yield f"{path} is {_said(found)}, expected {_said(wanted)}"


def _has(found: object, unwanted: object, path: str) -> Iterator[str]:
    """Why what was found has what must not be there."""
    if isinstance(found, Sequence) and not isinstance(found, str):
        yield from _has_members(_members(found), unwanted, path)
    elif isinstance(unwanted, Mapping) and isinstance(found, Mapping):
        yield from _nothing_named(unwanted, path)
        for key, each in unwanted.items():
            where = f"{path}.{key}" if path else key
            yield from _has(found[key], each, where) if key in found else _no_key(found, key, path)
    elif _same(found, unwanted):
        yield f"{path} is {_said(found)}, which must not be"


def _lacks_members(members: Mapping[str, object], wanted: object, path: str) -> Iterator[str]:
    named = _named(wanted)
    yield from _nothing_named(named, path)
    for name, each in named.items():
        if name not in members:
            yield f"{path} has no {_said(name)}" + ("" if each is ... else f", expected {_said(each)}")
        elif each is not ...:
            yield from _lacks(_valued(members[name], each), each, f"{path}.{name}")


def _has_members(members: Mapping[str, object], unwanted: object, path: str) -> Iterator[str]:
    named = _named(unwanted)
    yield from _nothing_named(named, path)
    for name, each in named.items():
        if name in members and each is ...:
            yield f"{path} has {_said(name)}, which must not be there"
        elif name in members:
            yield from _has(_valued(members[name], each), each, f"{path}.{name}")


def _members(found: Iterable[object]) -> dict[str, object]:
    """The members of a list by name; of groups of items also each item."""
    members: dict[str, object] = {}
    for each in found:
        members[_name(each)] = each
        if isinstance(each, Mapping) and isinstance(each.get("items"), Sequence):
            members |= {str(item): item for item in each["items"]}
    return members


def _named(wanted: object) -> dict[str, object]:
    """What is expected of which member; `...` where it only has to be there."""
    if isinstance(wanted, Mapping):
        return dict(wanted)
    several = wanted if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    return {_name(each): _without_name(each) if isinstance(each, Mapping) else ... for each in several}


def _name(member: object) -> str:
    named = [member[key] for key in NAMES if key in member] if isinstance(member, Mapping) else [member]
    return str(named[0]) if named else _words(member)


def _without_name(member: Mapping[str, object]) -> object:
    """What else a member must have."""
    name = next((key for key in NAMES if key in member), None)
    return {key: each for key, each in member.items() if key != name} or ...


def _valued(member: object, wanted: object) -> object:
    """What a single word about a member speaks of: of a condition, its support."""
    if isinstance(member, Mapping) and not isinstance(wanted, Mapping) and "support" in member:
        return member["support"]
    return member


def _same(found: object, wanted: object) -> bool:
    """Whether two values are equal; a number for an interval means both ends."""
    if isinstance(found, Mapping) and set(found) == {"low", "high"} and not isinstance(wanted, Mapping):
        return all(_same(end, wanted) for end in found.values())
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)


def _no_key(found: Mapping[str, object], key: str, path: str) -> Iterator[str]:
    yield f"{path or 'an assessment'} has no `{key}`, only {', '.join(f'`{each}`' for each in found)}"


def _nothing_named(named: Mapping[str, object], path: str) -> Iterator[str]:
    if path and not named:
        yield f"{path} is expected to have nothing in particular: name members, or leave it out"


def _said(value: object) -> str:
    return f"`{_words(value)}`"


def _words(value: object) -> str:
    """A value as JSON has it, a text without its quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
