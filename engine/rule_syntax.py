"""Rules: from the tree of a file to `Rule` values.

In: the entries of the `rules` sections. Out: rules by id, with their conclusions checked one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.model import (
    SUPPORT,
    Advice,
    All,
    Conclusion,
    CountsAgainst,
    Finds,
    Gives,
    Not,
    Part,
    Rule,
    Support,
    Suspects,
    Triages,
    Withholds,
)
from engine.part_syntax import PartReader
from engine.reading import Fields, Reader
from facts.document import Mapping as Map
from facts.document import Node, Scalar, describe
from facts.problem import quoted, suggest

CONCLUSIONS = ("finding", "condition", "triage", "give", "hold", "hold_kind")


@dataclass
class RuleReader:
    """Reads rules; `advice` tells which items a kind has."""

    reader: Reader
    parts: PartReader
    advice: Mapping[str, Advice]

    def rules(self, entries: Iterable[tuple[Scalar, Node]]) -> dict[str, Rule]:
        """All rules by id."""
        return {key.text: self._rule(key, node) for key, node in entries}

    def _rule(self, key: Scalar, node: Node) -> Rule:
        optional = ("unless", "claims", "ours")
        fields = self.reader.fields(node, f"rule `{key.text}`", ("when", "then", "because"), optional)
        claims = self.reader.name_list(fields.get("claims"), "claims", "claim")
        because, ours = self.reader.text(fields, "because"), self.reader.flag(fields, "ours")
        return Rule(key.text, self._when(fields), self._then(fields), because, claims, ours, key.span)

    def _when(self, fields: Fields) -> Part:
        when = self.parts.part(fields.get("when") or Scalar("always", True, fields.span))
        unless = fields.get("unless")
        if unless is None:
            return when
        own = when.parts if isinstance(when, All) else (when,)
        return All((*own, Not(self.parts.part(unless), unless.span)), fields.span)

    def _then(self, fields: Fields) -> tuple[Conclusion, ...]:
        node = fields.get("then")
        found = [self._conclusion(item) for item in self.reader.items(node)]
        return tuple(conclusion for conclusion in found if conclusion is not None)

    def _conclusion(self, node: Node) -> Conclusion | None:
        if not isinstance(node, Map):
            help = "write `- finding: ...`, `- condition: ...`, `- triage: ...` or `- give: ...`"
            self.reader.report(
                "wrong-type", f"a conclusion is a mapping, not {describe(node)}", node.span, help
            )
            return None
        heads = [key for key, _ in node.entries if key.text in CONCLUSIONS]
        if len(heads) == 1:
            return self._headed(heads[0], node)
        if heads:
            message = f"one conclusion says one thing, not {quoted(head.text for head in heads)}"
            self.reader.report("two-conclusions", message, heads[1].span, "begin each of them with `- `")
        for key, _ in node.entries:
            if key.text not in CONCLUSIONS:
                help = suggest(key.text, CONCLUSIONS, "conclusions")
                self.reader.report("unknown-key", f"a conclusion has no `{key.text}`", key.span, help)
        return None

    def _headed(self, head: Scalar, node: Map) -> Conclusion | None:
        more = ("support", "counts_against") if head.text == "condition" else ()
        fields = self.reader.fields(node, f"a `{head.text}` conclusion", (head.text,), more)
        value = fields.values[head.text]
        match head.text:
            case "finding":
                return Finds(self.reader.declared(value, "findings", "finding"))
            case "triage":
                return Triages(self.reader.declared(value, "triage", "level"))
            case "give":
                return Gives(self.reader.name_list(value, "advice", "advice"))
            case "hold":
                return Withholds(self.reader.name_list(value, "advice", "advice"))
            case "hold_kind":
                kinds = self.reader.name_list(value, "advice_kinds", "kind")
                return Withholds(tuple(name for name, item in self.advice.items() if item.kind in kinds))
            case _:
                return self._condition(fields, value)

    def _condition(self, fields: Fields, value: Node) -> Conclusion | None:
        condition = self.reader.declared(value, "conditions", "condition")
        support, against = fields.get("support"), self.reader.flag(fields, "counts_against")
        if (support is None) == (not against):
            message = f"condition `{condition}` needs either `support` or `counts_against: true`"
            help = f"add `support:` with one of {quoted(SUPPORT)}"
            self.reader.report("missing-key", message, fields.span, help)
            return None
        if support is None:
            return CountsAgainst(condition)
        grade = self.reader.declared(support, "", "support", SUPPORT)
        return Suspects(condition, _support(grade))


def _support(word: str) -> Support:
    return SUPPORT[SUPPORT.index(word)] if word in SUPPORT else SUPPORT[0]
