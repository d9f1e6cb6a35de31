"""Problems in machine-readable forms: one line, JSON, GitHub annotations, SARIF.

In: errors and findings. Out: text, or plain values. Paths inside the given folder are relative to it.
`engine/schemas/check.schema.json` describes the JSON.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from urllib.parse import quote as percent

from engine.checks.codes import meaning_of
from engine.checks.page import Page
from facts.problem import Problem, Span, printable

FORMAT = "cartsign.check/1"
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def relative(path: str, folder: str) -> str:
    """A path relative to a folder, separated by `/`; unchanged if it lies outside the folder."""
    try:
        below = os.path.relpath(path, folder)
    except ValueError:
        return path
    return path if below.startswith("..") else below.replace(os.sep, "/")


def compact(problem: Problem) -> str:
    """A problem in one line, in the form of compiler messages."""
    return printable(f"{problem.span}: {problem.severity}[{problem.code}]: {problem.message}")


def github(problem: Problem, folder: str) -> str:
    """A problem as an annotation of GitHub Actions.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    span, told = problem.span, problem.message + (f"\nhelp: {problem.help}" if problem.help else "")
    places = {"file": relative(span.file, folder)}
    if span.line:
        places |= {"line": str(span.line)}
    if span.column:
        places |= {"col": str(span.column), "endColumn": str(max(span.end, span.column))}
    places |= {"title": f"cartsign {problem.code}"}
    said = ",".join(f"{key}={_escaped(value, ',:')}" for key, value in places.items())
    return f"::{problem.severity} {said}::{_escaped(told)}"


def _escaped(text: str, more: str = "") -> str:
    """A text with the characters escaped that have a meaning in a workflow command."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def as_json(
    problems: Sequence[Problem], path: str, base: Mapping[str, object] | None, folder: str
) -> dict[str, object]:
    """All problems as plain values; `base` identifies the knowledge base, None if it does not load."""
    return {
        "format": FORMAT,
        "path": relative(path, folder),
        "kb": base,
        "errors": sum(problem.severity == "error" for problem in problems),
        "findings": sum(problem.severity == "warning" for problem in problems),
        "problems": [_plain(problem, folder) for problem in problems],
    }


def _plain(problem: Problem, folder: str) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help or None,
        **_place(problem.span, folder),
        "earlier": None if problem.earlier is None else _place(problem.earlier, folder),
    }


def _place(span: Span, folder: str) -> dict[str, object]:
    """A place; unknown fields are null."""
    known = {"line": span.line, "column": span.column, "end": span.end}
    return {"file": relative(span.file, folder), **{key: value or None for key, value in known.items()}}


def as_sarif(
    problems: Sequence[Problem], pages: Sequence[Page], version: str, folder: str
) -> dict[str, object]:
    """All problems as a SARIF log, with the page of each check and each code that occurs.

    Source: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS, 2020.
    """
    rules = [_rule(page.id, page.title, page.why) for page in pages]
    known = {page.id for page in pages}
    codes = sorted({problem.code for problem in problems} - known)
    rules += [_rule(code, code, meaning_of(code) or code) for code in codes]
    at = {str(rule["id"]): index for index, rule in enumerate(rules)}
    driver = {"name": "cartsign", "version": version, "rules": rules}
    results = [_result(problem, at[problem.code], folder) for problem in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def _rule(id: str, title: str, why: str) -> dict[str, object]:
    how = f"For examples, run `cartsign check --explain {id}`."
    return {
        "id": id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {"text": f"{why} {how}", "markdown": f"**{title}**\n\n{why}\n\n{how}"},
    }


def _result(problem: Problem, rule: int, folder: str) -> dict[str, object]:
    told = problem.message + (f" ({problem.help})" if problem.help else "")
    result: dict[str, object] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": told},
        "locations": [_location(problem.span, folder)],
    }
    if problem.earlier is not None:
        earlier = _location(problem.earlier, folder)
        result["relatedLocations"] = [{"id": 0, **earlier, "message": {"text": "earlier"}}]
    return result


def _location(span: Span, folder: str) -> dict[str, object]:
    uri = percent(relative(span.file, folder).replace(os.sep, "/"), safe="/")
    physical: dict[str, object] = {"artifactLocation": {"uri": uri}}
    if span.line:
        region = {"startLine": span.line}
        if span.column:
            region |= {"startColumn": span.column, "endColumn": max(span.end, span.column)}
        physical["region"] = region
    return {"physicalLocation": physical}
