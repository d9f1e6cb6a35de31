"""YAML text to trees: words as written, places as libyaml counts them, and what is refused."""

from __future__ import annotations

import pytest

from facts.problem import Span
from facts.trees.text import MAX_BYTES, decode, source_of
from facts.trees.tree import Mapping, Node, Scalar, Sequence, describe
from facts.trees.yaml_tree import MAX_DEPTH, MAX_PROBLEMS, read_yaml


def tree(text: str | bytes) -> Node:
    """The one document of a text without problems."""
    documents, problems = read_yaml(text.encode() if isinstance(text, str) else text, "a.yaml")
    assert problems == []
    (document,) = documents
    return document


def codes(text: str | bytes) -> list[tuple[str, int, int]]:
    """The problems of a text: code, line and column."""
    _, problems = read_yaml(text.encode() if isinstance(text, str) else text, "a.yaml")
    return [(problem.code, problem.span.line, problem.span.column) for problem in problems]


def marked(span: Span) -> str:
    return span.source[span.column - 1 : span.end - 1]


WORDS = [
    *(
        "yes",
        "No",
        "on",
        "OFF",
        "true",
        "null",
        "~",
        "010",
        "0x1F",
        "0b1",
        "1_000",
        "1e3",
        "1:30",
        "2024-01-01",
    ),
    *(".inf", ".nan", "=", "y", "5", "-3", "2.5", "two words", "http://example.org", "a#b", "é", "病気"),
]


@pytest.mark.parametrize("word", WORDS)
def test_scalars_are_read_as_written(word: str) -> None:
    assert tree(f"a: {word}") == Mapping(
        ((Scalar("a", True, NOWHERE), Scalar(word, True, NOWHERE)),), NOWHERE
    )
    assert tree(f"a: '{word}'") == Mapping(
        ((Scalar("a", True, NOWHERE), Scalar(word, False, NOWHERE)),), NOWHERE
    )


NOWHERE = Span("")


def test_a_tree_has_its_shape_and_its_places() -> None:
    node = tree("a:\n  - one\n  - {b: 'two', c: }\nd: |\n  three\n  four\n")
    assert isinstance(node, Mapping)
    assert [key.text for key, _ in node.entries] == ["a", "d"]
    items = node.get("a")
    assert isinstance(items, Sequence)
    one, inner = items.items
    assert isinstance(inner, Mapping)
    assert (marked(one.span), one.span.line, one.span.column, one.span.end) == ("one", 2, 5, 8)
    assert [marked(value.span) for _, value in inner.entries] == ["'two'", "}"]
    assert (items.span.line, inner.span.line, inner.span.column) == (2, 3, 5)
    assert node.get("d") == Scalar("three\nfour\n", False, NOWHERE)
    assert node.get("e") is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_lines_end_as_in_yaml(end: str) -> None:
    node = tree(f"# one{end}# two{end}a: b{end}")
    assert isinstance(node, Mapping)
    key, _ = node.entries[0]
    assert (key.span.line, key.span.source) == (3, "a: b")


def test_places_count_characters_not_bytes() -> None:
    node = tree("病気: é\tb")
    assert isinstance(node, Mapping)
    key, value = node.entries[0]
    assert (marked(key.span), marked(value.span), value.span.column) == ("病気", "é\tb", 5)


def test_several_documents_and_none() -> None:
    documents, problems = read_yaml(b"a\n---\n- b\n---\n", "a.yaml")
    assert [describe(document) for document in documents] == ["`a`", "a list", "nothing"]
    assert problems == []
    assert read_yaml(b"", "a.yaml") == ([], [])
    assert read_yaml(b"# a comment\n", "a.yaml") == ([], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
        ("a: 1\n'a': 2\n", [("duplicate-key", 2, 1)]),
        ("{a: {b: 1, b: 2}, a: 3}", [("duplicate-key", 1, 12), ("duplicate-key", 1, 19)]),
        ("a: &x 1\nb: *x\n", [("alias", 1, 4), ("alias", 2, 4)]),
        ("a: !!python/name:os.system x\n", [("tag", 1, 4)]),
        ("a: ! x\n", []),
        ("[a, b]: c\n", [("key", 1, 1)]),
        ("a: \0\n", [("yaml-character", 1, 4)]),
        ('a: "\\0"\n', [("yaml-character", 1, 4)]),
        ("a: \ufeff\n", [("yaml-character", 1, 4)]),
        (b"a: b\nb: \xff\n", [("not-utf8", 2, 4)]),
        (b"\xef\xbb\xbfa: \xff", [("not-utf8", 1, 4)]),
        (b"\xc3", [("not-utf8", 1, 1)]),
        (b"\xff\xfea\0", [("not-utf8", 1, 1)]),
        ("a: " + "[" * MAX_DEPTH, [("too-deep", 1, 3 + MAX_DEPTH)]),
        ("a: b: c\n", [("yaml-syntax", 1, 5)]),
    ],
)
def test_what_is_refused(text: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    assert codes(text) == expected


def test_the_first_of_two_keys_stays_and_is_pointed_to() -> None:
    (document,), (problem,) = read_yaml(b"a: 1\na: 2\n", "a.yaml")
    assert document == tree("a: 1")
    assert problem.earlier == Span("a.yaml", 1, 1, 2, "a: 1")
    assert problem.subject == "a"


def test_a_broken_document_is_dropped_and_those_before_it_stay() -> None:
    documents, problems = read_yaml(b"a: 1\n---\nb: [\n", "a.yaml")
    assert [describe(document) for document in documents] == ["a mapping"]
    assert [problem.code for problem in problems] == ["yaml-syntax"]


def test_depth_is_allowed_up_to_the_limit() -> None:
    assert codes("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []


def test_many_problems_end_the_reading() -> None:
    found = codes("[" + "*a," * 10 * MAX_PROBLEMS + "]")
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1][0] == "too-many"


def test_size_is_limited() -> None:
    problem = decode(b"#" * (MAX_BYTES + 1), "a.yaml", MAX_BYTES)
    assert not isinstance(problem, str)
    assert problem.code == "too-large"
    assert decode(b"#" * MAX_BYTES, "a.yaml", MAX_BYTES) == "#" * MAX_BYTES


def test_a_span_outside_the_text_has_no_source() -> None:
    assert source_of("a", "b").span(7, 3) == Span("a", 7, 3, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "an empty mapping"),
        ("[]", "an empty list"),
        ("{a: b}", "a mapping"),
        ("[a]", "a list"),
        ('""', "an empty text"),
        ('" "', "` `"),
        ("null", "`null`"),
        ('"two\\n lines"', "`two lines`"),
        ("x" * 70, "`" + "x" * 59 + "…`"),
    ],
)
def test_describe(text: str, words: str) -> None:
    assert describe(tree(text)) == words


@pytest.mark.parametrize("word", ["", "~", "null", "NULL", "Null"])
def test_null(word: str) -> None:
    assert Scalar(word, True, NOWHERE).is_null
    assert not Scalar(word, False, NOWHERE).is_null


def test_words_that_yaml_twists() -> None:
    twisted = [word for word in WORDS if Scalar(word, False, NOWHERE).is_twisted]
    assert twisted == WORDS[: WORDS.index("two words")]
