"""What stays open although all further answers lead to the same truth.

A name that is still open keeps questions open that cannot change it, and keeps advice and levels pending. The
cause is one answer that is read in two places: two scores over one item, a rule for each of two opposite
answers, parts that exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.checks.check import finding
from engine.meaning.definitions import keys_of, reads
from engine.meaning.valuation import questions_of
from engine.model.names import kind_of, name_of, without_kind
from engine.model.parts import Part
from engine.model.scores import Times
from engine.proofs.proving import Proof, Proving
from engine.proofs.result import Result, Witness
from engine.solver import Undecided
from engine.solver.completions import Completions
from engine.words.rule_text import name_text
from facts.problem import quote, quoted

KINDS = ("inconsistency", "rule", "finding", "condition", "triage", "give", "hold", "text")
MOST_NAMED = 4
"""Maximum number of open questions named."""


def nothing_waits_in_vain(proving: Proving) -> Iterator[Result]:
    """No name stays open that can only become true, or only false. Rules are examined before their
    conclusions; of several names with the same meaning, only the first.
    """
    completions, told = Completions(proving.kb, proving.until), set[str]()
    seen: set[Part] = set()
    for name, part in proving.world.named.items():
        is_told = part in seen or any(ref.name in told for ref in reads(part, proving.kb))
        if kind_of(name) in KINDS and not is_told and not _is_weighed(name, proving):
            seen.add(part)
            results = [_decided(name, truth, completions, proving) for truth in (True, False)]
            if any(each.status == "violated" for each in results):
                told |= {name, *_concluded(name, proving)}
            yield from results
    clashes = [name_of("inconsistency", each) for each in proving.kb.consistency]
    unweighed = [name for name in clashes if not _is_weighed(name, proving)]
    if len(unweighed) > 1 and told.isdisjoint(unweighed):
        yield _avoidable(unweighed, completions, proving)


def _avoidable(clashes: Sequence[str], completions: Completions, proving: Proving) -> Result:
    """Whether some completion of every case is without contradictions. That none of them alone is unavoidable
    is known.
    """
    kind = "open-though-decided"
    try:
        answers = completions.unavoidable(clashes)
    except Undecided:
        return Result(clashes[0], kind, "undecided")
    if answers is None:
        return Result(clashes[0], kind, "proved")
    case = proving.fired(answers)
    assert not any(case.value(name) for name in clashes), "experta finds a contradiction already"
    left = [name for name in clashes if case.value(name) is None]
    called = quoted([without_kind(name) for name in left])
    message = f"whatever else is answered, the answers will contradict each other as one of {called} says"
    help = "let one of them be true as soon as the others cannot be avoided any more"
    problem = finding(kind, message, proving.place(left[0]), help)
    return Result(left[0], kind, "violated", (), problem, Witness(answers))


def _concluded(name: str, proving: Proving) -> Iterator[str]:
    """What a rule concludes."""
    rule = proving.kb.rules.get(without_kind(name)) if kind_of(name) == "rule" else None
    for conclusion in rule.then if rule is not None else ():
        yield from keys_of(conclusion)


def _decided(name: str, truth: bool, completions: Completions, proving: Proving) -> Result:
    try:
        answers = completions.open_though_decided(name, truth)
    except Undecided:
        return Result(name, "open-though-decided", "undecided")
    if answers is None:
        return Result(name, "open-though-decided", "proved")
    case = proving.fired(answers)
    assert case.value(name) is None, "experta decides the name"
    read = questions_of(name, proving.kb, proving.world.named)
    waiting = [each for each in proving.kb.questions if each in read and not case.is_answered(each)]
    only = "true" if truth else "false"
    message = f"{quote(name_text(name))} can stay open although it can only become {only}"
    help = f"it waits for {quoted(waiting[:MOST_NAMED])}{', ...' if waiting[MOST_NAMED:] else ''}; "
    help += "let the rule read each answer in one place"
    problem = finding("open-though-decided", message, proving.place(name), help)
    return Result(name, "open-though-decided", "violated", (), problem, Witness(answers))


def _is_weighed(name: str, proving: Proving) -> bool:
    """Whether a number of which every step counts is read, so that the search would try each."""
    read = questions_of(name, proving.kb, proving.world.named)
    lines = (line for score in proving.kb.scores.values() for line in score.lines)
    return any(isinstance(line, Times) and line.question in read for line in lines)


PROOFS = (Proof(("open-though-decided",), nothing_waits_in_vain),)
