"""Two versions of a questionnaire as one: the answers that both know, and those that only one of them knows.

In: the questionnaires, the later of which may have old names (`formerly`), and renames that it does not
declare. Out: one joint questionnaire, and for each version how its questions and options are read off the
joint ones. A question or option that only one version knows is a joint one that the other does not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from facts.other_names.formerly import YES, Slot
from facts.vocabulary import (
    UNKNOWN,
    Answer,
    Choice,
    Choices,
    Kind,
    Number,
    Question,
    Questionnaire,
    Unknown,
    YesNo,
)

Read = Mapping[str, tuple[Slot, ...]]
"""For each option of a question, or "" for its whole answer, the joint slots that mean it: more than one for
an option in which several old ones were merged.
"""
View = Mapping[str, Read]
"""How each question of one version is read off the joint questionnaire."""
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two versions of a questionnaire as one. `questions` are the joint ones, with the names of the later
    version where it has them.
    """

    questions: Questionnaire
    before: View
    after: View


@dataclass(frozen=True, slots=True)
class Renames:
    """Renamed questions and options that `formerly` does not declare, each from its old to its present name.
    Options are listed by the present name of their question.
    """

    questions: Words = field(default_factory=dict)
    options: Mapping[str, Words] = field(default_factory=dict)


def joined(before: Questionnaire, after: Questionnaire, renames: Renames) -> Joined:
    """The joint questionnaire of two versions."""
    joining = _Joining(before, after, renames)
    moved = joining.moved()
    for name, question in after.items():
        old = joining.partner(question)
        if old is None:
            joining.alone(question, name, joining.after)
        else:
            joining.pair(old, question)
    for name, question in before.items():
        if name not in joining.before:
            joining.left(question, moved)
    order = {name: joining.before[name] for name in before}
    return Joined(joining.questions, order, joining.after)


def answers_of(
    view: View, own: Questionnaire, given: Mapping[str, Answer], joint: Questionnaire
) -> dict[str, Answer]:
    """The answers of one version, read off joint answers; what it does not know is left out."""
    found = {name: _answer(own[name].kind, read, given, joint) for name, read in view.items()}
    return {name: answer for name, answer in found.items() if answer is not None}


def _answer(kind: Kind, read: Read, given: Mapping[str, Answer], joint: Questionnaire) -> Answer | None:
    slots = [slot for each in read.values() for slot in each]
    if slots and all(isinstance(given.get(name), Unknown) for name, _ in slots):
        return UNKNOWN
    match kind:
        case Choice():
            chosen = (option for option, each in read.items() if any(_said(given, slot) for slot in each))
            return next(chosen, None)
        case Choices():
            said = {option: _said(given, slot) for option, each in read.items() for slot in each}
            return {option: each for option, each in said.items() if each is not None} or None
        case Number():
            return _number(kind, given.get(slots[0][0]))
        case YesNo():
            return _said(given, slots[0])


def _said(given: Mapping[str, Answer], slot: Slot) -> bool | None:
    """Whether the joint answers say yes to a slot; None if they say nothing."""
    question, option = slot
    match given.get(question):
        case bool() as answer:
            return answer
        case str() as answer:
            return answer == option
        case Mapping() as answer:
            return answer.get(option)
        case _:
            return None


