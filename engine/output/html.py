"""Templates to pages of HTML that need nothing from elsewhere.

In: a template beside the code and the values for it. Out: the text of a page. Whatever stands in a knowledge
base or a case is escaped. A template may include `head.html`, with which all pages begin, and `paper.css`,
their style.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from facts.problem import printable


def rendered(template: Path, **values: object) -> str:
    """The page that a template makes of the values; it may include what lies beside it or here."""
    return _environment(template.parent).get_template(template.name).render(**values)


@lru_cache
def _environment(folder: Path) -> Environment:
    """The templates of a folder, each compiled once."""
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
    """What could turn the direction of a text, or hide in it, is written as an escape."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
