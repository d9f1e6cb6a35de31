"""What a case expects of its assessment, and which expectations are not met.

In: an assessment as plain values (`Assessment.to_dict`), and the `expect` and `expect_not` of a case, in the
same form. Out: a difference for each expectation that is not met, with its path in the expectation and a
sentence. Anything not named may have any value, except in a list that is expected to be `none` or `exactly:
[...]`. An unknown key or member is itself a difference, so a misspelt expectation never passes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

NAMES = ("name", "item", "rule")
"""The fields that may contain the name of a list member."""
NONE, EXACTLY = "none", "exactly"
"""Words for a whole list: empty, or with exactly these members."""

SAYS_NOTHING = "expects nothing: name what it must have, write `none`, or remove it"

Side = Literal["expect", "expect_not"]
Kind = Literal["differs", "lacks", "is", "has", "extra", "no_key", "empty"]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that is not met; `path` leads to it through keys and member names.

    A value `differs` from what is expected, or `is` what is excluded; a list `lacks` a member, `has` an
    excluded one, or has an `extra` one that is not expected; `no_key` is an unknown key, and `empty` an
    expectation without content. `wanted` is `...` if a member only has to be present. For a list that is
    expected to be `none` or `exactly` something, `whole` is its path and `instead` the expectation that would
    hold.
    """

    side: Side
    kind: Kind
    path: Path
    found: object
    wanted: object = ...
    whole: Path | None = None
    instead: object = None

    @property
    def sentence(self) -> str:
        """The difference in words."""
        *before, last = self.path
        where, holder = ".".join(self.path), ".".join(before)
        match self.kind:
            case "differs":
                return f"{where} is {said(self.found)}, expected {said(self.wanted)}"
            case "is":
                return f"{where} is {said(self.found)}, which `expect_not` forbids"
            case "lacks":
                expected = "" if self.wanted is ... else f", expected {said(self.wanted)}"
                return f"{holder} has no {said(last)}{expected}"
            case "has":
                return f"{holder} has {said(last)}, which `expect_not` forbids"
            case "extra":
                expected = "none" if self.wanted is None else "only the names listed"
                return f"{holder} has {said(last)}, expected {expected}"
            case "no_key":
                assert isinstance(self.found, Mapping)
                known = ", ".join(f"`{each}`" for each in self.found)
                return f"{holder or 'an assessment'} has no `{last}`, only {known}"
            case "empty":
                return f"{where} {SAYS_NOTHING}"
            case _:
                assert_never(self.kind)


def differences(
    assessment: Mapping[str, object], expect: Mapping[str, object], expect_not: Mapping[str, object]
) -> list[Difference]:
    """The unmet expectations: first those of `expect`, then those of `expect_not`."""
    return [
        *_compared(assessment, expect, (), "expect"),
        *_compared(assessment, expect_not, (), "expect_not"),
    ]


def _compared(found: object, named: object, path: Path, side: Side) -> Iterator[Difference]:
    """The differences between a value and its expectation on one side."""
    if isinstance(found, Sequence) and not isinstance(found, str):
        if named == NONE or (isinstance(named, Mapping) and EXACTLY in named):
            yield from _whole_compared(found, named, path, side)
        else:
            yield from _members_compared(members_of(found), _named(named), path, side)
    elif isinstance(named, Mapping) and isinstance(found, Mapping):
        yield from _nothing_named(named, path, side)
        for key, each in named.items():
            at = (*path, key)
            known = key in found
            yield from (
                _compared(found[key], each, at, side) if known else [Difference(side, "no_key", at, found)]
            )
    elif _same(found, named) is (side == "expect_not"):
        yield Difference(side, "differs" if side == "expect" else "is", path, found, named)


def _members_compared(
    members: Mapping[str, object], named: Mapping[str, object], path: Path, side: Side
) -> Iterator[Difference]:
    yield from _nothing_named(named, path, side)
    for name, each in named.items():
        at = (*path, name)
        if name in members and each is not ...:
            yield from _compared(_valued(members[name], each), each, at, side)
        elif name in members and side == "expect_not":
            yield Difference(side, "has", at, members[name])
        elif name not in members and side == "expect":
            yield Difference(side, "lacks", at, None, each)