def _number(kind: Number, answer: Answer | None) -> int | float | None:
    """A number, if this kind of question allows it."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return None
    is_fitting = kind.minimum <= answer <= kind.maximum and round(answer, kind.decimals) == answer
    return (answer if kind.decimals else round(answer)) if is_fitting else None


class _Joining:
    """The joint questionnaire as it is made."""

    def __init__(self, before: Questionnaire, after: Questionnaire, renames: Renames) -> None:
        self.old, self.new, self.renames = before, after, renames
        self.questions: dict[str, Question] = {}
        self.before: dict[str, Read] = {}
        self.after: dict[str, Read] = {}

    def partner(self, question: Question) -> Question | None:
        """The old question that this one replaces as a whole, or is."""
        renamed = {new: old for old, new in self.renames.questions.items()}
        names = [question.name, *self._former(question), renamed.get(question.name, "")]
        known = (self.old[name] for name in names if name in self.old)
        return next((each for each in known if type(each.kind) is type(question.kind)), None)

    def _former(self, question: Question) -> Iterator[str]:
        """The old names of a whole question, which no question has today."""
        for name, words in question.formerly.items():
            if name not in self.new and (words is None or (words and isinstance(question.kind, Choice))):
                yield name

    def moved(self) -> dict[Slot, Slot]:
        """Old options, or old questions of the kind `yes_no`, that are options or such questions today."""
        found: dict[Slot, Slot] = {}
        for question in self.new.values():
            for name, words in question.formerly.items():
                old = self.old.get(name)
                if old is None or name in self.new or not isinstance(question.kind, YesNo | Choices):
                    continue
                for option, present in (words or {}).items():
                    is_whole = option == YES
                    if isinstance(old.kind, YesNo if is_whole else Choices):
                        target = "" if isinstance(question.kind, YesNo) else present
                        found[name, "" if is_whole else option] = question.name, target
        return found

    def alone(self, question: Question, name: str, view: dict[str, Read]) -> None:
        """A question that only one version has, under this joint name."""
        options = question.kind.options if isinstance(question.kind, Choice | Choices) else ("",)
        self.questions[name] = replace(question, name=name)
        view[question.name] = {option: ((name, option),) for option in options}

    def pair(self, old: Question, new: Question) -> None:
        """A question that both versions have."""
        name, kind = new.name, new.kind
        match old.kind, kind:
            case (Choice(), Choice()) | (Choices(), Choices()):
                self._options(old, new)
            case Number() as was, Number() as now:
                widest = Number(
                    now.unit,
                    min(was.minimum, now.minimum),
                    max(was.maximum, now.maximum),
                    max(was.decimals, now.decimals),
                )
                self.questions[name] = replace(self._known_as(old, new), kind=widest)
                self.before[old.name] = self.after[name] = {"": ((name, ""),)}
            case _:
                self.questions[name] = self._known_as(old, new)
                self.before[old.name] = self.after[name] = {"": ((name, ""),)}

    def _known_as(self, old: Question, new: Question) -> Question:
        """A question of today that is also read under its old name."""
        is_known = old.name == new.name or old.name in new.formerly
        return new if is_known else replace(new, formerly={**new.formerly, old.name: None})

    def _options(self, old: Question, new: Question) -> None:
        """The options of a question that both versions have: those of today, then the old ones without a
        place among them. In a choice, several old ones may mean the same today.
        """
        assert isinstance(old.kind, Choice | Choices)
        assert isinstance(new.kind, Choice | Choices)
        name, today = new.name, new.kind.options
        words = {
            **self.renames.options.get(name, {}),
            **(new.formerly.get(old.name) or {}),
            **(new.formerly.get(name) or {}),
        }
        meant = {option: option if option in today else words.get(option, "") for option in old.kind.options}
        joint, before = dict(today), dict[str, tuple[Slot, ...]]()
        after = {option: [(name, option)] for option in today}
        taken: set[str] = {option for option in meant if meant[option] == option}
        for option, present in meant.items():
            if present and (present == option or present not in taken):
                taken.add(present)
                before[option] = ((name, present),)
                continue
            joint[option] = old.kind.options[option]
            before[option] = ((name, option),)
            if present and isinstance(new.kind, Choice):
                after[present].append((name, option))
        formerly = {
            **({} if old.name == name else {old.name: words}),
            name: {was: now for was, now in words.items() if was not in joint},
            **{each: said for each, said in new.formerly.items() if each not in (name, old.name)},
        }
        self.questions[name] = replace(new, kind=replace(new.kind, options=joint), formerly=formerly)
        self.before[old.name] = before
        self.after[name] = {option: tuple(slots) for option, slots in after.items()}

    def left(self, old: Question, moved: Mapping[Slot, Slot]) -> None:
        """An old question without a partner: its options that are elsewhere today, and the rest alone."""
        options = old.kind.options if isinstance(old.kind, Choices) else {"": ""}
        found = {option: (moved[old.name, option],) for option in options if (old.name, option) in moved}
        rest = {option: text for option, text in options.items() if option not in found}
        if rest:
            name = old.name if old.name not in self.questions else f"{old.name} (before)"
            kind = Choices(rest) if isinstance(old.kind, Choices) else old.kind
            self.alone(replace(old, kind=kind), name, self.before)
        if found:
            own = {**self.before.get(old.name, {}), **found}
            self.before[old.name] = {option: own[option] for option in options}
