"""Mutations of expressions: DynamoDB's conditions and updates, and JSONata's conditions.

Expressions are changed as text. Those of these systems are simple enough: parts joined by AND and OR, with one level of
brackets.
"""

import re
from collections.abc import Iterator, Sequence

Change = tuple[str, str]  # the description and the changed expression

_OPPOSITES = (
    (re.compile(r"attribute_not_exists(\(\w+\))"), r"attribute_exists\1"),
    (re.compile(r"attribute_exists(\(\w+\))"), r"attribute_not_exists\1"),
    (re.compile(r"([\w#]+) = (:\w+)"), r"\1 <> \2"),
)
_JSONATA = (
    (re.compile(r" and "), " or "),
    (re.compile(r" or "), " and "),
    (re.compile(r"<="), "<"),
    (re.compile(r"\b64\b"), "63"),
    (re.compile(r"\b64\b"), "65"),
    (re.compile(r" = "), " != "),
    (re.compile(r": false"), ": true"),
    (re.compile(r"\$not\("), "$boolean("),
    (re.compile(r"/\\S/"), "/./"),
    (re.compile(r"\|\(\^\|[^/]*(?=/\))"), ""),  # the second half of a surrogate pair
    (re.compile(r"(?<=/)\[\\ud800-\\udbff\][^|]*\|"), ""),  # the first half of a surrogate pair
)


def is_update(expression: str) -> bool:
    """Return whether this is an update expression of DynamoDB."""
    return expression.startswith(("SET ", "ADD "))


def of_dynamodb(expression: str) -> Iterator[Change]:
    """Yield the mutations of a DynamoDB condition or update."""
    yield from _updates(expression) if is_update(expression) else _conditions(expression)


def of_jsonata(expression: str) -> Iterator[Change]:
    """Yield the mutations of a JSONata condition, `{% … %}`."""
    inner = expression.removeprefix("{%").removesuffix("%}").strip()
    yield "negated", f"{{% $not({inner}) %}}"
    yield from _replaced(expression, _JSONATA)


def unused(names: Sequence[str], expressions: Sequence[str]) -> list[str]:
    """Return the names (`:user`) that no expression uses any more, which DynamoDB rejects."""
    return [name for name in names if not any(re.search(rf"{re.escape(name)}\b", text) for text in expressions)]


def _conditions(expression: str) -> Iterator[Change]:
    yield from _without_each(expression)
    for bracket in re.finditer(r"(?<=[ (])\(([^()]*(?:\([^()]*\)[^()]*)*)\)", f" {expression}"):
        before, inner, after = expression[: bracket.start()], bracket[1], expression[bracket.end() - 2 :]
        for words, changed in _without_each(inner):
            yield words, f"{before}{changed}{after}"
    for pattern, opposite in _OPPOSITES:
        for found in pattern.finditer(expression):
            changed = found.expand(opposite)
            yield changed, expression[: found.start()] + changed + expression[found.end() :]


def _without_each(expression: str) -> Iterator[Change]:
    for joint in (" AND ", " OR "):
        parts = _parts(expression, joint)
        if len(parts) > 1:
            for index, part in enumerate(parts):
                yield f"without {part}", joint.join(parts[:index] + parts[index + 1 :])


def _updates(expression: str) -> Iterator[Change]:
    verb, _, rest = expression.partition(" ")
    updates = _parts(rest, ", ")
    for index, update in enumerate(updates):
        others = updates[:index] + updates[index + 1 :]
        if others:
            yield f"without {update}", f"{verb} {', '.join(others)}"
        attribute = update.split()[0]
        renamed = [*updates[:index], update.replace(attribute, f"{attribute}_changed", 1), *updates[index + 1 :]]
        yield f"{attribute} renamed", f"{verb} {', '.join(renamed)}"


def _parts(text: str, joint: str) -> list[str]:
    """Split at the joints outside brackets."""
    parts, depth, start = [], 0, 0
    for index, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and text.startswith(joint, index):
            parts.append(text[start:index])
            start = index + len(joint)
    return [*parts, text[start:]]


def _replaced(expression: str, table: Sequence[tuple[re.Pattern[str], str]]) -> Iterator[Change]:
    for pattern, new in table:
        for found in pattern.finditer(expression):
            changed = expression[: found.start()] + new + expression[found.end() :]
            around = _around(expression, found.start(), found.end(), new)
            yield around, changed


def _around(text: str, start: int, end: int, new: str) -> str:
    """Describe a replacement with enough context to identify it."""
    before, after = text[max(0, start - 14) : start], text[end : end + 14]
    return f"{before}{text[start:end]}{after} becomes {before}{new}{after}".strip()
