"""`python -m acceptance.report`: render the results of the last run to one HTML file.

`… merge A B …` makes one report of a run's shards, `… durations` records the durations that balance shards.
"""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from acceptance.report.render import OUTPUT, RESULTS, RenderError, render


def main(arguments: Sequence[str] | None = None) -> int:
    """Render, and print the path of the page; return 1 and print a sentence to stderr if that was not possible."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] in (["merge"], ["durations"]):
        from acceptance.report.shards.command import durations_command, merge_command

        return merge_command(words[1:]) if words[0] == "merge" else durations_command(words[1:])
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.report",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of Allure results")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder for index.html")
    parser.add_argument("--open", action="store_true", help="show the report in the browser")
    chosen = parser.parse_args(words)
    try:
        page = render(chosen.results, chosen.output)
    except (RenderError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{page}\n")
    if chosen.open:
        webbrowser.open(page.as_uri())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
