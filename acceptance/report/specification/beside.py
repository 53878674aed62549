"""The specification of a run: its contents are kept beside its results, its page beside its report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from acceptance.report.results_folder import write_whole
from acceptance.report.specification.contents import SPECIFICATION, Specification
from acceptance.report.specification.ids import PAGE
from acceptance.report.specification.outcomes import outcomes_in
from acceptance.report.specification.page import page
from acceptance.report.specification.reading import read
from acceptance.system import system_of


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
        write_whole(file, page(specification, outcomes_in(results)).encode("utf-8"))


def _folders(files: Iterable[str]) -> Mapping[str, Path]:
    """Return the folders of the systems that feature files are about, by the systems' names."""
    found = {}
    for file in dict.fromkeys(map(str, files)):
        name = system_of(file)
        if name not in found:
            found[name] = next(folder for folder in Path(file).absolute().parents if folder.name == name)
    return dict(sorted(found.items()))
