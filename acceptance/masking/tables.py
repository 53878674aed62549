"""Finds secrets in tables: below the name of one, or beside it."""

import re
from collections.abc import Iterator

from acceptance.masking.secret_names import Kind, kind_of
from acceptance.masking.spans import Span
from acceptance.masking.values import is_secret_value

_BARS = re.compile(r"[|│┃║]")
_RULE = re.compile(r"[\s|+:=─━═┼├┤┌┐└┘┬┴╪╬\-]*")
_HEADING = re.compile(r"\s{0,40}[\"']?[\w.\-]{1,64}[\"']?\s{0,40}")


def table_spans(text: str) -> Iterator[Span]:
    """Find the values in a table below the name of a secret, or beside it: `| cells |`, or lines of a CSV file."""
    at, parted, headings = 0, None, list[Kind]()
    for line in text.splitlines(keepends=True):
        cells = _cells(line, at, parted)
        if cells and _RULE.fullmatch(line):
            pass  # between the headings and the rows below
        elif len(cells) > 1 and headings and (parted in (None, "|") or len(cells) == len(headings)):
            yield from _secret_cells(cells, headings, pairs=parted == "|")
        else:
            parted = "|" if _BARS.search(line) else next((sign for sign in ",;\t" if sign in line), None)
            cells = _cells(line, at, parted)
            headings = [kind_of(cell.strip().strip("\"'")) for _, cell in cells] if len(cells) > 1 else []
            if parted == "|":
                yield from _secret_cells(cells, [Kind.NONE] * len(cells), pairs=True)
            elif not any(headings) or not all(_HEADING.fullmatch(cell.rstrip("\r\n")) for _, cell in cells):
                headings = []
        at += len(line)


def _cells(line: str, at: int, parted: str | None) -> list[tuple[int, str]]:
    """List the cells of a line of a table, and where they begin."""
    if parted is None:
        return []
    parts = _BARS.split(line) if parted == "|" else line.split(parted)
    cells = []
    for part in parts:
        cells.append((at, part))
        at += len(part) + 1
    return cells


def _secret_cells(cells: list[tuple[int, str]], headings: list[Kind], *, pairs: bool) -> Iterator[Span]:
    filled = [number for number, (_, cell) in enumerate(cells) if cell.strip()]
    for number in filled:
        begin, cell = cells[number]
        kind = headings[number] if number < len(headings) else Kind.NONE
        if pairs and not kind and len(filled) == 2 and number == filled[1]:
            kind = kind_of(cells[filled[0]][1].strip())
        if kind and is_secret_value(cell, kind):
            inner = cell.strip()
            begin += cell.index(inner)
            yield begin, begin + len(inner)
