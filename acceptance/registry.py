"""Where the systems of a run are: packages in `support/`, and installed ones.

Finding them imports nothing of a system. acceptance.system says what a system must offer.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from acceptance.trouble import Trouble

HOME = "support"  # the package of a repository's systems
ENTRY_POINTS = "acceptance.systems"


@cache
def known() -> Mapping[str, str | EntryPoint]:
    """Return the path of each system's class, by the system's name. Nothing of a system is imported for that."""
    installed: dict[str, str | EntryPoint] = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    home = importlib.util.find_spec(HOME)
    if home is None or home.submodule_search_locations is None:
        return installed
    for package in pkgutil.iter_modules(home.submodule_search_locations):
        if any((Path(folder) / package.name / "system.py").is_file() for folder in home.submodule_search_locations):
            installed[package.name] = f"{HOME}.{package.name}.system"
    return installed


def folder_of(name: str) -> Path:
    """Return the folder of a system's package, without importing it."""
    found = known()[name]
    module = found.module if isinstance(found, EntryPoint) else found
    package = importlib.util.find_spec(module.rpartition(".")[0])
    if package is None or not package.submodule_search_locations:
        raise Trouble(f"The system “{name}” is to be in {module}, and is not there.")
    return Path(next(iter(package.submodule_search_locations)))


def module_of(name: str, what: str) -> Any | None:
    """Return a module of a system's package, such as its settings; None if it has none."""
    found = known()[name]
    package = (found.module if isinstance(found, EntryPoint) else found).rpartition(".")[0]
    module = f"{package}.{what}"
    if module in sys.modules or importlib.util.find_spec(module):
        return importlib.import_module(module)
    return None
