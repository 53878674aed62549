"""`python -m acceptance`: look at a deployment, adopt or watch one, begin a system, or write the specification."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from acceptance import doctor
from acceptance.adoption import command as adoption
from acceptance.report.specification import command as specification
from acceptance.scaffold import new
from acceptance.step_catalogue import command as steps
from acceptance.trouble import Trouble
from acceptance.watching import command as watching


def main() -> int:
    """Carry out a command, and return its exit status: 0 if it was, 2 if it could not be."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance", description="Examine deployed systems, and create new ones."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_new(commands)
    about = "check whether a deployed system can be tested, without running anything"
    command = commands.add_parser("doctor", help=about, description=doctor.ABOUT, epilog=doctor.EXIT)
    doctor.options(command)
    command.add_argument("--json", action="store_true", help="write JSON instead of text")
    about = "run a deployed system's features once, and propose its profile"
    command = commands.add_parser("adopt", help=about, description=adoption.ABOUT, epilog=adoption.EXIT)
    adoption.options(command)
    about = "write what the features promise as one HTML page, without a run"
    command = commands.add_parser("specification", help=about, description=specification.ABOUT)
    specification.options(command)
    about = "print each sentence that features may use, with an example and its uses"
    command = commands.add_parser("steps", help=about, description=steps.ABOUT)
    steps.options(command)
    about = "run a few scenarios every few minutes against a deployed system"
    command = commands.add_parser("watch", help=about, description=watching.ABOUT, epilog=watching.EXIT)
    watching.options(command)
    given = parser.parse_args()
    try:
        return _COMMANDS[given.command](given)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)  # noqa: T201 - what a command has to say
        return 2


def _add_new(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = "create a small system as a starting point for your own"
    command = commands.add_parser("new", help=about, description=about.capitalize() + ".")
    command.add_argument("name", help="the system's name, a lower-case plural: bookings")
    command.add_argument(
        "--item", default="", help="the name of one item; default: the system's name without the final s"
    )
    command.add_argument("--into", type=Path, default=Path(), help="the folder of the suite; default: this one")


def _new(given: argparse.Namespace) -> int:
    written = new(given.name, given.into, given.item)
    print("\n".join(["Written:", *(f"  {path}" for path in written), "", "See it green:"]))  # noqa: T201
    python = Path(sys.executable)
    python = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    print(f"  {python} -m behave features/{given.name}")  # noqa: T201
    return 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "new": _new,
    "doctor": doctor.doctor,
    "adopt": adoption.adopt,
    "specification": specification.specification,
    "steps": steps.steps,
    "watch": watching.watch,
}


if __name__ == "__main__":
    sys.exit(main())
