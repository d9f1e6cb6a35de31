"""Outcomes as JUnit XML for continuous integration: one suite per file, one test per case.

In: outcomes, and the problems of unreadable cases. Out: a document. Characters not allowed in XML are escaped
as in the terminal. The format is that of Apache Ant's JUnit task, with `file` and `line` as written by
pytest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.casetest.report import paragraph, sentence
from engine.casetest.running import Outcome
from facts.problem import Problem, printable, render

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit(outcomes: Iterable[Outcome], unreadable: Iterable[list[Problem]]) -> str:
    """The XML document."""
    suites: dict[str, list[Element]] = defaultdict(list)
    for outcome in outcomes:
        suites[outcome.case.span.file].append(_case(outcome))
    for problems in unreadable:
        suites[problems[0].span.file].append(_unreadable(problems))
    root = Element("testsuites", name="cartsign test")
    for file, tests in suites.items():
        suite = SubElement(root, "testsuite", name=printable(file))
        suite.extend(tests)
        _count(suite)
    _count(root)
    indent(root)
    return HEAD + tostring(root, encoding="unicode") + "\n"


def _case(outcome: Outcome) -> Element:
    test = _test(outcome.case.id, outcome.case.span.file, outcome.case.span.line, outcome.seconds)
    text = "\n".join(paragraph(outcome))
    match outcome.verdict:
        case "todo":
            SubElement(test, "skipped", type="todo", message=printable(outcome.case.todo)).text = text
        case "failed" | "done" | "untested":
            SubElement(test, "failure", type=outcome.verdict, message=sentence(outcome)).text = text
        case "passed":
            pass
    return test


def _unreadable(problems: list[Problem]) -> Element:
    first = problems[0]
    test = _test(str(first.span), first.span.file, first.span.line, 0)
    text = "\n\n".join(render(each) for each in problems)
    SubElement(test, "error", type=first.code, message=printable(first.message)).text = text
    return test


def _test(name: str, file: str, line: int, seconds: float) -> Element:
    where = {"classname": printable(file), "name": printable(name), "file": printable(file)}
    return Element("testcase", {**where, "line": str(line), "time": f"{seconds:.4f}"})


def _count(above: Element) -> None:
    """Add the number of tests by outcome, and their total time, to an element."""
    tests = list(above.iter("testcase"))
    above.set("tests", str(len(tests)))
    for name, tag in COUNTED.items():
        above.set(name, str(sum(test.find(tag) is not None for test in tests)))
    above.set("time", f"{sum(float(test.get('time', 0)) for test in tests):.4f}")
