"""What a report says about its run: versions and commit, and the pipeline that ran it.

Nothing here raises for lack of a tool or a package, and nothing secret is written.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from acceptance.masking import masked
from acceptance.profile import Profile
from acceptance.report.cleaning import clean
from acceptance.whole_file import write_whole

_PACKAGES = ("behave", "boto3", "ministack", "allure-behave")
_COMMIT_VARIABLES = ("GITHUB_SHA", "CI_COMMIT_SHA")
_GIT_PATIENCE_S = 5.0


def write(results_dir: Path, environment: Mapping[str, str]) -> None:
    """Write `environment` and, in a pipeline, its data, where Allure's report looks for them."""
    results_dir.mkdir(parents=True, exist_ok=True)
    lines = [f"{_escape(name, key=True)}={_escape(value)}\n" for name, value in environment.items()]
    write_whole(results_dir / "environment.properties", "".join(lines).encode("utf-8"))
    about = executor(os.environ)
    if about:
        text = json.dumps(masked(about), ensure_ascii=False, indent=2)
        write_whole(results_dir / "executor.json", f"{text}\n".encode())


def read_back(results_dir: Path) -> dict[str, str]:
    """Return the environment that `write` has written; nothing if it cannot be read."""
    try:
        lines = (results_dir / "environment.properties").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (re.match(r"((?:\\.|[^\\=])*)=(.*)", line) for line in lines)
    return {_unescaped(pair[1]): _unescaped(pair[2]) for pair in pairs if pair}


def of_the_suite() -> dict[str, str]:
    """Return facts about the suite itself: versions, and the commit."""
    return {**versions(), "Commit": commit()}


def of_profiles(profiles: Iterable[Profile]) -> dict[str, str]:
    """Return the tested deployments, as far as profiles describe them."""
    told = [f"{one.name or one.system} ({one.file})" for one in profiles]
    return {"Profile": ", ".join(told)} if told else {}


def of_systems(systems: Iterable[str], templates: Mapping[str, str]) -> dict[str, str]:
    """Return the tested systems, and the template that each was deployed from, if any."""
    told = [f"{name} ({_from_here(templates[name])})" if templates.get(name) else name for name in systems]
    return {"Systems": ", ".join(told)}


def _from_here(path: str) -> str:
    """Return a path as users know it here; for one elsewhere its folder and its name."""
    place = Path(path)
    if place.is_absolute():
        here = Path.cwd()
        place = place.relative_to(here) if place.is_relative_to(here) else Path(*place.parts[-2:])
    return place.as_posix()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages a run rests on; absent ones are left out."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit(folder: Path | None = None) -> str:
    """Return the short hash of the tested commit, “with changes” if the checkout has any, or “unknown”."""
    short = _git(["rev-parse", "--short", "HEAD"], folder)
    if short:
        changes = _git(["status", "--porcelain", "--untracked-files=no"], folder)
        return f"{short} with changes" if changes else short
    for variable in _COMMIT_VARIABLES:
        if os.environ.get(variable):
            return os.environ[variable][:8]
    return "unknown"


def full_commit(folder: Path) -> str:
    """Return the whole hash of the tested commit, as `commit` does: a short one depends on the checkout."""
    whole = _git(["rev-parse", "HEAD"], folder)
    if whole:
        changes = _git(["status", "--porcelain", "--untracked-files=no"], folder)
        return f"{whole} with changes" if changes else whole
    return next((os.environ[name] for name in _COMMIT_VARIABLES if os.environ.get(name)), "unknown")


def executor(variables: Mapping[str, str]) -> dict[str, str | int]:
    """Describe the pipeline in Allure's words, from its own variables; empty outside a pipeline."""
    if variables.get("GITHUB_ACTIONS"):
        server, repository = variables.get("GITHUB_SERVER_URL", ""), variables.get("GITHUB_REPOSITORY", "")
        url = f"{server}/{repository}/actions/runs/{variables.get('GITHUB_RUN_ID', '')}"
        number, name = variables.get("GITHUB_RUN_NUMBER", ""), variables.get("GITHUB_WORKFLOW", "")
        return _described("GitHub Actions", "github", url, number, name)
    if variables.get("GITLAB_CI"):
        url, number = variables.get("CI_PIPELINE_URL", ""), variables.get("CI_PIPELINE_IID", "")
        return _described("GitLab CI", "gitlab", url, number, variables.get("CI_PROJECT_PATH", ""))
    return {}


def _described(system: str, kind: str, url: str, number: str, name: str) -> dict[str, str | int]:
    about: dict[str, str | int] = {"name": system, "type": kind, "buildName": f"{name} #{number}"}
    if url.startswith("https://") or url.startswith("http://"):
        about["buildUrl"] = url
    if number.isdigit():
        about["buildOrder"] = int(number)
    return about


def _git(arguments: list[str], folder: Path | None) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            [git, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_GIT_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1]), text)


def _escape(text: str, key: bool = False) -> str:
    """Escape a key or a value for a Java properties file, Allure's format."""
    text = clean(str(text)).replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    if key:
        for mark in " :=#!":
            text = text.replace(mark, f"\\{mark}")
    elif text.startswith(" "):
        text = f"\\{text}"
    return text
