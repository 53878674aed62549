"""`python -m acceptance steps`: print the sentences that features may use."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from acceptance.registry import known
from acceptance.report.specification.command import config_of, home_of, write_asked
from acceptance.step_catalogue.collecting import Catalogue, collect
from acceptance.step_catalogue.showing import as_markdown, as_text, editor_settings
from acceptance.trouble import Trouble

ABOUT = "Print each sentence of steps/ with its fields, an example, and where the features use it."
GLOBS = {"features": ["features/**/*.feature"], "glue": ["steps/**/*.py"]}


def options(command: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    command.add_argument("--search", default="", metavar="WORDS", help="only sentences with all of these words")
    command.add_argument("--system", action="append", help="only the sentences of this system; can be repeated")
    command.add_argument("--features", type=Path, help="the folder of the features; default: features/ here")
    forms = command.add_mutually_exclusive_group()
    forms.add_argument("--markdown", type=Path, metavar="FILE", help="write a Markdown page instead")
    forms.add_argument("--vscode", action="store_true", help="print settings for the Cucumber extension of VS Code")


def steps(given: argparse.Namespace) -> int:
    """Print the catalogue, and return 0; 1 if a feature cannot be read or a step fits no sentence."""
    unknown = [name for name in given.system or () if name not in known()]
    if unknown:
        raise Trouble(f"No system is called “{unknown[0]}”. There are: {', '.join(sorted(known()))}.")
    home = home_of(given.features)
    catalogue = collect(home, config_of(home))
    chosen = catalogue.of(given.system or known(), given.search)
    if given.markdown:
        write_asked(given.markdown, as_markdown(chosen))
    else:
        sys.stdout.write(editor_settings(chosen, GLOBS) if given.vscode else _text(chosen, given.search))
    for problem in catalogue.problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if catalogue.problems else 0


def _text(catalogue: Catalogue, searched: str) -> str:
    if searched and not catalogue.sentences:
        return f"No sentence contains the words “{searched}”.\n"
    return f"{as_text(catalogue)}\n"
