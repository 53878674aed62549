"""A version is released only from a clean tree, with its own section in the changelog, and once."""

import subprocess
from datetime import date

import pytest
from places import ROOT

from release.checks import Release

TODAY = date(2026, 11, 28)
CHANGELOG = """\
# Changelog

## Unreleased

## 1.0.0 (2026-11-28)

- The first.

## 0.9.0 (2026-10-01)

- Before.
"""


@pytest.fixture
def checkout(tmp_path):
    """A committed checkout that can be released, and how to change it."""

    def git(*arguments):
        named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *named, *arguments], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607

    def change(version="1.0.0", changelog=CHANGELOG, tags=("v0.9.0",)):
        (tmp_path / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n', encoding="utf-8")
        (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
        git("add", "--all")
        git("commit", "--allow-empty", "--message", "all")
        for tag in tags:
            git("tag", tag)
        return Release.of(tmp_path, TODAY)

    git("init", "--initial-branch", "main")
    return change


def test_a_version_in_order_can_be_released(checkout):
    release = checkout()
    assert release.problems() == []
    assert (release.tag, release.notes(), release.branch()) == ("v1.0.0", "- The first.", "main")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": "1.0"}, "The version in pyproject.toml is “1.0”: write three numbers, such as 1.0.0."),
        ({"tags": ("v1.0.0",)}, "The tag v1.0.0 exists already: raise the version in pyproject.toml."),
        ({"tags": ("v1.10.0", "v1.9.0")}, "1.0.0 is older than v1.10.0: raise the version in pyproject.toml."),
        (
            {"changelog": CHANGELOG.replace("1.0.0 (", "1.0.1 (")},
            "CHANGELOG.md has no section of 1.0.0: put “## 1.0.0 (2026-11-28)” below “## Unreleased”, "
            "above what the version brings.",
        ),
        (
            {"changelog": CHANGELOG.replace("11-28", "11-20")},
            "The section “1.0.0 (2026-11-20)” in CHANGELOG.md should be called “1.0.0 (2026-11-28)”: "
            "it is released today.",
        ),
        (
            {"changelog": CHANGELOG.replace("- The first.\n", "")},
            "The section “1.0.0 (2026-11-28)” in CHANGELOG.md is empty: say what the version brings.",
        ),
        (
            {"changelog": CHANGELOG.replace("Unreleased\n", "Unreleased\n\n- One more.\n")},
            "CHANGELOG.md still has entries below “Unreleased”: move them to 1.0.0.",
        ),
        (
            {"changelog": CHANGELOG.replace("## Unreleased", "## 2.0.0 (2026-11-28)\n\n- Later.")},
            "CHANGELOG.md has “2.0.0 (2026-11-28)” above the section of 1.0.0: the newest one stands first.",
        ),
    ],
)
def test_what_is_in_the_way_is_said_in_a_sentence(checkout, change, problem):
    assert problem in checkout(**change).problems()


def test_what_is_not_committed_is_named(checkout, tmp_path):
    release = checkout()
    for number in range(7):
        (tmp_path / f"{number}.txt").write_text("new", encoding="utf-8")
    (problem,) = release.problems()
    assert problem == (
        "Not everything is committed: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 2 more. Commit it, or take it back."
    )


def test_the_project_names_a_version_that_can_be_released():
    assert [problem for problem in Release.of(ROOT, TODAY).problems() if "three numbers" in problem] == []
