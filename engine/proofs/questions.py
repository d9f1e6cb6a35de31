"""What changed in the questionnaire: questions and options, and the `formerly` that a changed name needs.

In: two versions that are compared. Out: entries of the section `questions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.proofs.entry import Entry
from engine.proofs.present import Present
from engine.proofs.versions import Comparing
from facts.vocabulary import Choice, Choices, Question, kind_name


@dataclass(frozen=True, slots=True)
class Questions:
    """Lists the questions that were added, removed, renamed or changed."""

    comparing: Comparing
    present: Present

    def entries(self) -> Iterator[Entry]:
        """The entries for questions and options that changed."""
        old, new = self.comparing.old, self.comparing.new
        shared = self.present.questions
        former = {now: was for was, now in shared.items()}
        for name, question in new.questions.items():
            before = former.get(name)
            if before is None:
                yield self._new_question(question)
                continue
            changed = [*_wording(old.questions[before], question)]
            if old.asked_when.get(before) != new.asked_when.get(name) and (
                self.present.value(old.asked_when.get(before)) != new.asked_when.get(name)
            ):
                changed.append("asked_when")
            advice = self._formerly(before, question)
            if before != name:
                yield Entry("questions", "renamed", before, name, tuple(changed), None, advice)
            elif changed:
                yield Entry("questions", "changed", before, name, tuple(changed), None, advice)
        replaced = {each for question in new.questions.values() for each in question.formerly}
        for name in old.questions:
            if name not in shared and name not in new.questions:
                advice = "" if name in replaced else _no_longer(name)
                yield Entry("questions", "removed", name, "", (), None, advice)

    def _new_question(self, question: Question) -> Entry:
        old = self.comparing.old.questions.get(question.name)
        if old is None:
            return Entry("questions", "added", "", question.name)
        kinds = f"kind {kind_name(old.kind)} to {kind_name(question.kind)}"
        advice = "give it another name: answers to the old one cannot be read as answers to this one"
        return Entry("questions", "changed", question.name, question.name, (kinds,), False, advice)

    def _formerly(self, before: str, question: Question) -> str:
        """The `formerly` to write for names that were changed without one."""
        options = self.comparing.renames.options.get(question.name, {})
        if before in self.comparing.renames.questions:
            return f"write `formerly: {before}` in {question.name}, or files with the old name are rejected"
        if not options:
            return ""
        words = ", ".join(f"{was}: {now}" for was, now in options.items())
        line = f"formerly: {{{question.name}: {{{words}}}}}"
        return f"write `{line}` in {question.name}, or files with the old names are rejected"


def _no_longer(name: str) -> str:
    return f"write `formerly: {{{name}: {{}}}}` in another question, or files that answer it are rejected"


def _wording(old: Question, new: Question) -> Iterator[str]:
    """What changed in a question, without when it is asked."""
    for key in ("ask", "label", "changeable"):
        if getattr(old, key) != getattr(new, key):
            yield key
    if isinstance(old.kind, Choice | Choices) and isinstance(new.kind, Choice | Choices):
        was, now = old.kind.options, new.kind.options
        renamed = {**(new.formerly.get(old.name) or {}), **(new.formerly.get(new.name) or {})}
        yield from (
            f"option {each} renamed {renamed[each]}" for each in was if each not in now and each in renamed
        )
        yield from (f"option {each} removed" for each in was if each not in now and each not in renamed)
        yield from (
            f"option {each} added" for each in now if each not in was and each not in renamed.values()
        )
        yield from (f"text of option {each}" for each in now if each in was and was[each] != now[each])
    elif old.kind != new.kind:
        yield "range"
