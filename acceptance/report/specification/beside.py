"""The specification of a run: its contents are kept beside its results, its page beside its report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from acceptance.report.render import ALLURE, mark_of
from acceptance.report.results import results_in
from acceptance.report.specification.contents import SPECIFICATION, Specification
from acceptance.report.specification.ids import PAGE
from acceptance.report.specification.outcomes import outcomes_in
from acceptance.report.specification.page import page
from acceptance.report.specification.reading import read
from acceptance.system import system_of
from acceptance.whole_file import write_whole


def keep_specification(run: Any) -> None:
    """Keep the features of a run's systems beside its results: all of them, including those that did not run.

    In a rerun of some scenarios the systems of the whole run are kept.
    """
    if run.folder is None or run.results is None or not run.selected:
        return
    specification = read(_folders(scenario.filename for scenario in run.selected.values()), run.config)
    earlier = SPECIFICATION.read(run.results) if run.earlier else None
    if earlier:
        new = {system.name: system for system in specification.systems}
        old = {system.name: system for system in earlier.systems}
        specification = Specification(list({**old, **new}.values()))
    run.folder.put(SPECIFICATION.file, SPECIFICATION.as_json(specification))


def write_specification(results: Path, output: Path) -> None:
    """Write the page of a run beside its report, or remove an older one if the run has kept no specification."""
    specification, file = SPECIFICATION.read(results), output / PAGE
    if specification is None:
        file.unlink(missing_ok=True)
    else:
        allure = ALLURE if (output / ALLURE).exists() else ""
        write_whole(file, page(specification, outcomes_in(results), allure).encode("utf-8"))


def places_in(results: Path) -> Mapping[str, str]:
    """Return each result's place in the specification, by Allure's name of the result.

    A scenario's last result comes last. There are none if the run has kept no specification.
    """
    specification = SPECIFICATION.read(results)
    places = specification.places() if specification else {}
    read = results_in(results, lambda one: (int(one.get("stop", 0)), mark_of(one), places.get(one["fullName"])))
    return {mark: place for _, mark, place in sorted(read, key=lambda one: one[0]) if place}


def _folders(files: Iterable[str]) -> Mapping[str, Path]:
    """Return the folders of the systems that feature files are about, by the systems' names."""
    found = {}
    for file in dict.fromkeys(map(str, files)):
        name = system_of(file)
        if name not in found:
            found[name] = next(folder for folder in Path(file).absolute().parents if folder.name == name)
    return dict(sorted(found.items()))
