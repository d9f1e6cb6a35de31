"""Problems in words: the form, the caret below wide and long lines, what is shown of a user's words."""

from __future__ import annotations

from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.nearest import nearest
from facts.problem import (
    LONGEST,
    WIDTH,
    Problem,
    Rejected,
    Span,
    in_order,
    printable,
    quote,
    quoted,
    render,
    suggest,
)

NAMES = ["leg_weakness", "walking_effect", "spasms"]


def at(source: str, word: str, line: int = 1) -> Span:
    """The place of a word in a line."""
    begin = source.index(word)
    return Span("a.yaml", line, begin + 1, begin + len(word) + 1, source)


def test_the_whole_form() -> None:
    problem = Problem(
        "unknown-option",
        "`onset` has no option `rapd`",
        at("  onset: rapd", "rapd", 12),
        "did you mean `rapid`?",
        Span("q.yaml", 3, 5, 9, "    onset:"),
    )
    assert render(problem) == (
        "a.yaml:12:10: error[unknown-option]: `onset` has no option `rapd`\n"
        "   12 |   onset: rapd\n"
        "                 ^^^^\n"
        "  earlier: q.yaml:3:5\n"
        "  help: did you mean `rapid`?"
    )


def test_as_little_as_there_is() -> None:
    assert render(Problem("empty", "nothing is here", Span("kb"))) == "kb: error[empty]: nothing is here"
    assert str(Span("a.csv", 7)) == "a.csv:7"
    warning = Problem("odd", "it is odd", Span("a", 1, 1, 2, "x"), severity="warning")
    assert render(warning).startswith("a:1:1: warning[odd]: ")


def caret(span: Span) -> tuple[str, str]:
    """The source line as shown, and the one below it."""
    _, shown, below = render(Problem("code", "message", span)).split("\n")
    return shown, below


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("a: b", "b"),
        ("a: b", "a: b"),
        ("病気: fever", "fever"),
        ("a: 病気", "病気"),
        ("e\u0301: x", "x"),
        ("\ta:\tb", "b"),
        ("Rücken: x", "x"),
        ("ｆｕｌｌ: x", "x"),
    ],
)
def test_the_caret_is_below_the_word(source: str, word: str) -> None:
    def columns(text: str) -> int:
        wide = sum(east_asian_width(c) in "WF" for c in text)
        return len(text) + wide - text.count("\u0301")

    shown, below = caret(at(source, word))
    before, under = shown.split(word.replace("\t", " "), 1)[0], word
    assert below == " " * columns(before) + "^" * columns(under)


@pytest.mark.parametrize("length", [10, WIDTH - 1, WIDTH, WIDTH + 1, 3 * WIDTH, 100_000])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_long_lines_are_cut_around_the_caret(length: int, share: float) -> None:
    before = int((length - 1) * share)
    source = "." * before + "#" + "." * (length - 1 - before)
    shown, below = caret(at(source, "#"))
    assert shown[below.index("^")] == "#"
    assert below.count("^") == 1
    assert len(shown) <= len("    1 | ") + WIDTH + 2
    assert shown.startswith("    1 | …") is (length > WIDTH and before > WIDTH // 2)
    assert ("…" in shown) is (length > WIDTH)


def test_a_caret_does_not_run_over_the_cut() -> None:
    source = "a: " + "x" * 500
    shown, below = caret(at(source, "x" * 500))
    assert len(below) == len(shown) - 1


def test_a_caret_at_the_end_of_a_line_is_there() -> None:
    shown, below = caret(Span("a.yaml", 1, 4, 4, "a: "))
    assert (shown, below) == ("    1 | a:", " " * 11 + "^")


@given(
    source=st.text(max_size=300),
    column=st.integers(1, 310),
    width=st.integers(0, 310),
    message=st.text(max_size=50),
)
def test_whatever_a_line_holds_it_can_be_shown(source: str, column: int, width: int, message: str) -> None:
    span = Span("a.yaml", 1, column, column + width, source)
    lines = render(Problem("code", message, span, message)).split("\n")
    assert all(line.isprintable() for line in lines)
    assert len(lines) in (2 - (not message), 4 - (not message))


def test_words_are_shown_safely_and_cut() -> None:
    assert quote("a\x1b[31mb\n") == "`a\\x1b[31mb\\n`"
    assert quote("\u202eabc") == "`\\u202eabc`"
    assert quote("病気") == "`病気`"
    assert quote("x" * LONGEST) == f"`{'x' * LONGEST}`"
    assert quote("x" * 9999) == f"`{'x' * (LONGEST - 1)}…`"
    assert printable("\udcff") == "\\udcff"
    assert quoted(["a", "b"]) == "`a`, `b`"


def test_order_without_repeats() -> None:
    spans = [Span("b", 1, 1), Span("a", 2, 1), Span("a", 1, 9), Span("a", 1, 2), Span("a", 1, 2)]
    problems = in_order(Problem("code", "message", span) for span in spans)
    assert [str(problem.span) for problem in problems] == ["a:1:2", "a:1:9", "a:2:1", "b:1:1"]


def test_rejected_carries_all_problems() -> None:
    problems = [Problem("one", "first", Span("a")), Problem("two", "second", Span("b"))]
    rejected = Rejected(iter(problems))
    assert rejected.problems == tuple(problems)
    assert str(rejected) == "a: error[one]: first\nb: error[two]: second"


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("leg_weaknes", "leg_weakness"),
        ("Leg-Weakness", "leg_weakness"),
        ("leg weakness", "leg_weakness"),
        ("walkingeffect", "walking_effect"),
        ("spasm", "spasms"),
        ("shoe_size", ""),
        ("", ""),
    ],
)
def test_nearest(word: str, near: str) -> None:
    assert nearest(word, NAMES) == near


@pytest.mark.parametrize(
    ("word", "near"), [("S4-5", "S4-05"), ("s4_055", "S4-55"), ("S4-50", "S4-50"), ("S4-005", "S4-05")]
)
def test_zeros_before_a_number_do_not_matter(word: str, near: str) -> None:
    assert nearest(word, ["S4-05", "S4-55", "S4-50", "S4-15"]) == near


def test_suggest() -> None:
    assert suggest("spasm", NAMES, "questions") == (
        "did you mean `spasms`? questions: `leg_weakness`, `walking_effect`, `spasms`"
    )
    assert suggest("shoe", NAMES, "questions") == "questions: `leg_weakness`, `walking_effect`, `spasms`"
    assert suggest("spasm", ["spasms"], "questions") == "did you mean `spasms`?"
    assert suggest("shoe", [f"name{number}" for number in range(13)], "questions") == ""
    assert suggest("shoe", [], "questions") == ""
