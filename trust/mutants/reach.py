"""Which features reach which functions of a system, by running each feature on an instrumented copy.

Each function of the copy appends its name to a file when it is called. This also covers killed programs and functions
in the cloud, which coverage tools do not see. Features run separately, because scenarios may share work.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from trust.mutants.functions import KIND, MODULE, named
from trust.mutants.mutant import Mutant
from trust.mutants.scenarios import Scenario

_NOTE = """
def _reached(function, _known=set()):
    if function not in _known:
        import os
        _known.add(function)
        file = os.open({notes!r}, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        os.write(file, f"{{function}}\\n".encode())
        os.close(file)
"""


@dataclass(frozen=True)
class Reach:
    """The functions that each feature reaches: by the feature's file, each as file and name (`app.py handler`)."""

    functions: Mapping[str, Set[str]]

    def of(self, mutant: Mutant, scenarios: Sequence[Scenario]) -> Sequence[Scenario]:
        """Return the scenarios that can notice a mutant, in the same order."""
        if mutant.kind != KIND or mutant.place[-1] == MODULE:
            return scenarios
        function = _named(mutant.file, mutant.place[-1])
        return [scenario for scenario in scenarios if function in self.functions.get(scenario.feature, ())]


def let_note(system: Path, files: Iterable[str], notes: Path) -> None:
    """Instrument each function in these files of a copy, so that its calls are recorded."""
    for file in files:
        path = system / file
        path.write_text(_noting(path.read_text(encoding="utf-8"), file, notes), encoding="utf-8")


def read_notes(notes: Path) -> Set[str]:
    """Return the functions that were called."""
    return frozenset(notes.read_text(encoding="utf-8").splitlines()) if notes.exists() else frozenset()


def _named(file: str, function: str) -> str:
    return f"{file} {function}"


def _noting(code: str, file: str, notes: Path) -> str:
    """Return the code with a recording call at the beginning of each function, defined after the module's header."""
    module = ast.parse(code)
    for statement in module.body:
        for function, name in named(statement):
            function.body.insert(0, ast.parse(f"_reached({_named(file, name)!r})").body[0])
    first = sum(_comes_first(statement) for statement in module.body)
    module.body[first:first] = ast.parse(_NOTE.format(notes=str(notes))).body
    return ast.unparse(ast.fix_missing_locations(module)) + "\n"


def _comes_first(statement: ast.stmt) -> bool:
    is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_docstring or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__")
