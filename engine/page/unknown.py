"""What is still unknown and could make a part true, in short.

In: parts that are open in a case. Out: short texts in the words of the questionnaire and its meanings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import All, Answered, AnyOf, ChosenBound, Not, OneOf, Part, Ref
from engine.words.phrases import phrase
from facts.vocabulary import Choices


def open_signs(parts: Iterable[Part], case: Valuation) -> list[str]:
    """Texts for what could make any of the parts true, each once. Of several levels, only the lowest is
    named, as the first text.
    """
    kb = case.prepared.kb
    found = list(dict.fromkeys(each for part in parts for each in _alternatives(part, case)))
    levels = [level for level in kb.levels if Ref(name_of("triage", level)) in found]
    lowest = [Ref(name_of("triage", level)) for level in levels[:1]]
    kept = [*lowest, *(each for each in found if not _is_level(each))]
    return list(dict.fromkeys(text for each in kept for text in _brief(each, case)))


def _is_level(part: Part) -> bool:
    return isinstance(part, Ref) and kind_of(part.name) == "triage"


def _alternatives(part: Part, case: Valuation) -> Iterator[Part]:
    """Open parts, each of which would suffice."""
    if holds(part, case) is not None:
        return
    if isinstance(part, AnyOf):
        for each in part.parts:
            yield from _alternatives(each, case)
    else:
        yield part


def _brief(part: Part, case: Valuation) -> Iterator[str]:
    """An open part in a few words; for a list of options, each open option."""
    kb = case.prepared.kb
    match part:
        case Answered(question, OneOf() | ChosenBound() as test):
            kind, answer = kb.questions[question].kind, case.answers.get(question)
            known = answer if isinstance(answer, Mapping) else {}
            if isinstance(kind, Choices):
                yield from (kind.options[option] for option in test.options if option not in known)
            else:
                yield phrase(part, kb)
        case All(parts):
            open_ = (each for each in parts if holds(each, case) is None)
            yield " and ".join(", or ".join(_brief(each, case)) for each in open_)
        case Not(inner):
            yield f"not so: {', or '.join(_brief(inner, case))}"
        case Ref(name) if kind_of(name) == "triage":
            yield _level(parsed(name).name, kb)
        case _:
            yield phrase(part, kb)


def _level(name: str, kb: KnowledgeBase) -> str:
    higher = "" if name == list(kb.levels)[-1] else " or more urgent"
    return f"the open answers make the level “{kb.levels[name].text}”{higher}"
