"""Which scenarios reach which functions of a system: a run of a copy in which each function notes that it is called.

The copy notes it in a file, at once. So it also shows what a program did that was killed, and a function in the cloud:
of both no tool for coverage has anything to tell.
"""

from __future__ import annotations

import ast
import bisect
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from trust.mutants.functions import KIND, MODULE, named
from trust.mutants.mutant import Mutant
from trust.mutants.scenarios import Scenario

# A function that is called all the time need not say so each time.
EVERY_MS = 20
_NOTE = """
def _reached(function, _last={{}}):
    import os, time
    now = time.time_ns() // 1_000_000
    if now - _last.get(function, 0) > {every}:
        _last[function] = now
        file = os.open({notes!r}, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        os.write(file, f"{{now}} {{function}}\\n".encode())
        os.close(file)
"""


@dataclass(frozen=True)
class Reach:
    """The keys of the scenarios in which each function was called, by its file and name, `desk/orders.py place`.

    A function that is not in there was never called; `always` are those that were called before the first scenario.
    """

    scenarios: Mapping[str, Set[str]]
    always: Set[str] = frozenset()

    def of(self, mutant: Mutant, scenarios: Sequence[Scenario]) -> Sequence[Scenario]:
        """Return those of these scenarios that can notice a mutant, in the same order."""
        function = _named(mutant.file, mutant.place[-1])
        if mutant.kind != KIND or mutant.place[-1] == MODULE or function in self.always:
            return scenarios
        return [scenario for scenario in scenarios if scenario.key in self.scenarios.get(function, ())]


def let_note(system: Path, files: Iterable[str], notes: Path) -> None:
    """Let each function in these files of a copy note when it is called."""
    for file in files:
        path = system / file
        path.write_text(_noting(path.read_text(encoding="utf-8"), file, notes), encoding="utf-8")


def read_reach(notes: Path, results: Path) -> Reach:
    """Read what was noted during a run, scenario by scenario, as its results say when each of them ended."""
    ends = sorted(_times(results))
    began = min((start for _, start, _ in ends), default=0)
    scenarios: dict[str, set[str]] = defaultdict(set)
    always = set()
    for line in notes.read_text(encoding="utf-8").splitlines() if notes.exists() else ():
        at, _, function = line.partition(" ")
        number = bisect.bisect_left(ends, (int(at), 0, ""))
        if int(at) < began or number == len(ends):
            always.add(function)
        else:
            scenarios[function].add(ends[number][2])
    return Reach(scenarios, always)


def _times(folder: Path) -> Iterator[tuple[int, int, str]]:
    """Give when each scenario ended and began (epoch, ms), and its key."""
    for path in folder.glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        if result["status"] != "skipped":
            yield result["stop"], result["start"], result["fullName"]


def _named(file: str, function: str) -> str:
    return f"{file} {function}"


def _noting(code: str, file: str, notes: Path) -> str:
    """Return the code with a note at the beginning of each function, behind what must come first in the module."""
    module = ast.parse(code)
    for statement in module.body:
        for function, name in named(statement):
            function.body.insert(0, ast.parse(f"_reached({_named(file, name)!r})").body[0])
    first = sum(_comes_first(statement) for statement in module.body)
    module.body[first:first] = ast.parse(_NOTE.format(every=EVERY_MS, notes=str(notes))).body
    return ast.unparse(ast.fix_missing_locations(module)) + "\n"


def _comes_first(statement: ast.stmt) -> bool:
    is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_docstring or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__")
