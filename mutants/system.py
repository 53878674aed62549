"""Copies of the system, to be changed, and behave's surroundings for a run against one of them."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
SYSTEM = ROOT / "systems" / "serverlesspresso"
TEMPLATE = "template.yaml"


def copy_of_the_cafe(folder: Path) -> Path:
    """Copy the café that is shipped here into a folder and return the copy."""
    return copy_of(SYSTEM, folder)


def copy_of(system: Path, folder: Path) -> Path:
    """Copy a system that is shipped here into a folder and return the copy."""
    return Path(shutil.copytree(system, folder / system.name, ignore=shutil.ignore_patterns("__pycache__")))


def surroundings(folder: Path, *modules: Path) -> dict[str, str]:
    """Prepare a folder for behave to run in, and return the environment for it.

    behave adds formatters from its command line to those of behave.ini and cannot replace them. So the folder gets a
    copy of that file, whose relative paths lead to there. The environment is the caller's without the caller's
    settings of the suite; `modules` are further folders to import from.
    """
    shutil.copy(ROOT / "behave.ini", folder)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ACCEPTANCE_", "CAFE_"))}
    path = os.pathsep.join(map(str, (ROOT, *modules)))
    return {**inherited, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
