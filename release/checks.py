"""The checks before a release. Each returns a sentence about what blocks it, and what to do."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

CHANGELOG = "CHANGELOG.md"
_PACKAGES = ("acceptance", "support")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_UNRELEASED = "Unreleased"
_MOST_NAMED = 5


@dataclass(frozen=True)
class Release:
    """A version to release from a checkout, and the day."""

    root: Path
    version: str
    today: date

    @classmethod
    def of(cls, root: Path, today: date) -> Release:
        """Return the version in pyproject.toml."""
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return cls(root, str(project["version"]), today)

    @property
    def tag(self) -> str:
        """The name of the version's tag."""
        return f"v{self.version}"

    @property
    def heading(self) -> str:
        """The heading of the version's section in the changelog."""
        return f"{self.version} ({self.today.isoformat()})"

    def problems(self) -> list[str]:
        """Return what blocks the release, apart from the gate; nothing if it can be released."""
        return [*self._version(), *self._tree(), *self._tags(), *self._changelog()]

    def notes(self) -> str:
        """Return the version's entries in the changelog."""
        return next((text for name, text in self._sections() if self._is_its_own(name)), "")

    def branch(self) -> str:
        """Return the current branch, "HEAD" if there is none."""
        return self._git("rev-parse", "--abbrev-ref", "HEAD").strip()

    def _version(self) -> Iterator[str]:
        if not _VERSION.fullmatch(self.version):
            yield f"The version in pyproject.toml is “{self.version}”: write three numbers, such as 1.0.0."

    def _tree(self) -> Iterator[str]:
        changed = [line[3:] for line in self._git("status", "--porcelain").splitlines()]
        if changed:
            more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
            yield f"Not everything is committed: {', '.join(changed[:_MOST_NAMED])}{more}. Commit it, or take it back."

    def _tags(self) -> Iterator[str]:
        tags = [tag for tag in self._git("tag", "--list", "v*").split() if _VERSION.fullmatch(tag[1:])]
        newest = max(tags, key=lambda tag: _numbers(tag[1:]), default="")
        if self.tag in tags:
            yield f"The tag {self.tag} exists already: raise the version in pyproject.toml."
        elif newest and _VERSION.fullmatch(self.version) and _numbers(self.version) < _numbers(newest[1:]):
            yield f"{self.version} is older than {newest}: raise the version in pyproject.toml."

    def _changelog(self) -> Iterator[str]:
        sections = self._sections()
        own = [name for name, _ in sections if self._is_its_own(name)]
        if not own:
            what = f"put “## {self.heading}” below “## {_UNRELEASED}”, above what the version brings."
            yield f"{CHANGELOG} has no section of {self.version}: {what}"
            return
        if own[0] != self.heading:
            yield f"The section “{own[0]}” in {CHANGELOG} should be called “{self.heading}”: it is released today."
        if not self.notes():
            yield f"The section “{own[0]}” in {CHANGELOG} is empty: say what the version brings."
        if any(name == _UNRELEASED and text for name, text in sections):
            yield f"{CHANGELOG} still has entries below “{_UNRELEASED}”: move them to {self.version}."
        released = [name for name, _ in sections if name != _UNRELEASED]
        if released[0] != own[0]:
            yield f"{CHANGELOG} has “{released[0]}” above the section of {self.version}: the newest one stands first."

    def _is_its_own(self, name: str) -> bool:
        return name == self.version or name.startswith(f"{self.version} ")

    def _sections(self) -> list[tuple[str, str]]:
        text = (self.root / CHANGELOG).read_text(encoding="utf-8")
        _, *parts = _SECTION.split(text)
        return [(name.strip(), body.strip()) for name, body in zip(parts[::2], parts[1::2], strict=True)]

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", *arguments],  # noqa: S607 - the git of whoever releases
            cwd=self.root,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def wheel_problems(root: Path) -> list[str]:
    """Build the package, and return a sentence if it lacks a file that is committed."""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        command = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, str(root)]
        done = subprocess.run(  # noqa: S603 - fixed arguments
            [sys.executable, "-m", "pip", *command], capture_output=True, encoding="utf-8", check=False
        )
        built = next(Path(folder).glob("*.whl"), None)
        if done.returncode != 0 or built is None:
            return [f"The package cannot be built: {done.stderr.strip().splitlines()[-1:] or 'pip does not say why'}."]
        with zipfile.ZipFile(built) as wheel:
            packed = set(wheel.namelist())
    lost = sorted(set(_committed(root)) - packed)
    return [f"The package lacks {', '.join(lost)}: name them in pyproject.toml, package-data."] if lost else []


def _committed(root: Path) -> Iterator[str]:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", "ls-files", *_PACKAGES],  # noqa: S607 - as above
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    yield from (name for name in done.stdout.splitlines() if not name.endswith("README.md"))
