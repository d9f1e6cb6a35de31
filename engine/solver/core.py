"""Why no change of answers brings about a result: smallest sets of parts and limits that cannot all hold.

In: a search that found no change. Out: for each way to the wanted result, such a set, or None if it is too
long to be read. Source: the smallest sets are found as minimum hitting sets (A. Ignatiev, A. Previti, M.
Liffiton and J. Marques-Silva, Smallest MUS extraction with minimal hitting set dualization, 2015).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import z3

from engine.meaning.definitions import Definitions
from engine.model.names import kind_of, without_kind
from engine.model.parts import All, AnyOf, Not, Part, Ref
from engine.solver.coding import FALSE
from engine.solver.search import Limit, Search
from engine.solver.world import Claim

MOST_PARTS = 6
"""Maximum size of a set that is shown."""
MOST_COMPARED = 50
"""Maximum number of sets of the smallest size of which the first in the order of the rules is shown."""
MOST_ALTERNATIVES = 8
"""Maximum number of alternatives that are looked at one by one."""
DEEPEST = 24
"""Maximum number of definitions that are opened one inside the other."""


@dataclass(frozen=True, slots=True)
class Need:
    """A part whose truth is needed, and the rule in which it is written, if it is one."""

    claim: Claim
    rule: str = ""
    kind: Literal["part"] = "part"


Excluding = tuple[Need | Limit, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A way to the wanted result (None: the only one), and a smallest set of needs and limits that cannot all
    hold; None if every such set is too long.
    """

    way: Need | None
    parts: Excluding | None


def excluded(search: Search) -> tuple[Excluded, ...]:
    """Why no change makes the claims of a search true: one set, or one for each way if several ways lead to a
    conclusion that the claims need. Raises `Undecided`.
    """
    named = search.world.named
    needed = [need for claim in search.claims for need in needs(claim, named)]
    whole = _smallest(search, needed)
    choices = [each for each in needed if _is_choice(each, named)]
    ways = _alternatives(choices[0].claim, named) if len(choices) == 1 else []
    if not 1 < len(ways) <= MOST_ALTERNATIVES or (whole is not None and choices[0] not in whole):
        return (Excluded(None, whole),)
    others = [each for each in needed if each not in choices]
    return tuple(
        Excluded(
            Need(way, choices[0].rule), _smallest(search, [*needs(way, named, choices[0].rule), *others])
        )
        for way in ways
    )


def _is_choice(need: Need, named: Definitions) -> bool:
    """Whether a need is a conclusion to which several ways lead, or several conclusions."""
    ways = _alternatives(need.claim, named)
    return isinstance(need.claim.part, Ref) or (
        bool(ways) and all(isinstance(each.part, Ref) for each in ways)
    )


def needs(claim: Claim, named: Definitions, rule: str = "", depth: int = 0) -> list[Need]:
    """Everything that a claim needs, as parts that test an answer or leave a choice."""
    if depth > DEEPEST:
        return [Need(claim, rule)]
    match claim.part:
        case Ref(name) if name in named:
            inner = replace(claim, part=named[name])
            rule = without_kind(name) if kind_of(name) == "rule" else rule
            if _alternatives(inner, named):
                return [Need(claim, rule)]
            return needs(inner, named, rule, depth + 1)
        case Not(part):
            return needs(replace(claim, part=part, truth=not claim.truth), named, rule, depth + 1)
        case All(parts) | AnyOf(parts) if len(parts) == 1 or _needs_all(claim):
            inside = [replace(claim, part=each) for each in parts]
            return [need for each in inside for need in needs(each, named, rule, depth + 1)]
        case _:
            return [Need(claim, rule)]


def _needs_all(claim: Claim) -> bool:
    """Whether a claim about an `all` or `any` needs the same of each of its parts."""
    return isinstance(claim.part, All) is (claim.truth is claim.holds)


def _alternatives(claim: Claim, named: Definitions) -> list[Claim]:
    """The claims any of which would do, if a claim leaves a choice."""
    part: Part | None = claim.part
    truth = claim.truth
    for _ in range(DEEPEST):
        match part:
            case Ref(name):
                part = named.get(name)
            case Not(inner):
                part, truth = inner, not truth
            case All(parts) | AnyOf(parts) if len(parts) == 1:
                part = parts[0]
            case All(parts) | AnyOf(parts) if not _needs_all(replace(claim, part=part, truth=truth)):
                return [replace(claim, part=each, truth=truth) for each in parts]
            case _:
                return []
    return []


def _smallest(search: Search, needed: Iterable[Need]) -> Excluding | None:
    """A smallest set of these needs and the limits of the search that cannot all hold, in their order."""
    formulas: dict[Need | Limit, z3.BoolRef] = {each: search.world.formula(each.claim) for each in needed}
    formulas.update(search.limits.items())
    chosen = {each: z3.Bool(f"chosen {at}") for at, each in enumerate(formulas)}
    solver, picker = z3.SimpleSolver(), z3.SimpleSolver()
    solver.add([*search.sound, *(z3.Implies(chosen[each], formulas[each]) for each in formulas)])
    size, found = 0, list[Excluding]()
    while size <= MOST_PARTS and len(found) < MOST_COMPARED:
        picked = search.model(picker, z3.AtMost(*chosen.values(), size))
        if picked is None and found:
            break
        if picked is None:
            size += 1
            continue
        these = [each for each, literal in chosen.items() if z3.is_true(picked.eval(literal, True))]
        model = search.model(solver, *(chosen[each] for each in these))
        if model is None:
            found.append(tuple(these))
            picker.add(z3.Or([FALSE, *(z3.Not(chosen[each]) for each in these)]))
        else:
            together = set(_grown(search, solver, model, formulas, chosen))
            picker.add(z3.Or([literal for each, literal in chosen.items() if each not in together]))
    order = {each: at for at, each in enumerate(formulas)}
    return min(found, key=lambda each: [order[part] for part in each], default=None)


def _grown(
    search: Search,
    solver: z3.Solver,
    model: z3.ModelRef,
    formulas: Mapping[Need | Limit, z3.BoolRef],
    chosen: Mapping[Need | Limit, z3.BoolRef],
) -> Iterator[Need | Limit]:
    """As many of the formulas as can hold together, beginning with those of a model."""
    rest = list(formulas)
    kept: list[z3.BoolRef] = []
    while rest:
        held = [each for each in rest if z3.is_true(model.eval(formulas[each], True))]
        yield from held
        kept += [chosen[each] for each in held]
        rest = [each for each in rest if each not in held]
        while rest and (found := search.model(solver, *kept, chosen[rest[0]])) is None:
            rest = rest[1:]
        if rest:
            assert found is not None
            model = found
