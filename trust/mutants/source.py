"""Every mutant of the systems: of their Python, and of the café's workflows and its template."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from acceptance.aws.deployment import load_template
from trust.mutants import functions, template, workflows
from trust.mutants.mutant import Mutant
from trust.system_copy import CAFE, SYSTEMS

SUFFIX = ".asl.json"


@dataclass(frozen=True)
class Code:
    """Where a system's Python lies (patterns, in its folder), and by which calls it writes its log."""

    files: Sequence[str]
    logs: Sequence[str] = functions.LOGS


CODE: Mapping[str, Code] = {
    CAFE: Code(["functions/*/app.py"]),
    "durable_orders": Code(["functions/*/app.py"], ["print", "_log"]),
    "retail": Code(["services/*.py"], ["self.log", "sys.stderr.write", "sys.stderr.flush"]),
    # The programs' output is part of their promises. fill.py is for manual use, and no feature covers it.
    "fulfilment": Code(["[!f]*.py", "desk/*.py"], []),
}
# The systems whose mutants are all caught or listed as equivalent. The gate draws only from these.
ANSWERED = (CAFE,)


@cache
def all_mutants(system: str) -> Sequence[Mutant]:
    """Return every mutant of a system, always in the same order."""
    folder = SYSTEMS / system
    made = [*_of_cloud(system, folder)] if system == CAFE else []
    for path in sorted(path for pattern in CODE[system].files for path in folder.glob(pattern)):
        module = path.parent.name if path.name == "app.py" else path.stem
        file, code = path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
        made += functions.mutants(system, module, file, code, CODE[system].logs)
    return tuple(made)


def _of_cloud(system: str, folder: Path) -> Iterator[Mutant]:
    for path in sorted((folder / "statemachines").glob(f"*{SUFFIX}")):
        text, file = path.read_text(encoding="utf-8"), path.relative_to(folder).as_posix()
        yield from workflows.mutants(system, path.name.removesuffix(SUFFIX), file, text)
    yield from template.mutants(system, load_template(folder / template.FILE))
