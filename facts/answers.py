"""Read the answers of one case, under current and old names of questions and options.

In: a mapping node. Out: answers by current question name, and a warning for each old name. Answers under an
old and the current name are merged; a contradiction is an error. An option that a list under the current name
omits may still be `yes` under the old name.
"""

from __future__ import annotations

from collections.abc import Container
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field

from facts.answer import read_answer
from facts.other_names.formerly import (
    KEEP,
    YES,
    Former,
    Words,
    former,
    renamed,
    reworded,
    two_answers,
    words_in,
)
from facts.other_names.notes import once
from facts.other_names.renaming import Renaming
from facts.problem import Problem, Span, quote, suggest
from facts.trees.tree import Mapping, Node, Scalar
from facts.vocabulary import UNKNOWN, Answer, Choices, Question, Questionnaire

MANY = 100
"""Maximum number of problems reported per case."""


@dataclass(slots=True)
class Answers:
    """Collects the answers of a case and the problems with them.

    `listed` holds the questions answered with a list or `none`, where an unnamed option means *no*.
    """

    questions: Questionnaire
    problems: list[Problem]
    known: dict[str, Answer] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)
    places: dict[str, Span] = field(default_factory=dict)
    old: list[tuple[Former, Scalar, Node]] = field(default_factory=list)

    def read(self, node: Mapping) -> None:
        """Read all answers of a mapping, those under old names last so that they can be compared with current
        ones.
        """
        for key, value in node.entries:
            question = self.questions.get(key.text)
            if question is not None:
                self._add(question, key, value)
            elif once_asked := former(key.text, self.questions):
                self.old.append((once_asked, key, value))
            else:
                self.problems.append(_unknown_question(key, self.questions))
            if self._are_too_many(key):
                return
        for once_asked, key, value in self.old:
            self._add_old(once_asked, key, value)
            if self._are_too_many(key):
                return

    def _are_too_many(self, key: Scalar) -> bool:
        if len(self.problems) < MANY:
            return False
        message = f"the case has {MANY} problems or more; answers after this one are not checked"
        self.problems.append(Problem("too-many", message, key.span, "fix the problems above first"))
        return True

    def _add(self, question: Question, key: Scalar, value: Node) -> None:
        answer = self._answer(question, value)
        if isinstance(answer, Problem):
            self.problems.append(answer)
        elif answer is not None:
            self.known[key.text] = answer
            self.places[key.text] = key.span
            if isinstance(question.kind, Choices) and not isinstance(value, Mapping):
                self.listed.add(key.text)

    def _answer(self, question: Question, value: Node) -> Answer | Problem | None:
        """Read an answer after replacing old option names."""
        words = question.formerly.get(question.name)
        if words and (said := words_in(value, words)):
            self.notes += (reworded(question.name, old, words[old], value.span) for old in said)
            value = Renaming(values={question.name: dict(words)}).value(question.name, value)
        return read_answer(question, value)

    def _add_old(self, once_asked: Former, key: Scalar, value: Node) -> None:
        self.notes.append(renamed(once_asked, key.span))
        if once_asked.is_left_out:
            return
        answer = self._answer(once_asked.question, value)
        if isinstance(answer, Problem):
            self.problems.append(answer)
            return
        for target in once_asked.targets:
            options = {} if once_asked.whole else once_asked.options_of(target)
            if _says_unknown(options, value, answer):
                self._left_open(target, options.values())
            said = answer if once_asked.whole else _moved(options, value, answer)
            if said is not None and not (said is UNKNOWN and any(options.values())):
                self._put(target, said, key)

    def _put(self, target: str, said: Answer, key: Scalar) -> None:
        """Merge an answer under an old name into the answer under the current name, if any."""
        known = self.known.get(target)
        self.places.setdefault(target, key.span)
        if known is None or known is UNKNOWN:
            self.known[target] = said
        elif isinstance(known, AbstractMapping) and isinstance(said, AbstractMapping):
            self.known[target] = {**known, **self._options(target, known, said, key)}
        elif said is not UNKNOWN and known != said:
            self._contradicts(key, target)

    def _options(
        self, target: str, known: AbstractMapping[str, bool], said: AbstractMapping[str, bool], key: Scalar
    ) -> dict[str, bool]:
        for option, chosen in said.items():
            is_open = option not in known or (target in self.listed and chosen)
            if not is_open and known[option] != chosen:
                self._contradicts(key, target, option)
        return dict(said)

    def _left_open(self, target: str, options: Container[str]) -> None:
        """Drop the `no` of a list for options of an old name that left some of them unknown."""
        known = self.known.get(target)
        if target in self.listed and isinstance(known, AbstractMapping):
            self.known[target] = {
                option: chosen for option, chosen in known.items() if chosen or option not in options
            }

    def _contradicts(self, key: Scalar, target: str, option: str = "") -> None:
        message = two_answers(key.text, (target, option))
        self.problems.append(
            Problem("two-answers", message, key.span, KEEP, self.places[target], subject=target)
        )


def read_answers(
    node: Mapping, questions: Questionnaire, problems: list[Problem]
) -> tuple[dict[str, Answer], tuple[Problem, ...]]:
    """Return the answers of a case and the warnings; errors are appended to `problems`."""
    answers = Answers(questions, problems)
    answers.read(node)
    return answers.known, once(answers.notes) if answers.notes else ()


def _moved(options: Words, value: Node, answer: Answer | None) -> Answer | None:
    """Translate an answer to current option names. A mapping translates only the options it names, a list all
    options.
    """
    if answer is None:
        return None
    if isinstance(value, Mapping):
        known = answer if isinstance(answer, AbstractMapping) else {}
        said = {new: known[old] for old, new in options.items() if old in known}
        return _alone(said) if said else UNKNOWN if _says_unknown(options, value, answer) else None
    if answer is UNKNOWN:
        return UNKNOWN
    known = answer if isinstance(answer, AbstractMapping) else {YES: answer is True}
    return _alone({new: known[old] for old, new in options.items()})


def _says_unknown(options: Words, value: Node, answer: Answer | None) -> bool:
    """Whether some of these options are unknown."""
    if isinstance(value, Mapping):
        return any(
            key.text in options and isinstance(each, Scalar) and each.text.lower() == UNKNOWN.value
            for key, each in value.entries
        )
    return answer is UNKNOWN


def _alone(said: dict[str, bool]) -> Answer:
    """Unwrap the answer of a question without options, which is stored under ""."""
    return said.get("", said)


def _unknown_question(key: Scalar, questions: Questionnaire) -> Problem:
    help = suggest(key.text, list(questions), "questions") or "correct the name, or remove the answer"
    message = f"there is no question {quote(key.text)}"
    return Problem("unknown-question", message, key.span, help, subject=key.text)
