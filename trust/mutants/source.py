"""Every mutant of the system: of its workflows, its template and its functions."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from acceptance.aws.deployment import load_template
from trust.mutants import functions, template, workflows
from trust.mutants.mutant import Mutant
from trust.system_copy import CAFE, SYSTEMS

SUFFIX = ".asl.json"


@cache
def all_mutants(system: Path = SYSTEMS / CAFE) -> Sequence[Mutant]:
    """Make every mutant, always in the same order."""
    made: list[Mutant] = []
    for path in sorted((system / "statemachines").glob(f"*{SUFFIX}")):
        text = path.read_text(encoding="utf-8")
        made += workflows.mutants(path.name.removesuffix(SUFFIX), str(path.relative_to(system)), text)
    made += template.mutants(load_template(system / template.FILE))
    for path in sorted((system / "functions").glob("*/app.py")):
        code = path.read_text(encoding="utf-8")
        made += functions.mutants(path.parent.name, str(path.relative_to(system)), code)
    return tuple(made)
