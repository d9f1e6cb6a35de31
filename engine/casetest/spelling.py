"""Words of an expectation that can never match, such as a misspelt rule in `expect_not`.

In: a knowledge base, and the `expect` or `expect_not` of a case. Out: the shape of expectations, with the
fields of an assessment (`assessment.schema.json`; a test compares the two) and the known names of each; and a
sentence for each place that does not fit. No assessment is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from engine.casetest.expectation import EXACTLY, NAMES, NONE, SAYS_NOTHING, Path, Side, said, words
from engine.model.knowledge_base import SUPPORT, KnowledgeBase
from engine.model.names import name_of
from facts.problem import quote, quoted, suggest


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its kind in singular and plural, and the known words; None allows any text, or any number."""

    called: str = "word"
    several: str = "words"
    known: Collection[object] | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with some of these fields; with `or_number`, a single number is also allowed."""

    fields: Mapping[str, Shape]
    or_number: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """A list of names, or of mappings with a name; `value` describes what a single word about a member may
    be.
    """

    name: Word
    fields: Mapping[str, Shape] = field(default_factory=dict)
    value: Word | None = None


Shape = Word | Fields | Members
TRUTH = Word("value", "values", (True, False, None))
SUPPORTS = Word("support", "supports", (*SUPPORT, None))
END = Word("number", "numbers", is_number=True)
INTERVAL = Fields({"low": END, "high": END}, or_number=True)


def shape_of(kb: KnowledgeBase) -> Fields:
    """The shape of expectations for this knowledge base."""
    rules, questions = (
        Members(Word("rule", "rules", kb.rules)),
        Members(Word("question", "questions", kb.questions)),
    )
    clashes = dict.fromkeys([*kb.consistency, *(name_of("asked_when", each) for each in kb.asked_when)])
    claims = Members(Word("claim", "claims", kb.claims))
    classes: dict[str, Shape] = {
        name: Word("class", "classes", [*(each.name for each in own.classes), None])
        for name, own in kb.classes.items()
    }
    return Fields(
        {
            "format": Word(),
            "id": Word(),
            "kb": Fields(dict.fromkeys(("name", "version", "sha256"), Word())),
            "in_scope": TRUTH,
            "triage": _triage(kb, rules) if kb.levels else Word("level", "levels", (None,)),
            "conditions": Members(
                Word("condition", "conditions", kb.conditions), _condition(rules), SUPPORTS
            ),
            "findings": Members(Word("finding", "findings", kb.findings)),
            "scores": Fields(dict.fromkeys(kb.scores, INTERVAL)),
            **({"classes": Fields(classes)} if classes else {}),
            "advice": _advice(kb, rules, questions),
            "texts": Members(Word("text", "texts", kb.texts)),
            "ask_next": questions,
            "kept_open_by": questions,
            "inconsistencies": Members(Word("clash", "clashes", clashes), {"questions": questions}),
            "disagreements": Members(Word("disagreement", "disagreements", kb.disagreements)),
            "fired": rules,
            "open": rules,
            "reasons": Members(rules.name, {"because": Word(), "claims": claims}),
        }
    )


def _triage(kb: KnowledgeBase, rules: Members) -> Fields:
    level = Word("level", "levels", [*kb.levels, None])
    reach: dict[str, Shape] = {"level": level, "ceiling": level}
    by_source = Fields(dict.fromkeys(kb.sources, Fields(reach)))
    return Fields({**reach, "settled": TRUTH, "rules": rules, "by_source": by_source})


def _condition(rules: Members) -> dict[str, Shape]:
    return {
        "support": SUPPORTS,
        "could_reach": SUPPORTS,
        "serious": TRUTH,
        "against": rules,
        "rules": rules,
    }


def _advice(kb: KnowledgeBase, rules: Members, questions: Members) -> Fields:
    item = Word("item of advice", "items", kb.advice)
    held = Word("item of advice or rule", "items and rules", dict.fromkeys([*kb.advice, *kb.rules]))
    waits_for = Members(Word("reason to wait", "reasons", ("give", "hold")))
    return Fields(
        {
            "given": Members(item, {"rules": rules}),
            "given_unless": Members(item, {"rules": rules, "unless": rules}),
            "held": Members(held, {"items": Members(item)}),
            "pending": Members(item, {"waits_for": waits_for, "questions": questions}),
        }
    )


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A place in an expectation that has no meaning, why, and what to write instead.

    `word` is what was written, `known` are the possible words, `several` is their kind in the plural;
    `is_unknown` marks an unknown name or key, which may be the same slip in many cases.
    """

    side: Side
    path: Path
    why: str
    remedy: str = ""
    word: str = ""
    known: tuple[str, ...] = ()
    several: str = ""
    is_unknown: bool = False

    @property
    def help(self) -> str:
        """What to write; the nearest known word is searched only when this is read."""
        return self.remedy or suggest(self.word, list(self.known), self.several)

    @property
    def sentence(self) -> str:
        """The place and the fault in words."""
        return f"{'.'.join((self.side, *self.path))}: {self.why}"


