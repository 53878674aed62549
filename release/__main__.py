"""`python -m release`: check whether the version in pyproject.toml can be released, and print how. Changes nothing.

Everything that blocks the release is printed at once. The gate runs last, because it takes minutes; a dry run skips it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from datetime import UTC, datetime

from acceptance.root import ROOT
from release.checks import Release, wheel_problems

_NOTES = ROOT / "build" / "release-notes.md"


def main() -> int:
    """Check, and return 0 if the version can be released, 1 with the reasons on stderr if not."""
    parser = argparse.ArgumentParser(prog="python -m release", description=__doc__)
    parser.add_argument(
        "--dry-run", action="store_true", help="skip the gate, and list everything that blocks the release"
    )
    dry = parser.parse_args().dry_run
    try:
        release = Release.of(ROOT, datetime.now(UTC).date())
        problems = [*release.problems(), *wheel_problems(ROOT)]
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(
            f"The release cannot be checked: {error}. It is made from a clone of the repository, with git.\n"
        )
        return 1
    if problems:
        sys.stderr.write("\n".join([*problems, f"{release.version} cannot be released yet.\n"]))
        return 1
    if not dry:
        sys.stdout.write("All but the gate is in order; now the gate (make check).\n")
        sys.stdout.flush()
        if subprocess.run(["make", "check"], cwd=ROOT, check=False).returncode != 0:  # noqa: S607 - from a Makefile
            sys.stderr.write(f"The gate failed, so {release.version} cannot be released yet.\n")
            return 1
        changed = release.problems()
        if changed:
            sys.stderr.write("\n".join([*changed, "Something changed while the gate ran.\n"]))
            return 1
    _NOTES.parent.mkdir(exist_ok=True)
    _NOTES.write_text(f"{release.version}\n\n{release.notes()}\n", encoding="utf-8")
    print(_how(release, dry))
    return 0


def _how(release: Release, dry: bool) -> str:
    first = "would be released" if dry else "can be released: every check passed"
    return "\n".join(
        [
            f"{release.version} {first}." + (" The gate was left out (--dry-run)." if dry else ""),
            "",
            f"  git tag --annotate {release.tag} --file {_NOTES.relative_to(ROOT)} --cleanup=whitespace",
            f"  git push origin {release.branch()} {release.tag}",
            "",
            "Afterwards, put “## Unreleased” on top of CHANGELOG.md again.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
