"""`python -m acceptance new bookings`: the folders of a small system of your own, green at once."""

import argparse
import sys
from pathlib import Path

from acceptance.scaffold import new
from acceptance.trouble import Trouble


def main() -> int:
    """Carry out a command. Exit status: 0 if it was, 2 if it could not be."""
    parser = argparse.ArgumentParser(prog="python -m acceptance", description="Helps with systems of your own.")
    commands = parser.add_subparsers(dest="command", required=True)
    about_new = "write the folders of a small system, to be changed into your own"
    command = commands.add_parser("new", help=about_new, description=about_new.capitalize() + ".")
    command.add_argument("name", help="what the system is called, in the plural and in small letters: bookings")
    command.add_argument("--item", default="", help="what one of these is called; default: the name without its s")
    command.add_argument("--into", type=Path, default=Path(), help="the folder of the suite; default: this one")
    given = parser.parse_args()
    try:
        written = new(given.name, given.into, given.item)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)  # noqa: T201 - what a command has to say
        return 2
    print("\n".join(["Written:", *(f"  {path}" for path in written), "", "See it green:"]))  # noqa: T201
    python = Path(sys.executable)
    python = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    print(f"  {python} -m behave features/{given.name}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
