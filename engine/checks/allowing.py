"""Comments that allow findings: what they suppress, and what is wrong with them.

In: findings and comments. Out: the findings that remain, and findings about the comments themselves, which no
comment can allow.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.checks.check import Check, Examined, Problems, finding
from facts.problem import Problem, Span, quote, suggest

HOW = "write `# cartsign: allow ID because REASON`"


def allowed(problems: Iterable[Problem], examined: Examined) -> list[Problem]:
    """The problems that no comment with a reason allows."""
    reasons = {(allow.id, allow.entry) for allow in examined.comments.allows if allow.reason and allow.entry}
    return [each for each in problems if (each.code, examined.comments.entry_at(each.span)) not in reasons]


def without_reason(examined: Examined) -> Problems:
    """Comments that give no reason or cannot be parsed."""
    for span in examined.comments.unread:
        yield finding("allow-without-reason", "`cartsign` cannot read this comment", span, HOW)
    for allow in examined.comments.allows:
        if not allow.reason and allow.id in examined.known:
            message = f"{quote(allow.id)} is not allowed, because the comment gives no reason"
            yield finding("allow-without-reason", message, allow.span, f"add `because` and a reason: {HOW}")


def unknown_id(examined: Examined) -> Problems:
    """Comments that allow the id of a check that does not exist."""
    for allow in examined.comments.allows:
        if allow.id not in examined.known:
            help = suggest(allow.id, examined.known, "checks") or "`cartsign check --list` lists all checks"
            message = f"there is no check {quote(allow.id)} to allow"
            yield finding("allow-unknown", message, allow.span, help)


def misspelt(examined: Examined) -> Problems:
    """Comments apparently meant to allow a finding, but not in the form that `cartsign` reads."""
    for span, id in examined.comments.meant:
        if id in examined.known:
            message = f"this comment seems to allow {quote(id)}, but `cartsign` does not read it"
            yield finding("allow-misspelt", message, span, HOW)


def allows_nothing(examined: Examined) -> Problems:
    """Comments at entries where the check finds nothing, or nothing any more."""
    found = {(each.code, examined.comments.entry_at(each.span)) for each in examined.found}
    for allow in examined.comments.allows:
        if not allow.reason or allow.id not in examined.looked_for:
            continue
        if allow.entry is None:
            message = f"this comment belongs to no entry, so it does not allow {quote(allow.id)}"
            help = "move the comment into the entry, to the line of its name, or right above it"
            yield finding("allow-unused", message, allow.span, help)
        elif (allow.id, allow.entry) not in found:
            message = f"there is no {quote(allow.id)} here to allow"
            head = Span(allow.entry.file, allow.entry.line, allow.entry.column)
            yield finding("allow-unused", message, allow.span, "remove the comment", head)


CHECKS = (
    Check("allow-without-reason", without_reason),
    Check("allow-unknown", unknown_id),
    Check("allow-misspelt", misspelt),
    Check("allow-unused", allows_nothing),
)
