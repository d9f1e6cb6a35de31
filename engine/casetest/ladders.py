"""Why a level or a support is higher or lower than expected.

In: a difference, the path inside `triage` or `conditions`, and the valuation of the case. Out: the rules that
raised it to its value, or those that would raise it to the expected value.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.casetest.expectation import Difference, words
from engine.casetest.grounds import Ground, Grounds, behind, why_each
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import SUPPORT, citing
from engine.model.names import name_of


def condition(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """The rules that give the actual support, or the reasons why no rule gives the expected one."""
    name, wanted = path[0], difference.wanted
    if difference.kind == "lacks" or _asks_more(difference, SUPPORT):
        support = wanted if wanted in SUPPORT else SUPPORT[0]
        said = f"no rule gives `{name}` the support `{support}` or stronger"
        exactly = case.prepared.rules_for.get(name_of("condition", name, support), [])
        rules = [name_of("rule", id) for id in exactly if not case.value(name_of("rule", id))]
        return why_each(rules, case) or behind(name_of("condition", name, support), case) or (Ground(said),)
    possible = (
        each for each in reversed(SUPPORT) if case.value(name_of("condition", name, each)) is not False
    )
    support = difference.found if difference.found in SUPPORT else next(possible, SUPPORT[0])
    return behind(name_of("condition", name, support), case)


def _asks_more(difference: Difference, ladder: Sequence[str]) -> bool:
    """Whether the expected value ranks above the actual one."""
    rank = {each: at for at, each in enumerate(ladder)}
    if difference.kind != "differs":
        return False
    return rank.get(words(difference.wanted), -1) > rank.get(words(difference.found), -1)


def triage(path: tuple[str, ...], difference: Difference, case: Valuation) -> Grounds:
    """The rules that gave the level, that keep the ceiling up, or that would give the expected level."""
    kb, rules_for = case.prepared.kb, case.prepared.rules_for
    by_level = {level: rules_for.get(name_of("triage", level), []) for level in kb.levels}
    if path[0:1] == ("by_source",) and path[1:]:
        by_level = citing(kb, by_level, path[1])
    if path[-1:] == ("settled",):
        return _unsettled(by_level, case)
    level = difference.wanted if _asks_more(difference, list(kb.levels)) else difference.found
    rules = {name_of("rule", id): case.value(name_of("rule", id)) for id in by_level.get(str(level), ())}
    citing_it = f" that cites {path[1]}" if len(path) > 2 else ""
    if level is None:
        return (Ground(f"no rule{citing_it} {'can give' if path[-1] == 'ceiling' else 'gives'} a level"),)
    if level is difference.found:
        fired = [name for name, state in rules.items() if state]
        return why_each(fired or [name for name, state in rules.items() if state is None], case)
    return why_each(rules, case) or (Ground(f"no rule{citing_it} gives `{level}`"),)


def _unsettled(by_level: dict[str, list[str]], case: Valuation) -> Grounds:
    """Why the open rules of the highest level not ruled out are open."""
    for rules in reversed(by_level.values()):
        states = {name_of("rule", id): case.value(name_of("rule", id)) for id in rules}
        if any(states.values()):
            break
        if None in states.values():
            return why_each([name for name, state in states.items() if state is None], case)
    return (Ground("no rule for a higher level is open"),)