def misspelt(named: object, shape: Shape, side: Side, path: Path = ()) -> Iterator[Misspelt]:
    """Every place in an expectation that does not fit the shape."""
    match shape:
        case Word():
            yield from _word(named, shape, side, path)
        case Fields():
            yield from _fields(named, shape, side, path)
        case Members():
            yield from _members(named, shape, side, path)
        case _:
            assert_never(shape)


def _word(named: object, word: Word, side: Side, path: Path) -> Iterator[Misspelt]:
    if isinstance(named, dict | list) and word.known == (None,):
        why = f"the knowledge base has no {word.several}"
        yield Misspelt(side, path, why, "remove it, or write `null`; a case may also have only `expect_not`")
    elif isinstance(named, dict | list):
        yield Misspelt(side, path, f"this must be one word, not {_described(named)}", "write one name")
    elif word.known is None and word.is_number and not _is_number(named):
        yield Misspelt(side, path, f"this must be a number, not {_described(named)}", "write digits")
    elif word.known is None and not word.is_number and not isinstance(named, str):
        yield Misspelt(side, path, f"this must be a text, not {_described(named)}", "put it in quotes")
    elif word.known is not None and not _is_known(named, word.known):
        known = tuple(words(each) for each in word.known)
        remedy, why = "" if known else "remove it", f"there is no {word.called} {quote(words(named))}"
        yield Misspelt(
            side=side,
            path=path,
            why=why,
            remedy=remedy,
            word=words(named),
            known=known,
            several=word.several,
            is_unknown=True,
        )


def _is_known(named: object, known: Collection[object]) -> bool:
    """Whether it is a known word; names are looked up in constant time, as there may be very many."""
    if isinstance(named, str):
        return named in known
    return any(named == each and isinstance(named, bool) == isinstance(each, bool) for each in known)


def _is_number(named: object) -> bool:
    return isinstance(named, int | float) and not isinstance(named, bool)


def _fields(named: object, shape: Fields, side: Side, path: Path) -> Iterator[Misspelt]:
    if not isinstance(named, Mapping):
        if not (shape.or_number and _is_number(named)):
            why = f"this must be a mapping, not {_described(named)}"
            yield Misspelt(
                side, path, why, f"name any of {quoted(shape.fields)}" if shape.fields else "remove it"
            )
        return
    for key, each in named.items():
        if key in shape.fields:
            yield from misspelt(each, shape.fields[key], side, (*path, key))
        else:
            help = suggest(key, list(shape.fields), "keys") or f"keys: {quoted(shape.fields)}"
            help = help if shape.fields else f"the knowledge base has no {path[-1] if path else 'such field'}"
            holder = quote(path[-1]) if path else "an assessment"
            yield Misspelt(side, (*path, key), f"{holder} has no {quote(key)}", help, is_unknown=True)


