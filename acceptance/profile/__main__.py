"""`python -m acceptance.profile SYSTEM`: print the JSON schema of a system's profile, for editors."""

import argparse
import sys

from acceptance.profile.schema import FILE, FOLDER, schema_of
from acceptance.trouble import Trouble


def main() -> int:
    """Print the schema. Exit status: 0 if it was printed, 2 if not."""
    about = f"Print the JSON schema of a system's profile. The shipped schemas are in {FOLDER}/SYSTEM/{FILE}."
    parser = argparse.ArgumentParser(prog="python -m acceptance.profile", description=about)
    parser.add_argument("system", help="name of the system, which is that of its features' folder")
    given = parser.parse_args()
    try:
        sys.stdout.write(schema_of(given.system))
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
