"""behave's runner, which first checks whether everything it was asked to run would run, and be worth running.

Parts that would be lost, a path that does not exist, and steps that cannot be loaded are reported in a sentence each,
with file and line; nothing is started then, and an earlier run's results are kept.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from behave.exception import ConfigError, FileNotFoundError, InvalidFilenameError
from behave.runner import Context

from acceptance.behave_adapter import features_at, formatters_of, sentences
from acceptance.report import memory
from acceptance.report.feature_check import faults_of, without_check
from acceptance.report.feature_files import not_read
from acceptance.report.nearest import matching, nearest_path, shown
from acceptance.report.run import Run
from acceptance.report.selection import identities, is_selected
from acceptance.report.verdicts import sentence, undefined
from acceptance.runner.division import divide
from acceptance.runner.step_files import Refused, RunnerBySystem, at, loading
from acceptance.trouble import Trouble

# A project in whose environment.py this is True requires a Then in each scenario.
EACH_CHECKS = "EACH_SCENARIO_CHECKS"


class Checked(RunnerBySystem):
    """Refuses a run of which a part would silently be left out. See the module's head."""

    def run(self) -> bool:
        """Run, or report why not; return whether anything has failed."""
        self.config.show_snippets = False  # a suggestion helps more, and is printed instead
        try:
            failed = bool(super().run())
        except Refused as refused:
            sys.stdout.write(f"{refused}\n")
            return True
        except (MemoryError, RuntimeError, OSError) as error:
            known = memory.in_words(error)
            if known is error:
                raise
            sys.stdout.write(f"{known}\n")
            return True
        if self.config.dry_run:
            for step in dict.fromkeys(self.undefined_steps):
                sys.stdout.write(f"{at(step.location)}: {undefined(step)}\n")
        return failed

    def setup_paths(self) -> None:
        """Find the folder with the steps, above the first path."""
        first = str(self.config.paths[0]) if self.config.paths else ""
        try:
            super().setup_paths()
        except FileNotFoundError as missing:
            raise Refused(_no_such(str(missing), Path.cwd())) from None
        except ConfigError as error:
            place = re.sub(r":\d+$", "", first.removeprefix("@"))
            raise Refused(f"{error}." if Path(place or ".").exists() else _no_such(place, Path.cwd())) from None
        except (OSError, UnicodeError) as error:
            raise Refused(f"A list of features cannot be read: {error}.") from None

    def run_with_paths(self) -> bool:
        """Read everything, check it, and run it."""
        self.context = Context(self)
        try:
            empty = self._read()
        except KeyboardInterrupt:
            raise Refused("The run was interrupted before it began.") from None
        return self._run_shard(empty)

    def _read(self) -> bool:
        """Read everything, and check it. Return whether nothing of it is to be run."""
        with loading("environment.py", self.base_dir):
            self.load_hooks()
        self.load_step_definitions()
        locations = self._locations()
        self.features.extend(features_at(locations, self.config.lang))
        self._look_at_features()
        self.formatters = formatters_of(self.config)
        return self._divided()

    def _divided(self) -> bool:
        """Leave out the scenarios of other shards, if this is a shard, and report it. Return whether none is left."""
        try:
            sys.stdout.write(divide(self.features, self.config))
        except Trouble as trouble:
            raise Refused(str(trouble)) from None
        shard = Run.of(self.config).shard
        return bool(shard and shard.plan and not shard.keys)

    def _run_shard(self, empty: bool) -> bool:
        """Run everything, and record how it ended if this is a shard; an `empty` one brings nothing up."""
        run = Run.of(self.config)
        if empty:
            run.begin()
            for formatter in self.formatters:
                formatter.close()
        failed = not empty and bool(self.run_model())
        run.keep_shard(failed=failed)
        return failed

    def _locations(self) -> Sequence[Any]:
        """Return the requested features, in files that can be read as they are."""
        try:
            found = self.feature_locations()
        except FileNotFoundError as missing:
            raise Refused(_no_such(str(missing), Path(self.base_dir))) from None
        except InvalidFilenameError as other:
            if not Path(str(other)).exists():
                raise Refused(_no_such(str(other), Path(self.base_dir))) from None
            raise Refused(f"{other} is no feature file: its name does not end with “.feature”.") from None
        except (OSError, UnicodeError) as error:
            raise Refused(f"A list of features cannot be read: {error}.") from None
        locations = [one for one in found if not self.config.exclude(one)]
        folders = [path for path in self.config.paths if Path(path).is_dir()]
        faults = [told for folder in folders for told in not_read(folder, self.config.exclude)]
        for name in dict.fromkeys(one.filename for one in locations):
            wanted = [one.line for one in locations if one.filename == name and one.line]
            faults += self._faults_of(name, max(wanted, default=0))
        if faults:
            raise Refused(*faults)
        return locations

    def _faults_of(self, name: str, last_line: int) -> Sequence[str]:
        try:
            content = Path(name).read_bytes()
        except IsADirectoryError:
            return [f"{shown(name)} is a folder, and a list names files: name those in it."]
        except OSError as error:
            if not os.path.lexists(name):
                return [_no_such(name, Path(self.base_dir))]
            return [f"{shown(name)} cannot be read: {error.strerror}."]
        faults = faults_of(content, self.config.lang, lambda text: bool(matching(text, sentences().known_to(name))))
        told = [f"{shown(name)}:{fault.line}: {fault.sentence}" for fault in faults]
        length = content.count(b"\n") + 1
        if last_line > length:
            told.append(f"{shown(name)}:{last_line}: There is no such line: the file has {length}.")
        return told

    def _look_at_features(self) -> None:
        faults, times = [], Counter[str]()
        texts: dict[tuple[str, str, str], Any] = {}
        for feature in self.features:
            selected = [(one, name) for one, name in identities(feature, self.config) if is_selected(one, self.config)]
            times.update(name.key for _, name in selected)
            if self.hooks.get(EACH_CHECKS):
                empty = without_check([one for one, _ in selected])
                faults += [f"{shown(feature.filename)}:{fault.line}: {fault.sentence}" for fault in empty]
            for step in (step for one, _ in selected for step in one.all_steps):
                texts.setdefault((sentences().system_of(step.filename), step.step_type, step.name), step)
        faults += [f"{key}: It was named {count} times: name it once." for key, count in times.items() if count > 1]
        faults += [told for step in texts.values() for told in _ambiguous(step)]
        if faults:
            raise Refused(*faults)


def _ambiguous(step: Any) -> Iterator[str]:
    found = matching(step.name, sentences().known_to(step.filename), (step.step_type, "step"))
    if len(found) > 1:
        places = " and ".join(f"“{one.pattern}” ({at(one.location)})" for one in found)
        yield f"{at(step.location)}: “{sentence(step)}” fits several sentences, {places}: change one of them."


def _no_such(path: str, home: Path) -> str:
    place = re.sub(r":\d+$", "", path)
    return f"There is no {shown(place)}.{nearest_path(place, home)}"
