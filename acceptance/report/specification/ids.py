"""The id of a feature, a rule or a scenario in the specification: the part of a link after “#”.

An id is made of names only, so it is the same in every run, on every machine, and for every position of a scenario in
its file. It begins with words that people recognise, and ends with a checksum that keeps equal words apart.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

PAGE = "specification.html"

_LONGEST = 60
_FILE = re.compile(r"^.*?\.feature(?:: |$)")
_CHECKSUM_LETTERS = 8


def scenario_id(full_name: str) -> str:
    """Return the id of a scenario, by its key: the `fullName` of its result, `Identity.key`."""
    return _id("scenario", _FILE.sub("", full_name), full_name)


def rule_id(path: str, name: str) -> str:
    """Return the id of a rule, by the path of its feature's file (`Identity.path`) and its name."""
    return _id("rule", name, f"{path}: {name}")


def feature_id(path: str) -> str:
    """Return the id of a feature, by the path of its file (`Identity.path`)."""
    return _id("feature", path.rpartition("/")[2].removesuffix(".feature"), path)


def system_id(name: str) -> str:
    """Return the id of a system, by the name of its folder of features."""
    return _id("system", name, name)


def _id(kind: str, words: str, key: str) -> str:
    checksum = hashlib.sha256(f"{kind}: {key}".encode("utf-8", "replace")).hexdigest()[:_CHECKSUM_LETTERS]
    return f"{slug(words)[:_LONGEST].rstrip('-') or kind}-{checksum}"


def slug(words: str) -> str:
    """Return words as part of a link: small letters of the Latin alphabet and digits, joined by “-”."""
    latin = unicodedata.normalize("NFKD", words.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", latin.lower()).strip("-")
