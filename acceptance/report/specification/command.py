"""`python -m acceptance specification`: write the features' promises as a page, without a run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import SimpleNamespace

from acceptance.report.configured import configured
from acceptance.report.specification.ids import PAGE
from acceptance.report.specification.page import page
from acceptance.report.specification.reading import folders_in, read
from acceptance.root import ROOT
from acceptance.system import FEATURES
from acceptance.trouble import Trouble
from acceptance.whole_file import write_whole

ABOUT = "Write every feature, rule and scenario as one HTML page. Nothing is run, so it has no verdicts."


def options(command: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    command.add_argument("--features", type=Path, help="the folder of the features; default: features/ here")
    command.add_argument("--system", action="append", help="only the features of this system; can be repeated")
    command.add_argument("--output", type=Path, default=Path("reports", PAGE), help="default: %(default)s")


def specification(given: argparse.Namespace) -> int:
    """Write the page, and return 0; 1 if some files cannot be read, which the page and stderr say."""
    home = home_of(given.features)
    folders = folders_in(home)
    unknown = [name for name in given.system or () if name not in folders]
    if unknown or not folders:
        there = f"There are: {', '.join(folders)}." if folders else "Write one, or name the folder by --features."
        what = f"No features of “{unknown[0]}” lie" if unknown else "No features lie"
        raise Trouble(f"{what} in {home}. {there}")
    chosen = {name: folder for name, folder in folders.items() if not given.system or name in given.system}
    read_now = read(chosen, config_of(home))
    write_asked(given.output, page(read_now))
    for problem in read_now.problems():
        sys.stderr.write(f"{problem}\n")
    return 1 if read_now.problems() else 0


def home_of(named: Path | None) -> Path:
    """Return the folder of the features: the given one, the current one, or the suite's own."""
    if named is not None:
        return named.resolve()
    here = Path(FEATURES).resolve()
    return here if here.is_dir() else ROOT / FEATURES


def config_of(home: Path) -> SimpleNamespace:
    """Return the part of behave's configuration that is needed to read the features of a folder."""
    settings = configured([])
    return SimpleNamespace(base_dir=str(home), lang=settings.lang, default_tags=settings.default_tags)


def write_asked(file: Path, text: str) -> None:
    """Write a requested file, and print its name. Raises Trouble if it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode("utf-8"))
    except OSError as error:
        raise Trouble(f"{file} cannot be written: {error.strerror or error}.") from None
    sys.stdout.write(f"{file}\n")
