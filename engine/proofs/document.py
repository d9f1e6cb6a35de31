"""Results in machine-readable form, described by `engine/schemas/verify.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.checks.report import relative
from engine.model.knowledge_base import KnowledgeBase, identity
from engine.proofs.result import Answers, Result
from facts.problem import Problem
from facts.vocabulary import Answer, Unknown

FORMAT = "cartsign.verify/1"


def as_plain(results: Sequence[Result], kb: KnowledgeBase, folder: str) -> dict[str, object]:
    """All results as plain values; paths inside `folder` are relative to it."""
    return {
        "format": FORMAT,
        "kb": identity(kb),
        **{status: sum(each.status == status for each in results) for status in STATUSES},
        "properties": [_property(each, folder) for each in results],
    }


STATUSES = ("proved", "violated", "undecided")


def _property(result: Result, folder: str) -> dict[str, object]:
    witness = result.witness
    return {
        "name": result.name,
        "kind": result.kind,
        "status": result.status,
        "rules": list(result.rules),
        "problem": None if result.problem is None else _problem(result.problem, folder),
        "allowed": result.status == "proved" and result.problem is not None,
        "witness": None if witness is None else plain_answers(witness.answers),
        "before": None if witness is None or witness.before is None else plain_answers(witness.before),
    }


def _problem(problem: Problem, folder: str) -> dict[str, object]:
    span = problem.span
    return {
        "message": problem.message,
        "help": problem.help,
        "file": relative(span.file, folder),
        "line": span.line or None,
    }


def plain_answers(answers: Answers) -> dict[str, object]:
    """Answers as in a JSON case."""
    return {question: _plain(answer) for question, answer in answers.items()}


def _plain(answer: Answer) -> object:
    match answer:
        case Unknown():
            return answer.value
        case Mapping():
            return dict(answer)
        case _:
            return answer