def _members(named: object, shape: Members, side: Side, path: Path) -> Iterator[Misspelt]:
    """Named members with or without values, or an expectation about the whole list."""
    if named == NONE:
        return
    if isinstance(named, Mapping) and EXACTLY in named:
        yield from _exactly(named, shape, side, path)
    elif isinstance(named, Mapping | list) and not named:
        yield Misspelt(side, path, SAYS_NOTHING)
    elif isinstance(named, Mapping):
        for name, each in named.items():
            yield from _word(name, shape.name, side, (*path, name))
            yield from _about(each, shape, side, (*path, name))
    elif isinstance(named, list | str):
        for each in named if isinstance(named, list) else [named]:
            yield from _member(each, shape, side, path)
    else:
        help = f"name {shape.name.several}, write `none` if there must be none, or remove the key"
        yield Misspelt(
            side, path, f"this must be a list of {shape.name.several}, not {_described(named)}", help
        )


def _member(named: object, shape: Members, side: Side, path: Path) -> Iterator[Misspelt]:
    """The name of a member, alone or with other fields."""
    if isinstance(named, Mapping) and (key := next((key for key in NAMES if key in named), None)):
        at = (*path, words(named[key]))
        yield from _word(named[key], shape.name, side, at)
        rest = {other: value for other, value in named.items() if other != key}
        yield from _about(rest, shape, side, at) if rest else ()
    elif named == NONE:
        yield Misspelt(side, (*path, NONE), "`none` must not be in a list", f"write `{path[-1]}: none`")
    else:
        yield from _word(named, shape.name, side, (*path, words(named)))


def _exactly(named: Mapping[str, object], shape: Members, side: Side, path: Path) -> Iterator[Misspelt]:
    """The complete list: names, or names with one word each."""
    whole, help = named[EXACTLY], f"write `{path[-1]}: {{exactly: [...]}}`"
    names = whole if isinstance(whole, list) else list(whole) if isinstance(whole, Mapping) else []
    if len(named) > 1:
        yield Misspelt(side, path, f"`{EXACTLY}` must be the only key", help)
    elif side == "expect_not":
        yield Misspelt(
            side, path, f"`{EXACTLY}` is only allowed in `expect`", "list the names that must not be there"
        )
    elif isinstance(whole, Mapping | list) and not whole:
        yield Misspelt(side, path, f"`{EXACTLY}` is empty", f"write `{path[-1]}: none`")
    elif not names or not all(isinstance(each, str) for each in names):
        why = f"`{EXACTLY}` takes a list of {shape.name.several}, not {_described(whole)}"
        yield Misspelt(side, path, why if not names else f"`{EXACTLY}` takes only names", help)
    elif isinstance(whole, Mapping) and (shape.value is None or any(map(_is_made_of_more, whole.values()))):
        yield Misspelt(side, path, f"`{EXACTLY}` takes only names", help)
    else:
        yield from _members(whole, shape, side, path)


def _is_made_of_more(named: object) -> bool:
    return isinstance(named, Mapping | list)


def _about(named: object, shape: Members, side: Side, path: Path) -> Iterator[Misspelt]:
    """What is expected of a member besides its name."""
    if shape.value is not None and not isinstance(named, Mapping):
        yield from _word(named, shape.value, side, path)
    elif shape.fields:
        if isinstance(named, Mapping) and not named:
            yield Misspelt(side, path, SAYS_NOTHING)
        yield from _fields(named, Fields(shape.fields), side, path)
    else:
        why = "only the name can be expected, without details"
        yield Misspelt(side, path, why, f"write `{path[-2]}: [{path[-1]}]`")


def _described(named: object) -> str:
    if isinstance(named, Mapping):
        return "a mapping"
    return "a list" if isinstance(named, list) else said(named)
