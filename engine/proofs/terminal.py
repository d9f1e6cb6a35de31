"""Results for people: each violation with its place and a case that shows it, and what was proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import parsed
from engine.proofs.result import Result, Witness
from facts.case import Case
from facts.cases.text import answer_text, text_of
from facts.problem import quoted, render

TODO = "write in `expect` what these answers must give, then remove this line"


def violation(result: Result, kb: KnowledgeBase) -> str:
    """A violated property: what is wrong, where, how to fix it, and a smallest case that shows it."""
    assert result.problem is not None
    lines = [render(result.problem)]
    if result.witness is not None:
        lines += _shown(result.witness, kb)
        if result.rules:
            lines.append(f"  rules concerned: {quoted(result.rules)}")
    return "\n".join(lines)


def _shown(witness: Witness, kb: KnowledgeBase) -> Iterator[str]:
    asked = kb.questions
    if not witness.answers and witness.before is None:
        yield "  for example: somebody who answers nothing"
        return
    yield "  for example:" if witness.before is None else "  for example, after these answers:"
    for question, answer in (witness.before if witness.before is not None else witness.answers).items():
        yield f"    {question}: {answer_text(asked[question], answer)}"
    if witness.before is not None:
        yield "  and after these further answers:"
        for question, answer in witness.answers.items():
            if witness.before.get(question) != answer:
                yield f"    {question}: {answer_text(asked[question], answer)}"


def undecided(results: Sequence[Result]) -> str:
    """The number of undecided properties, by kind."""
    times = Counter(each.kind for each in results if each.status == "undecided")
    return "\n".join(f"{number:,} undecided: {kind}" for kind, number in times.items())


def case_texts(results: Sequence[Result], kb: KnowledgeBase) -> Iterator[str]:
    """Each witness as a case in YAML, to which the expectations have to be added."""
    times = Counter[str]()
    for result in results:
        if result.status == "violated" and result.witness is not None and result.problem is not None:
            id = f"{result.kind}-{'-'.join(parsed(result.name))}".strip("-")
            times[id] += 1
            named = id if times[id] == 1 else f"{id}-{times[id]}"
            case = Case(named, result.witness.answers, result.problem.message)
            yield f"{text_of(case, kb.questions)}  todo: {TODO}\n"
