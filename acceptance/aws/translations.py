"""Remembers how SAM's templates are translated, from one run to the next.

CloudFormation's transform `AWS::Serverless` is carried out by a library that takes longer to load than the embedded
account itself. The same template has the same translation, so a run whose template has not changed does without it.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any

from acceptance.whole_file import write_whole

# The translations that are kept at most, the latest ones: one takes some 60 KB.
MOST = 100
# What a translation depends on besides the template: the libraries that make it.
LIBRARIES = ("aws-sam-translator", "ministack")


def remember_translations(folder: Path) -> None:
    """Let MiniStack's CloudFormation keep the translations of templates in a folder, and look for them there first."""
    from ministack.core.responses import get_region
    from ministack.services.cloudformation import changesets, handlers

    for module in (changesets, handlers):
        module._apply_transforms = remembered(module._apply_transforms, folder, get_region)


def remembered(translate: Callable[..., Any], folder: Path, region: Callable[[], str]) -> Callable[..., Any]:
    """Return a function that translates as `translate` does, and keeps the translations in the folder.

    `translate(template, *parameters)` returns a new template, or one of a class of its own if it cannot be translated;
    `region()` returns the region that the template is for.
    """

    @wraps(translate)
    def translated(template: dict[str, Any], *parameters: Any) -> Any:
        depends_on = json.dumps([*map(version, LIBRARIES), region(), template, parameters])
        if "AWS::Serverless" not in depends_on or "AWS::Include" in depends_on:
            return translate(template, *parameters)  # quick, or it depends on other files as well
        kept = folder / f"{hashlib.sha256(depends_on.encode()).hexdigest()}.json"
        try:
            return json.loads(kept.read_bytes())
        except (OSError, ValueError):  # there is none, or none that can be read
            result = translate(template, *parameters)
        if type(result) is dict:  # a translation that failed is of a kind of its own
            _keep(kept, result)
        return result

    return translated


def _keep(file: Path, translation: dict[str, Any]) -> None:
    """Write a translation, as a whole or not at all; where nothing can be written, the next run translates again."""
    written = json.dumps(translation).encode()
    if json.loads(written) != translation:
        return  # it could not be read back as it is
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # a template is its owner's
        write_whole(file, written)
        by_age = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)
        for old in by_age[:-MOST]:
            old.unlink(missing_ok=True)
