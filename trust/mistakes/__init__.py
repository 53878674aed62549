"""Typical mistakes of developers, each as a patch of a system: `trust/mistakes/<system>/<name>.patch`.

The lines before the patch describe the mistake, its kind in docs/kinds-of-faults.md, and the scenario that notices it:

    # A page that is not in the list ends the User Service.
    # kind: poison
    # noticed by: enrichment › A page that the shop does not list
    # words: it has ended with status 1
    --- a/systems/retail/services/user_service.py

`noticed by` is a feature's file and the beginning of a scenario's name. Its message contains `words` (may be repeated).
`options` for behave replace the usual ones of the system. With `quiet: yes` it runs with the machine to itself.
`git apply FILE` plants a mistake by hand, `git apply -R FILE` removes it.
"""

import os
import shlex
import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trust.faults.fault import Fault

HERE = Path(__file__).parent
LINES = ("kind", "noticed by", "words", "options", "quiet")
USUAL: Mapping[str, tuple[str, ...]] = {
    "durable_orders": ("-D", "durable_wait=2", "-D", "patience=10"),
    "fulfilment": ("-D", "fulfilment_answer=10"),
}
STRIPPED = 3  # a/systems/<system>


@dataclass(frozen=True)
class Patch:
    """A patch of a system, as `git diff` writes it from the repository's root."""

    file: Path

    def apply(self, system: Path) -> None:
        """Patch the copy of a system. Fails if the patch does not apply."""
        done = subprocess.run(
            ["git", "apply", f"-p{STRIPPED}", str(self.file)],  # noqa: S607 - the git that somebody has installed
            cwd=system,
            env={**os.environ, "GIT_CEILING_DIRECTORIES": str(system.parent)},  # a copy is in no repository
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{self.file.name} does not fit any more: {done.stderr}"


@dataclass(frozen=True)
class Mistake(Fault):
    """A fault that is planted by a patch, of one of the kinds in docs/kinds-of-faults.md."""

    kind: str = ""


def read_mistakes(folder: Path = HERE) -> Sequence[Mistake]:
    """Read every mistake. Raises ValueError with the file if its first lines are incomplete."""
    return [_read(file) for file in sorted(folder.glob("*/*.patch"))]


def _read(file: Path) -> Mistake:
    head, _, _ = file.read_text(encoding="utf-8").partition("\n--- ")
    what, *lines = [line.removeprefix("# ") for line in head.splitlines() if line.startswith("# ")] or [""]
    told: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        name, _, value = line.partition(": ")
        told[name].append(value)
    feature, _, scenario = "".join(told["noticed by"]).partition(" › ")
    if set(told) - {*LINES} or not (what and "".join(told["kind"]) and scenario and told["words"]):
        raise ValueError(f"{file}: its first lines must say what is wrong, then {', '.join(LINES[:3])}.")
    system = file.parent.name
    return Mistake(
        system,
        file.stem.replace("-", " "),
        (Patch(file),),
        feature,
        scenario,
        tuple(told["words"]),
        options=tuple(shlex.split(told["options"][0])) if told["options"] else USUAL.get(system, ("-D", "patience=5")),
        quiet=bool(told["quiet"]),
        kind=told["kind"][0],
    )
