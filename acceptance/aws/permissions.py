"""Which published policy names the permission that a run lacks: that of the system currently in use."""

import json
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from acceptance.root import ROOT

PUBLISHED = "docs/iam-policy*.json"
_own: ContextVar[str | None] = ContextVar("own", default=None)
_REFUSED = re.compile(r"not authorized to perform: (\S+)(?: on resource: (\S+))?")


def now_about(policy: str) -> None:
    """Note the policy (a path) of the system that the run now uses; "" if it has published none."""
    _own.set(policy)


def policy_for(refusal: str) -> str:
    """Return the path of the policy to look into after AWS has refused a call, by AWS's own message.

    A permission that the current system's policy does not name, but another one does, was needed by that other system.
    "" if no policy is known to name it, or if the current system has published none.
    """
    own = _own.get()
    if own == "":
        return ""
    said = _REFUSED.search(refusal)
    if said is None:
        return own or ""
    published = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(PUBLISHED))
    naming = [path for path in published if _names(path, said[1], said[2] or "*")]
    return own or "" if own in naming or not naming else naming[0]


def _names(path: str, action: str, resource: str) -> bool:
    for statement in statements(ROOT / path):
        resources = listed(statement["Resource"])
        if action in listed(statement["Action"]) and any(fnmatchcase(resource, one) for one in resources):
            return True
    return False


def statements(path: Path) -> Iterator[Mapping[str, Any]]:
    """Read the statements of a policy; none if there is no such file."""
    if path.is_file():
        yield from json.loads(path.read_text(encoding="utf-8"))["Statement"]


def listed(value: str | list[str]) -> list[str]:
    """Return a policy's single value or list as a list."""
    return [value] if isinstance(value, str) else value
