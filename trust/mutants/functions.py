"""The mutants of a system's Python code, by cosmic-ray's operators and those in `operators.py`."""

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.number_replacer import NumberReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

from trust.mutants.mutant import DOTS, Mutant, told_apart
from trust.mutants.operators import ArgumentRemover, EntryRemover, HandlerReplacer, StatementRemover, TextReplacer

KIND = "function"
# The place of code outside functions.
MODULE = "module"
# From cosmic-ray's operators: for each comparison its opposite and its neighbour, not all seven others, and for
# arithmetic the inverse. Not those that insert or swap variables, whose results mostly do not compile.
CHOSEN = (
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            *("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
            *("Is_IsNot", "IsNot_Is"),
        )
    ),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "AddNot"),
    *("ReplaceUnaryOperator_Delete_Not", "NumberReplacer", "RemoveDecorator"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_FloorDiv", "FloorDiv_Mul")),
)
LOGS = ("print",)
AROUND = 40


def operators(logs: Sequence[str] = LOGS) -> Iterator[Operator]:
    """Yield every operator in use. `logs` are the calls by which the code writes its log."""
    for name in CHOSEN:
        yield get_operator(f"core/{name}")()
    yield from (
        TextReplacer(logs),
        EntryRemover(logs),
        ArgumentRemover(logs),
        HandlerReplacer(),
        StatementRemover(logs),
    )


def mutants(system: str, module: str, file: str, code: str, logs: Sequence[str] = LOGS) -> Iterator[Mutant]:
    """Yield every mutant of a module that compiles."""
    yield from told_apart(_mutants(system, module, file, code, logs))


def _mutants(system: str, module: str, file: str, code: str, logs: Sequence[str]) -> Iterator[Mutant]:
    chosen = list(operators(logs))
    for part in _parts(code):
        meanings, nodes = {_meaning(part.text)}, list(_nodes(parso.parse(part.text)))
        for operator in chosen:
            for changed in _all_changes(part.text, nodes, operator):
                meaning = _meaning(changed)
                if meaning is None or meaning in meanings:
                    continue
                first, old, new = _differing(part.text, changed)
                if _left_alone(old, logs):
                    continue
                meanings.add(meaning)
                text = f"{part.before}{changed}{part.after}"
                yield Mutant(system, KIND, (module, part.function_at(first)), _said(old, new), file, text)


def _all_changes(code: str, nodes: Iterable[Any], operator: Operator) -> Iterator[str]:
    count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
    for number in range(0, count, 2 if isinstance(operator, NumberReplacer) else 1):  # only one more, not one less
        yield mutate_code(code, operator, number)


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", ()):
        yield from _nodes(child)


@dataclass(frozen=True)
class _Part:
    """A top-level statement of a module: a mutation parses only it again, not the whole module.

    `functions` are its functions and methods with their first and last lines, counted from 0.
    """

    before: str
    text: str
    after: str
    functions: Sequence[tuple[int, int, str]]

    def function_at(self, line: int) -> str:
        """Return the function that contains a line."""
        return next((name for first, last, name in self.functions if first <= line <= last), MODULE)


def _parts(code: str) -> Iterator[_Part]:
    lines = code.splitlines(keepends=True)
    for node in ast.parse(code).body:
        first = _first_line(node)
        last = node.end_lineno or first
        functions = [(_first_line(one) - first, (one.end_lineno or first) - first, name) for one, name in named(node)]
        yield _Part("".join(lines[: first - 1]), "".join(lines[first - 1 : last]), "".join(lines[last:]), functions)


def named(node: ast.AST) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """Yield a function by its name, or each method of a class as `Class.method`."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node, node.name
    elif isinstance(node, ast.ClassDef):
        for inner in node.body:
            yield from ((function, f"{node.name}.{name}") for function, name in named(inner))


def _first_line(node: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


class _Plainer(ast.NodeTransformer):
    """Rewrite `not a == b` as `a != b`, so that both count as one mutation."""

    OPPOSITE: ClassVar[dict[type, type]] = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
    OPPOSITE |= {ast.In: ast.NotIn, ast.NotIn: ast.In}

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        inner = self.visit(node.operand)
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and type(inner.ops[0]) in self.OPPOSITE:
            return ast.Compare(inner.left, [self.OPPOSITE[type(inner.ops[0])]()], inner.comparators)
        return ast.UnaryOp(node.op, inner)


def _meaning(code: str) -> str | None:
    """Return the code in normal form, None if it does not compile."""
    try:
        return ast.dump(_Plainer().visit(ast.parse(code)))
    except SyntaxError:
        return None


def _differing(code: str, changed: str) -> tuple[int, list[str], list[str]]:
    """Return where two texts begin to differ, and the differing lines of each."""
    old, new = code.splitlines(), changed.splitlines()
    blocks = [op for op in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes() if op[0] != "equal"]
    first, last = blocks[0], blocks[-1]
    return first[1], old[first[1] : last[2]], new[first[3] : last[4]]


def _left_alone(old: Sequence[str], logs: Sequence[str]) -> bool:
    """Return whether only a log differs, or the read consistency, which the embedded account always grants."""
    unseen = (*(f"{log}(" for log in logs), "ConsistentRead")
    return all(line.strip().startswith(unseen) for line in old)


def _said(old_lines: Sequence[str], new_lines: Sequence[str]) -> str:
    """Describe a change by its context, so that the name survives edits elsewhere."""
    old, new = (_one_line(lines) for lines in (old_lines, new_lines))
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return f"{_excerpt(old, start, len(old) - end)} → {_excerpt(new, start, len(new) - end)}"


def _one_line(lines: Sequence[str]) -> str:
    code = (re.sub(r"\s+# .*$", "", line) for line in lines)
    return re.sub(r"\s+", " ", " ".join(code)).strip()


def _excerpt(text: str, start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    told = text[first:last]
    if len(told) > 4 * AROUND:
        told = f"{told[: 2 * AROUND]}{DOTS}{told[-2 * AROUND :]}"
    return f"{DOTS if first else ''}{told}{DOTS if last < len(text) else ''}".replace("`", "'") or "nothing"
