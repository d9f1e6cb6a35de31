"""What proofs cost: of the bundled knowledge base, and of 1,600 generated rules.

Run with `python -m pytest tests/bench/bench_verify.py`; nothing here is part of the test suite. The generated
base has the shape of the bundled one: findings read answers, conditions and levels read findings and answers,
advice is given and held.
"""

import random
from pathlib import Path

import pytest

from engine.checks.examination import examination
from engine.loading import load
from engine.proofs import PROOFS, verify
from engine.proofs.proving import Proving

LAYERS = 4
"""Number of layers of findings; each reads those below."""
KB = Path(__file__).parents[2] / "kb"


def generated(rules: int, seed: int = 0) -> str:
    """A knowledge base with this many rules."""
    dice = random.Random(seed)
    size = rules // 8
    kinds = ["yes_no", "choice", "choices", "number"]
    kind_of = [dice.choice(kinds) for _ in range(size)]
    options = "{a: first, b: second, c: third, d: fourth}"
    lines = ["knowledge_base: {name: generated}", "questions:"]
    for at, kind in enumerate(kind_of):
        more = {"number": ", minimum: 0, maximum: 100, unit: days", "yes_no": ""}.get(
            kind, f", options: {options}"
        )
        lines.append(f"  q{at}: {{ask: Question {at}?, kind: {kind}{more}}}")
    lines += ["findings:", *(f"  f{at}: finding {at}" for at in range(size))]
    lines += ["conditions:", *(f"  c{at}: {{text: condition {at}}}" for at in range(size // 4))]
    lines += ["advice_kinds: {home: At home}", "advice:"]
    lines += [f"  a{at}: {{kind: home, text: Advice {at}.}}" for at in range(size // 4)]
    levels = {"wait": "", "soon": "", "today": "", "now": ", red_flag: true"}
    lines += ["triage:", *(f"  {name}: {{text: Level {name}{more}}}" for name, more in levels.items())]
    lines.append("rules:")

    def answer() -> str:
        at = dice.randrange(size)
        match kind_of[at]:
            case "yes_no":
                return f"{{q{at}: {dice.choice(['yes', 'yes', 'no'])}}}"
            case "number":
                return f"{{q{at}: {{{dice.choice(['at_least', 'below'])}: {dice.randrange(5, 95)}}}}}"
            case _:
                return f"{{q{at}: [{', '.join(dice.sample('abcd', dice.choice([1, 2])))}]}}"

    def part(below: int, may_deny: bool) -> str:
        read = [answer] * 3 + [lambda: f"{{finding: f{dice.randrange(below)}}}"] * (2 if below else 0)
        found = dice.choice(read)()
        return f"{{not: {found}}}" if may_deny and dice.random() < 0.1 else found

    for at in range(rules):
        finding = at % size
        below = finding * LAYERS // size * size // LAYERS if at < 3 * size else size
        may_deny = 3 * size <= at < 5 * size or at >= 6 * size
        parts = [part(below, may_deny) for _ in range(dice.choice([1, 2, 2, 3]))]
        if dice.random() < 0.4:
            parts.append(f"{{any: [{part(below, may_deny)}, {part(below, may_deny)}]}}")
        if at < 3 * size:
            then = f"{{finding: f{finding}}}"
        elif at < 5 * size:
            then = f"{{condition: c{at % (size // 4)}, support: {dice.choice(['possible', 'typical'])}}}"
        elif at < 6 * size:
            then = f"{{triage: {dice.choice(['wait', 'soon', 'today', 'now'])}}}"
        else:
            then = f"{{{'hold' if at % 3 == 0 else 'give'}: a{at // 3 % (size // 4)}}}"
        told = f"because: Reason {at}., ours: true"
        lines.append(f"  r{at}: {{when: {{all: [{', '.join(parts)}]}}, then: {then}, {told}}}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "base.yaml"
    path.write_text(generated(1_600))
    return path


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.kinds[0])
@pytest.mark.parametrize("base", ["bundled", "1,600-rules"])
def test_each_kind(benchmark, base, proof, large):
    path = KB if base == "bundled" else large
    examined = examination(load(path), str(path), None)

    def proved() -> None:
        proving = Proving(examined)
        assert all(each.status != "undecided" for each in proof.function(proving))

    benchmark.pedantic(proved, rounds=1)


@pytest.mark.parametrize("base", ["bundled", "1,600-rules"])
def test_all(benchmark, base, large):
    path = KB if base == "bundled" else large
    examined = examination(load(path), str(path), None)
    benchmark.pedantic(lambda: verify(examined), rounds=1)
