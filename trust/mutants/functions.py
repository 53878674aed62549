"""The mutants of the functions' Python code: cosmic-ray's operators, and ours in `operators.py`."""

import ast
import difflib
import re
from collections.abc import Iterator
from typing import ClassVar

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.number_replacer import NumberReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

from trust.mutants.mutant import DOTS, Mutant, told_apart
from trust.mutants.operators import ArgumentRemover, EntryRemover, HandlerReplacer, StatementRemover, TextReplacer

KIND = "function"
# Of cosmic-ray's operators: the opposite of each comparison and its neighbour, not all seven others; and of
# arithmetic the inverse. Left out: those that insert or swap variables, which mostly yield what no compiler takes.
CHOSEN = (
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            *("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
            *("Is_IsNot", "IsNot_Is"),
        )
    ),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "AddNot"),
    *("ReplaceUnaryOperator_Delete_Not", "NumberReplacer", "ExceptionReplacer", "RemoveDecorator"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_FloorDiv", "FloorDiv_Mul")),
)
AROUND = 40
# What cosmic-ray makes of `except a.B`.
_GLUED = re.compile(r"\wCosmicRayTestingException")


def operators() -> Iterator[Operator]:
    """Give every operator that is used."""
    for name in CHOSEN:
        yield get_operator(f"core/{name}")()
    yield from (TextReplacer(), EntryRemover(), ArgumentRemover(), HandlerReplacer(), StatementRemover())


def mutants(function: str, file: str, code: str) -> Iterator[Mutant]:
    """Give every mutant of a function's module that can be compiled."""
    yield from told_apart(_mutants(function, file, code))


def _mutants(function: str, file: str, code: str) -> Iterator[Mutant]:
    blocks = _blocks(code)
    meanings = {_meaning(code)}
    for operator in operators():
        for changed in _all_changes(code, operator):
            meaning = _meaning(changed)
            if meaning is None or meaning in meanings or _left_alone(code, changed) or _GLUED.search(changed):
                continue
            meanings.add(meaning)
            yield Mutant(KIND, (function, _block(blocks, code, changed)), _said(code, changed), file, changed)


def _all_changes(code: str, operator: Operator) -> Iterator[str]:
    number = 0
    while (changed := mutate_code(code, operator, number)) is not None:
        yield changed
        number += 2 if isinstance(operator, NumberReplacer) else 1  # one more, and not one less as well


class _Plainer(ast.NodeTransformer):
    """Writes `not a == b` as `a != b`, so that both count as one change."""

    OPPOSITE: ClassVar[dict[type, type]] = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
    OPPOSITE |= {ast.In: ast.NotIn, ast.NotIn: ast.In}

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        inner = self.visit(node.operand)
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and type(inner.ops[0]) in self.OPPOSITE:
            return ast.Compare(inner.left, [self.OPPOSITE[type(inner.ops[0])]()], inner.comparators)
        return ast.UnaryOp(node.op, inner)


def _meaning(code: str) -> str | None:
    """What the code comes to, whatever it looks like; None if it does not compile."""
    try:
        return ast.dump(_Plainer().visit(ast.parse(code)))
    except SyntaxError:
        return None


def _differing(code: str, changed: str) -> tuple[int, list[str], list[str]]:
    """Where the two begin to differ, and the lines of each that do."""
    old, new = code.splitlines(), changed.splitlines()
    blocks = [op for op in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes() if op[0] != "equal"]
    first, last = blocks[0], blocks[-1]
    return first[1], old[first[1] : last[2]], new[first[3] : last[4]]


def _left_alone(code: str, changed: str) -> bool:
    """Whether only a log differs, or what the embedded account cannot show: it reads consistently in any case."""
    _, old, _ = _differing(code, changed)
    return all(line.strip().startswith(("print(", "ConsistentRead")) for line in old)


def _blocks(code: str) -> list[tuple[int, int, str]]:
    """The functions of a module: first line, last line, name."""
    module = parso.parse(code)
    return [(f.start_pos[0] - 1, f.end_pos[0] - 1, f.name.value) for f in module.iter_funcdefs()]


def _block(blocks: list[tuple[int, int, str]], code: str, changed: str) -> str:
    line = _differing(code, changed)[0]
    return next((name for first, last, name in blocks if first <= line < last), "module")


def _said(code: str, changed: str) -> str:
    """Say a change by the words around it, so that the name survives edits elsewhere."""
    _, old_lines, new_lines = _differing(code, changed)
    old, new = (_one_line(lines) for lines in (old_lines, new_lines))
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return f"{_excerpt(old, start, len(old) - end)} → {_excerpt(new, start, len(new) - end)}"


def _one_line(lines: list[str]) -> str:
    code = (re.sub(r"\s+# .*$", "", line) for line in lines)
    return re.sub(r"\s+", " ", " ".join(code)).strip()


def _excerpt(text: str, start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    told = text[first:last]
    if len(told) > 4 * AROUND:
        told = f"{told[: 2 * AROUND]}{DOTS}{told[-2 * AROUND :]}"
    return f"{DOTS if first else ''}{told}{DOTS if last < len(text) else ''}".replace("`", "'") or "nothing"
