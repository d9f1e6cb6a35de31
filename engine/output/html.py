"""HTML pages from templates, without external resources.

In: a template next to the code, and its values. Out: the text of a page. Values are escaped. A template may
include `head.html`, with which all pages begin, and `paper.css`, their style.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from facts.problem import printable


def rendered(template: Path, **values: object) -> str:
    """The page that a template makes of the values. It may include files from its own folder and from this
    one.
    """
    return _environment(template.parent).get_template(template.name).render(**values)


@lru_cache
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader([folder, Path(__file__).parent], encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: object) -> object:
    """Escape characters that change the direction of text or are invisible."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
