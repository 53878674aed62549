"""`python -m website`: build the site, and check its links. Makes no network requests."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from acceptance.root import ROOT
from website.building import NotBuilt, build


def main() -> int:
    """Build, and print the path of the first page. Return 1, with the reasons on stderr, if that fails."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "reports" / "site", help="default: %(default)s")
    try:
        page = build(parser.parse_args().output)
    except NotBuilt as why:
        sys.stderr.write(f"{why}\nThe site was not built.\n")
        return 1
    sys.stdout.write(f"{page}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
