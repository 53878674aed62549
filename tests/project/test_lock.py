"""The locks: every package that gets installed has its version and its hashes there, and nothing else has."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from places import ROOT

KINDS = ("requirements", "requirements-load", "requirements-otel", "requirements-dev")


def wanted(kind):
    """What a requirement file names, and those that it includes."""
    lines = (ROOT / f"{kind}.txt").read_text(encoding="utf-8").splitlines()
    included = [one for line in lines if line.startswith("-r ") for one in wanted(line[3:].removesuffix(".txt"))]
    return included + [Requirement(line) for line in lines if line and line[0] not in "#-"]


def locked(kind):
    """The entries of a lock: what each one requires, and its hashes."""
    text = (ROOT / f"{kind}.lock").read_text(encoding="utf-8")
    entries = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(Requirement(required), hashes) for required, *hashes in (entry.split(" --hash=") for entry in entries)]


def needed(names, extras=()):
    """These packages and, as they say themselves where they are installed, all that they need here."""
    found, ahead = set(), [(canonicalize_name(name), tuple(extras)) for name in names]
    while ahead:
        name, extras = ahead.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        for text in metadata.requires(name) or []:
            one = Requirement(text)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                ahead.append((canonicalize_name(one.name), tuple(sorted(one.extras))))
    return {name for name, _ in found}


@pytest.mark.parametrize("kind", KINDS)
def test_every_requirement_is_locked_at_its_version(kind):
    there = {canonicalize_name(one.name): str(one.specifier) for one, _ in locked(kind)}
    differ = [str(one) for one in wanted(kind) if there.get(canonicalize_name(one.name)) != str(one.specifier)]
    assert not differ, f"{kind}.lock has no {', '.join(differ)}, {kind}.txt has: run `make lock`"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_locked_is_all_that_is_needed_here_and_nothing_else(kind):
    here = {canonicalize_name(one.name) for one, _ in locked(kind) if one.marker is None or one.marker.evaluate()}
    assert here == needed(one.name for one in wanted(kind)), "run `make lock`"


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_has_one_version_and_hashes_and_no_address(kind):
    for one, hashes in locked(kind):
        assert re.fullmatch(r"==[^*,]+", str(one.specifier)), one
        assert one.url is None
        assert hashes, one
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", text.strip()) for text in hashes), one
    text = (ROOT / f"{kind}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^(-|--\w)", text, re.MULTILINE), "an option, such as an index of the machine that wrote it"


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_run_needs_is_the_same_in_all_locks(kind):
    """What else is needed may need a package on more systems than a run does; then its markers differ."""

    def versions(of):
        return {f"{one.name}{one.specifier}": hashes for one, hashes in locked(of)}

    assert versions(kind).items() <= versions("requirements-dev").items()


def test_the_extra_has_the_versions_of_its_lock():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(extras["load"]) <= set(map(str, wanted("requirements-load")))
    assert sorted(extras["otel"]) == sorted(map(str, wanted("requirements-otel")))
    assert set(extras["otel-grpc"]) <= set(map(str, wanted("requirements-dev")))


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_no_package_is_locked_twice_for_one_python(python, system):
    """Two versions of one package exclude each other by their markers."""
    where = {"python_version": python, "python_full_version": f"{python}.1", "sys_platform": system}
    names = [
        canonicalize_name(one.name)
        for one, _ in locked("requirements-dev")
        if one.marker is None or Marker(str(one.marker)).evaluate(where)
    ]
    assert len(names) == len(set(names))