def _whole_compared(found: Sequence[object], said: object, path: Path, side: Side) -> Iterator[Difference]:
    """The differences of a list expected to be empty or exact; conditions without support are ignored."""
    wanted = said[EXACTLY] if isinstance(said, Mapping) else None
    named = {} if wanted is None else _named(wanted)
    there = [each for each in found if not _is_only_open(each) or member_name(each) in named]
    if side == "expect_not":
        if not there and wanted is None:
            yield Difference(side, "is", path, NONE)
        return
    instead = _said_of(there, isinstance(wanted, Mapping))
    each: Difference
    for each in _members_compared(members_of(there), named, path, side) if named else ():
        yield replace(each, whole=path, instead=instead)
    for name in _names_of(there, named):
        if name not in named:
            yield Difference(side, "extra", (*path, name), name, wanted, path, instead)


def _is_only_open(member: object) -> bool:
    """Whether a member is a condition without support that is merely not ruled out."""
    return isinstance(member, Mapping) and "support" in member and member["support"] is None


def _names_of(found: Iterable[object], named: Collection[str] = ()) -> Iterator[str]:
    """The names in a list; for a group of items, the names of its items unless the group itself is named."""
    for each in found:
        items = each.get("items") if isinstance(each, Mapping) else None
        if isinstance(items, Sequence) and member_name(each) not in named:
            yield from (words(item) for item in items)
        else:
            yield member_name(each)


def _said_of(found: Sequence[object], with_support: bool) -> object:
    """The expectation that describes a whole list."""
    if not found:
        return NONE
    if with_support:
        return {EXACTLY: {member_name(each): _valued(each, None) for each in found}}
    return {EXACTLY: list(_names_of(found))}


def members_of(found: Iterable[object]) -> dict[str, object]:
    """The members of a list by name; groups of items are also listed item by item."""
    members: dict[str, object] = {}
    for each in found:
        members[member_name(each)] = each
        if isinstance(each, Mapping) and isinstance(each.get("items"), Sequence):
            members |= {words(item): item for item in each["items"]}
    return members


def _named(wanted: object) -> dict[str, object]:
    """The expected members with their values; `...` if a member only has to be present."""
    if isinstance(wanted, Mapping):
        return dict(wanted)
    several = wanted if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    return {member_name(each): _without_name(each) if isinstance(each, Mapping) else ... for each in several}


def member_name(member: object) -> str:
    """The name of a list member."""
    named = [member[key] for key in NAMES if key in member] if isinstance(member, Mapping) else [member]
    return words(named[0] if named else member)


def _without_name(member: Mapping[str, object]) -> object:
    """The other fields that a member must have; `...` if none."""
    name = next((key for key in NAMES if key in member), None)
    return {key: each for key, each in member.items() if key != name} or ...


def _valued(member: object, wanted: object) -> object:
    """The value that a single word about a member refers to: for a condition, its support."""
    if isinstance(member, Mapping) and not isinstance(wanted, Mapping) and "support" in member:
        return member["support"]
    return member


def _same(found: object, wanted: object) -> bool:
    """Whether two values are equal; one number equals an interval if it equals both ends."""
    if isinstance(found, Mapping) and set(found) == {"low", "high"} and not isinstance(wanted, Mapping):
        return all(_same(end, wanted) for end in found.values())
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)


def _nothing_named(named: Mapping[str, object], path: Path, side: Side) -> Iterator[Difference]:
    if path and not named:
        yield Difference(side, "empty", path, None)


def said(value: object) -> str:
    """A value in backticks."""
    return f"`{words(value)}`"


def words(value: object) -> str:
    """A value as JSON, but a text without quotes, and a score with equal ends as a number."""
    if isinstance(value, Mapping) and value.keys() == {"low", "high"} and value["low"] == value["high"]:
        return words(value["low"])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
