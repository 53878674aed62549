"""The files of steps/: a system's are loaded when one of its features is read, those at the top for every run.

steps/<system>/ belongs to the features in features/<system>/. A system that is installed as a package has its own
files in the folder `steps` of the package.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from behave import register_type
from behave.runner import Runner
from behave.step_registry import AmbiguousStep

from acceptance.behave_adapter import refusing_sentences, sentences, show_usage_by_system
from acceptance.registry import folder_of, known
from acceptance.report.nearest import shown
from acceptance.sentence_types import TYPES
from acceptance.system import system_of
from acceptance.trouble import Trouble

STEPS = "steps"
# A project's environment.py may have this hook too: it is called before the steps and the features are read.
BEFORE_READING = "before_reading"


class Refused(Exception):
    """The run cannot begin. The reasons are sentences."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))


class RunnerBySystem(Runner):
    """behave's runner, in which each system has step definitions of its own. See the module's head."""

    def load_hooks(self, filename: str | None = None) -> None:
        """Load environment.py, and call its hook `before_reading(config)`, if it has one, before all others."""
        super().load_hooks(filename)
        begin = self.hooks.get(BEFORE_READING)
        if begin:
            begin(self.config)

    def load_step_definitions(self, extra_step_paths: Any = None) -> None:
        """Load the steps that all systems share; a run that only reads steps loads all of them."""
        steps_by_system(Path(self.base_dir, self.config.steps_dir))
        with loading("the steps", self.base_dir):
            super().load_step_definitions(extra_step_paths)
        if self.config.dry_run or any(STEPS in str(name) for name in self.config.format or ()):
            show_usage_by_system()
            for system in sorted(known()):
                sentences().need(system)


def steps_by_system(home: Path) -> None:
    """Give each system sentences of its own, from its folder in `home` or in its package, with any runner."""

    def load(system: str) -> None:
        folder = home / system if (home / system).is_dir() else folder_of(system) / STEPS
        if folder.is_dir():
            with loading("the steps", home.parent, folder), _modules_apart(folder):
                sentences().load_from(folder, system)

    register_type(**TYPES)  # behave forgets types when it runs again
    sentences().divide(_system_or_none, load)


def _system_or_none(filename: str) -> str:
    try:
        return system_of(filename)
    except Trouble:  # another project's features, which need no system
        return ""


@contextmanager
def _modules_apart(folder: Path) -> Iterator[None]:
    """Let each system's steps import the modules beside them, though another system's have the same names."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).parent == folder:
                del sys.modules[name]


@contextmanager
def loading(what: str, *homes: str | Path) -> Iterator[None]:
    """Report, in a sentence, what cannot be loaded: where that is, as near as these folders go, and why."""

    def refuse(sentence: Any, error: Exception) -> None:
        raise Refused(f"{at(sentence.location)}: The sentence “{sentence.pattern}” cannot be read: {error}.") from None

    try:
        with refusing_sentences(refuse):
            yield
    except AmbiguousStep as error:
        why = " ".join(str(error).split())
        raise Refused(f"{_place(error, homes)}: There is such a sentence already: {why}.") from None
    except (Refused, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - the file may raise anything
        why = f"{type(error).__name__}: {getattr(error, 'msg', None) or error}"
        raise Refused(f"{_place(error, homes)}: This keeps {what} from being loaded: {why}.") from None


def at(location: Any) -> str:
    """Return a place as people write it: file and line."""
    return f"{shown(location.filename)}:{location.line}"


def _place(error: Exception, homes: tuple[str | Path, ...]) -> str:
    """Return file and line of an exception, as near to its cause as the suite's own folders go."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shown(error.filename)}:{error.lineno}"
    frames = [(Path(frame.filename).resolve(), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    own = [
        (path, line)
        for path, line in frames
        if any(path.is_relative_to(Path(home).resolve()) for home in homes) and not _is_machinery(path)
    ]
    path, line = own[-1] if own else (Path(homes[0]), 0)
    return f"{shown(str(path))}:{line}"


def _is_machinery(path: Path) -> bool:
    return "site-packages" in path.parts or bool(
        re.search(r"/acceptance/(runner/|behave_adapter\.py)", path.as_posix())
    )
