"""Problems in the forms that other programs read: one line, JSON, annotations of GitHub, SARIF.

In: problems, whether errors or findings. Out: a text, or plain values. Paths are relative to a folder where
they lie below it. `engine/schemas/check.schema.json` describes the JSON.
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
    """A path as seen from a folder, with `/` between names; itself where it does not lie below."""
    try:
        below = os.path.relpath(path, folder)
    except ValueError:
        return path
    return path if below.startswith("..") else below.replace(os.sep, "/")


def compact(problem: Problem) -> str:
    """A problem in one line, as compilers write them."""
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
    """A text without what a workflow command would take for its own."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def as_json(
    problems: Sequence[Problem], path: str, base: Mapping[str, object] | None, folder: str
) -> dict[str, object]:
    """All problems as plain values; `base` says which knowledge base it is, None where it is broken."""
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
    """A place; what is not known of it is null."""
    known = {"line": span.line, "column": span.column, "end": span.end}
    return {"file": relative(span.file, folder), **{key: value or None for key, value in known.items()}}


def as_sarif(
    problems: Sequence[Problem], pages: Sequence[Page], version: str, folder: str
) -> dict[str, object]:
    """All problems as a SARIF log, with a page for each check and each code that is found.

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
    how = f"`cartsign check --explain {id}` shows examples."
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
