"""Printing: pages and tables in any encoding, and the end of a run that cannot print.

In: sections, tables, and streams that may be full, closed or limited in encoding. Out: readable text, and
never a traceback.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING

import click

from engine.commands.ending import BROKEN_OFF, UNFINISHED
from engine.commands.shared import harmless, put, say, tell
from facts.problem import Problem, Span

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.segment import Segment

    from engine.page import Section

PLAIN_MARKS = {"✓": "+", "✗": "x"}
"""Replacements for marks that cannot be printed; other texts do not contain these marks."""
PAGE_WIDTH = 100
PIPE_WIDTH = 120


def show_page(sections: Iterable[Section]) -> None:
    """Print a page with a width limited for readability."""
    from rich.console import Console

    from engine.page.terminal import rendered

    console = Console(highlight=False)
    if not console.file.isatty() and "COLUMNS" not in os.environ:
        console.width = PAGE_WIDTH
    page = rendered(sections, min(console.width, PAGE_WIDTH))
    page.end = ""
    _show(page, console)


def show_table(table: RenderableType, least: int = 0) -> None:
    """Print a table as wide as the terminal, but at least `least` columns."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.file.isatty():
        console.width = PIPE_WIDTH
    console.width = max(console.width, least)
    _show(table, console)


def _show(what: RenderableType, console: Console) -> None:
    """Render first and print afterwards: rich by itself would end the process on a closed pipe."""
    from rich.segment import Segments

    with console.capture() as captured:
        console.print(Segments(map(_harmless, console.render(what))))
    put("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))


def _harmless(segment: Segment) -> Segment:
    """A rendered piece of text without control characters; only its style may control the terminal."""
    return segment if segment.control else segment._replace(text=harmless(segment.text))


def escape_what_is_lacking() -> None:
    """Print characters missing from the encoding of a stream as JSON escapes, such as `\u201c`."""
    codecs.register_error("cartsign.escaped", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="cartsign.escaped")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN_MARKS.get(each) or json.dumps(each)[1:-1] for each in lacking), error.end


@contextmanager
def failures() -> Iterator[None]:
    """Turn interruptions and failures of the machine into messages, and ignore a closed pipe.

    Control characters in the arguments quoted by usage errors are escaped.
    """
    try:
        yield
    except click.UsageError as error:
        said = error.format_message()
        if harmless(said) == said:
            raise
        raise click.UsageError(harmless(said), error.ctx) from None
    except KeyboardInterrupt:
        say(BROKEN_OFF, err=True)
        sys.exit(UNFINISHED)
    except OSError as error:
        _let_go(sys.stdout)
        if error.errno != errno.EPIPE:
            said = (error.strerror or "failed").lower()
            where = Span(str(error.filename or "output"))
            with suppress(OSError):
                tell(
                    [
                        Problem(
                            "cannot-write",
                            said,
                            where,
                            "check the disk and its free space, then run the command again",
                        )
                    ]
                )
        _let_go(sys.stderr)
        sys.exit(UNFINISHED)


def _let_go(stream: IO[str] | None) -> None:
    """Discard the unwritten output of a stream; Python would try again on exit, and print an error."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
