"""Shares in percent: how people answer a question, from YAML nodes.

In: a question and its node in a population. Out: shares that suit its kind. Problems are reported with their
places.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from engine.loading.answers import option
from engine.loading.numbers import number, number_of, plain
from engine.loading.reader import Fields, Reader
from engine.model.population import Band, Spread, Ticks
from facts.problem import Span, quote, quoted
from facts.trees.tree import Mapping as Map
from facts.trees.tree import Node, Scalar, Sequence
from facts.vocabulary import Choice, Choices, Number, Question, YesNo, kind_name

ALL = Decimal(100)
ROUNDED = Decimal(1)
"""Maximum distance from 100 of a sum of rounded shares."""


class ShareReader:
    """Reads shares and reports problems through `reader`."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def answers(self, question: Question, key: Scalar, node: Node) -> Spread:
        """Read the shares of people who give each answer. `key` is the YAML key of the question."""
        match question.kind:
            case YesNo():
                return float(self._yes(question, key, node) or 0)
            case Choice(options):
                return self._options(question, list(options), key, node, together=True)
            case Choices(options):
                return self._ticks(question, list(options), key, node)
            case Number():
                return self._bands(question, question.kind, key, node)

    def _yes(self, question: Question, key: Scalar, node: Node) -> Decimal | None:
        if isinstance(node, Scalar) and not node.is_null:
            return self.share(node, f"the share of {quote(question.name)}", key.span)
        self._wrong(
            question, node, key, "a single share", "write how many of 100 people say yes, such as `35`"
        )
        return None

    def _options(
        self, question: Question, options: list[str], key: Scalar, node: Node, together: bool
    ) -> dict[str, float]:
        """The share of each named option. `together`: the shares must add up to 100."""
        if not isinstance(node, Map) or (together and not node.entries):
            nobody = "" if together else ", or `{}` if nobody chooses any option"
            help = f"write `{{{options[0]}: 35}}`{nobody}; options: {quoted(options)}"
            self._wrong(question, node, key, "a share for each option", help)
            return {}
        shares: dict[str, Decimal | None] = {}
        for name, value in node.entries:
            where = f"the share of {quote(name.text)}"
            shares[option(self.reader, question, options, name)] = self.share(value, where, name.span)
        if together and "" not in shares:
            self.together(shares.values(), quote(question.name), key.span)
        return {name: float(share or 0) for name, share in shares.items()}

    def _ticks(self, question: Question, options: list[str], key: Scalar, node: Node) -> tuple[Ticks, ...]:
        """How people tick options: all in the same way, or in several ways with a share each."""
        if not isinstance(node, Sequence) or not node.items:
            return (Ticks(100, self._options(question, options, key, node, together=False)),)
        shares, found = list[Decimal | None](), list[Ticks]()
        for each in node.items:
            where = f"a way to answer {quote(question.name)}"
            fields = self.reader.fields(each, where, ("share", "options"))
            shares.append(self.share_in(fields))
            if (ticked := fields.get("options")) is not None:
                of = self._options(question, options, key, ticked, together=False)
                found.append(Ticks(float(shares[-1] or 0), of))
        self.together(shares, quote(question.name), key.span)
        return tuple(found)

    def _bands(self, question: Question, kind: Number, key: Scalar, node: Node) -> tuple[Band, ...]:
        """The bands of a number, lowest first."""
        if not isinstance(node, Sequence) or not node.items:
            help = f"write `[{{from: {kind.minimum}, to: {kind.maximum}, share: 100}}]`"
            self._wrong(question, node, key, "a list of bands", help)
            return ()
        read = [self._band(question, kind, each) for each in node.items]
        found = sorted((each for each in read if each is not None), key=lambda each: each[0].low)
        for (before, earlier), (after, span) in pairwise(found):
            if after.low <= before.high:
                low, high = after.low, min(before.high, after.high)
                message = f"two bands of {quote(question.name)} overlap {_from_to(low, high)}"
                help = "begin each band above the end of the one before"
                self.reader.report("band-overlap", message, span, help, earlier)
        if len(found) == len(read):
            shares = [Decimal(str(band.share)) for band, _ in found]
            self.together(shares, quote(question.name), key.span)
        return tuple(band for band, _ in found)

    def _band(self, question: Question, kind: Number, node: Node) -> tuple[Band, Span] | None:
        where = f"a band of {quote(question.name)}"
        fields = self.reader.fields(node, where, ("from", "to", "share"))
        low, high = (number(self.reader, fields, each, named=False) for each in ("from", "to"))
        share = self.share_in(fields)
        if low is None or high is None:
            return None
        is_right = share is not None
        for name, end in (("from", low), ("to", high)):
            if not kind.minimum <= end <= kind.maximum:
                message = (
                    f"{quote(question.name)} must be {_from_to(kind.minimum, kind.maximum)}, not {plain(end)}"
                )
                self._out_of_range(message, fields.values[name].span, question)
                is_right = False
            elif end.scaleb(kind.decimals) != end.scaleb(kind.decimals).to_integral_value():
                most = f"{quote(question.name)}, which has {kind.decimals}"
                message = f"{quote(str(plain(end)))} has more decimals than {most}"
                self._out_of_range(message, fields.values[name].span, question)
                is_right = False
        if is_right and low > high:
            message = f"`from` of {where} must not be above `to`, but {plain(low)} is above {plain(high)}"
            self.reader.report("empty-range", message, fields.values["from"].span, "swap them")
            is_right = False
        return (Band(plain(low), plain(high), float(share or 0)), node.span) if is_right else None

    def _out_of_range(self, message: str, span: Span, question: Question) -> None:
        self.reader.report("out-of-range", message, span, earlier=question.span)

    def share(self, node: Node, where: str, at: Span) -> Decimal | None:
        """A number from 0 to 100; None after reporting a problem."""
        share = number_of(self.reader, node, where, at, named=False)
        return None if share is None else self._of_hundred(share, node, where)

    def share_in(self, fields: Fields) -> Decimal | None:
        """The number at `share`; None if absent or wrong."""
        node = fields.get("share")
        return None if node is None else self.share(node, f"`share` of {fields.where}", fields.keys["share"])

    def _of_hundred(self, share: Decimal, node: Node, where: str) -> Decimal | None:
        if 0 <= share <= ALL:
            return share
        help = "write how many of 100 people, from 0 to 100"
        message = f"{where} must be from 0 to 100, not {quote(str(plain(share)))}"
        self.reader.report("share-range", message, node.span, help)
        return None

    def together(self, shares: Iterable[Decimal | None], where: str, at: Span) -> None:
        """Report shares that do not add up to 100."""
        given = list(shares)
        found = sum((each for each in given if each is not None), Decimal(0))
        if None not in given and abs(found - ALL) > ROUNDED:
            message = f"the shares of {where} must add up to 100, not {plain(found)}"
            self.reader.report("share-sum", message, at, "write for each how many of 100 people it is")

    def _wrong(self, question: Question, node: Node, key: Scalar, wanted: str, help: str) -> None:
        kind = kind_name(question.kind)
        message = f"the `{kind}` question {quote(question.name)} needs {wanted}"
        self.reader.wrong(node, message, key.span, help, question.span)


def _from_to(low: int | float, high: int | float) -> str:
    return f"from {low} to {high}"
