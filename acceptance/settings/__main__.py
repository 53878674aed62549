"""`python -m acceptance.settings --markdown`: the page of all settings, for docs/settings.md."""

import argparse
import sys

from acceptance.settings import PAGE, Models, Setting, Settings, all_settings, models_of_systems
from acceptance.trouble import Trouble

HEAD = f"""\
# Settings

<!-- Made by `python -m acceptance.settings --markdown > {PAGE}`: change the settings' classes instead. -->

Set a value with `-D name=value` or with its environment variable; `-D` wins. Passwords are taken from the environment
only. An unknown name or an invalid value is refused before anything starts.

A run finds the parts of a system by fragments of their names. If yours have other names, set them here.
"""
_COLUMNS = "| setting | variable | meaning | default | allowed |\n|---|---|---|---|---|"


def markdown(models: Models | None = None) -> str:
    """Return the page: the kit's settings, then those of each system, with former names."""
    systems = models_of_systems() if models is None else models
    settings = list(all_settings(systems).values())
    parts = [HEAD, "## Every run\n", _table([one for one in settings if one.model is Settings])]
    for name, model in systems.items():
        title = name.replace("_", " ").capitalize()
        parts += [f"## {title}\n", _table([one for one in settings if one.model is model])]
        if model.former_environment_prefix:
            parts.append(f"Variables that begin with `{model.former_environment_prefix}` are read as well.\n")
        if model.former_names:
            parts.append(f"Former names that still work: {', '.join(f'`{old}`' for old in model.former_names)}.\n")
    return "\n".join(parts)


def _table(settings: list[Setting]) -> str:
    return "\n".join([_COLUMNS, *map(_row, settings), ""])


def _row(setting: Setting) -> str:
    meaning, _, default = str(setting.field.description).partition("; default: ")
    name = "" if setting.secret else f"`{setting.name}`"
    cells = (name, f"`{setting.variable}`", meaning, default or _shown(setting), setting.allowed)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shown(setting: Setting) -> str:
    value = setting.field.default
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if setting.secret or value in ("", None) else f"`{value}`"


def main() -> int:
    """Print the page. Exit status: 0 if it was printed, 2 if not."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.settings", description="Print the documentation of all settings."
    )
    parser.add_argument("--markdown", action="store_true", required=True, help="print the page of the documentation")
    parser.parse_args()
    try:
        sys.stdout.write(markdown())
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
