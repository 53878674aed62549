"""Additional operators for cosmic-ray, which has none for strings, dictionary entries and statements.

They change what a program stores, sends and requests, which is where the promises of these systems are.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator, Sequence
from typing import Any

import parso
from cosmic_ray.operators.operator import Example, Operator

from trust.mutants import conditions

_TEXT = re.compile(r'"[^"]*"|\{"[SN]": "[^"]*"}')


class _BesideLogs(Operator):
    """Base of operators that leave log output alone. `logs` are the logging calls: `print`, `self.log`."""

    def __init__(self, logs: Sequence[str] = ("print",)) -> None:
        self._logs = logs

    def is_log(self, node: Any) -> bool:
        """Return whether a node is part of a logging call."""
        while node is not None:
            if node.type == "atom_expr" and node.get_code(include_prefix=False).partition("(")[0] in self._logs:
                return True
            node = node.parent
        return False


class TextReplacer(_BesideLogs):
    """Change a string; a DynamoDB condition or update is changed in each of its parts."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield a position for each change of a string."""
        for _ in self._changes(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Change the string."""
        mark = node.value[-1]  # the same quotes as before
        changed = list(self._changes(node))[index].replace("\\", "\\\\").replace(mark, f"\\{mark}")
        node.value = f"{mark}{changed}{mark}"
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples."""
        return (
            Example('x = ["one"]', 'x = ["one changed"]'),
            Example('f(x="SET a = :a, b = :b")', 'f(x="SET b = :b")'),
        )

    def _changes(self, node: Any) -> Iterator[str]:
        if node.type != "string" or self.is_log(node) or not _is_a_value(node):
            return
        text = literal_eval(node.value)
        if not isinstance(text, str):
            return
        if conditions.is_update(text) or "attribute_" in text:
            yield from (changed for _, changed in conditions.of_dynamodb(text))
        else:
            yield str(int(text) + 1) if text.isdigit() else f"{text} changed".strip()


def _is_a_value(node: Any) -> bool:
    """Return whether a string is passed on: as a dictionary's value, in a list, or as an argument.

    Lookup keys (`event["detail"]`, `.get("Item")`) are left out: changing them only causes an immediate error.
    """
    parent = node.parent
    if parent.type == "dictorsetmaker":
        return bool(node.get_previous_leaf().value == ":")
    if parent.type in ("argument", "testlist_comp", "atom", "comparison", "or_test", "return_stmt", "testlist"):
        return True
    if parent.type == "arglist":
        # The function's own helpers; `client("dynamodb")`, `.get("drink")` and so on take lookup keys.
        return bool(parent.parent.parent.children[0].get_code(include_prefix=False).startswith("_"))
    return False


class EntryRemover(_BesideLogs):
    """Remove an entry of a dictionary that has others; `{"S": …}` is DynamoDB's notation of one value.

    Entries with a string are left to TextReplacer.
    """

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield a position for each entry."""
        if node.type == "dictorsetmaker" and not self.is_log(node):
            yield from ((key.start_pos, key.end_pos) for key in self._keys(node))

    def mutate(self, node: Any, index: int) -> Any:
        """Remove the entry, from its key to the comma after it."""
        start = node.children.index(self._keys(node)[index])
        del node.children[start : start + 4]
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples."""
        return (Example('x = {"a": 1, "b": 2}', 'x = { "b": 2}'), Example('x = {"a": "b", "c": 2}', 'x = {"a": "b",}'))

    @staticmethod
    def _keys(node: Any) -> list[Any]:
        children = node.children
        colons = [i for i, child in enumerate(children) if child.type == "operator" and child.value == ":"]
        if len(colons) < 2:
            return []
        return [children[i - 1] for i in colons if not _TEXT.fullmatch(children[i + 1].get_code(False))]


class ArgumentRemover(_BesideLogs):
    """Remove an optional named argument of a call, such as `ReturnValues="ALL_NEW"`."""

    CAN_BE_LEFT_OUT = ("ConditionExpression", "ReturnValues", "ReturnValuesOnConditionCheckFailure", "parse_constant")

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield a position for each named argument among others."""
        if node.type == "arglist" and not self.is_log(node):
            yield from ((argument.start_pos, argument.end_pos) for argument in self._named(node))

    def mutate(self, node: Any, index: int) -> Any:
        """Remove the argument and the comma after it."""
        start = node.children.index(self._named(node)[index])
        del node.children[start : start + 2]
        return node

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples."""
        return (Example('f(a=1, ReturnValues="ALL_NEW")', "f(a=1,)"),)

    def _named(self, node: Any) -> list[Any]:
        named = [child for child in node.children if child.type == "argument"]
        return [child for child in named if child.children[0].get_code(False) in self.CAN_BE_LEFT_OUT]


class HandlerReplacer(Operator):
    """Let an `except` catch another exception, one at a time. cosmic-ray's own operator supports no names with dots."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the position of each exception that is caught."""
        for caught in self._caught(node):
            yield caught.start_pos, caught.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Catch an exception that is never raised."""
        caught = self._caught(node)[index]
        siblings = caught.parent.children
        prefix = caught.get_first_leaf().prefix
        siblings[siblings.index(caught)] = parso.python.tree.Name("GeneratorExit", caught.start_pos, prefix=prefix)
        return node

    @staticmethod
    def _caught(node: Any) -> Sequence[Any]:
        if node.type != "except_clause":
            return []
        caught = node.children[1]
        if caught.type != "atom":
            return [caught]
        inner = caught.children[1]
        return inner.children[::2] if inner.type == "testlist_comp" else [inner]

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples."""
        return (
            Example("try: f()\nexcept A: pass", "try: f()\nexcept GeneratorExit: pass"),
            Example("try: f()\nexcept a.B as e: pass", "try: f()\nexcept GeneratorExit as e: pass"),
            Example("try: f()\nexcept (A): pass", "try: f()\nexcept (GeneratorExit): pass"),
            Example("try: f()\nexcept (A, b.C, D): pass", "try: f()\nexcept (A, GeneratorExit, D): pass", occurrence=1),
        )


class StatementRemover(_BesideLogs):
    """Replace a call statement, a `raise`, or a `return` before the end of its function by `pass`."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the position of the statement."""
        alone = node.type == "atom_expr" and node.parent.type == "simple_stmt"
        if (alone or node.type == "raise_stmt" or _is_early_return(node)) and not self.is_log(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Replace it by `pass`."""
        return parso.python.tree.Keyword("pass", node.start_pos, prefix=node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return examples."""
        return (
            Example("tell(1)\n", "pass\n"),
            Example("def f():\n    if a:\n        return 1\n", "def f():\n    if a:\n        pass\n"),
        )


def _is_early_return(node: Any) -> bool:
    return bool(node.type == "return_stmt" and node.parent.parent.parent.type != "funcdef")
