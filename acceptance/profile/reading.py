"""Reads profiles from YAML files, and reports every mistake in one with its line.

A value is the text as written, regardless of YAML's types: `shop_id: NO` is no refusal, and `012` no number.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from acceptance.profile import Place, Profile, line_of
from acceptance.registry import known
from acceptance.report.nearest import nearest_path
from acceptance.system import find
from acceptance.trouble import Trouble

KindOf = Callable[[str], type[Profile]]
SETTING = "profile"

_NULL = "tag:yaml.org,2002:null"
_WANTED = {
    "bool": "yes or no",
    "int": "a whole number",
    "float": "a number",
    "date": "a date such as 2027-01-31",
    "string": "a text",
    "tuple": "a list",
    "list": "a list",
    "dict": "a section with entries",
    "mapping": "a section with entries",
    "model": "a section with entries",
}


def read_profiles(files: str, kind_of: KindOf | None = None) -> Mapping[str, Profile]:
    """Read the profiles in these comma-separated files, by their systems' names.

    `kind_of` returns the kind of a system's profile, and raises Trouble if there is no such system; default: of the
    systems that can be found. Raises Trouble with a sentence for each mistake.
    """
    found: dict[str, Profile] = {}
    for name in filter(None, map(str.strip, files.split(","))):
        profile = read_profile(Path(name), kind_of or profile_kind_of)
        if profile.system in found:
            raise Trouble(
                f"{found[profile.system].file} and {profile.file} are both for {profile.system}. "
                "A run checks one deployment of a system: choose one of them."
            )
        found[profile.system] = profile
    return found


def profile_kind_of(system: str) -> type[Profile]:
    """Return the kind of a system's profile. Raises Trouble, with the nearest name, if there is no such system."""
    if system not in known():
        raise Trouble(f"No system is called “{system}”.{_hint(system, sorted(known()), ' There are: ')}")
    return find(system).profile_kind


def read_profile(file: Path, kind_of: KindOf = profile_kind_of) -> Profile:
    """Read a profile. Raises Trouble with a sentence for each mistake: file, line, and what to write instead."""
    tree = _Tree(file)
    content, lines = tree.read()
    system = content.get("system")
    if not isinstance(system, str):
        raise tree.wrong(lines.get(("system",), 1), "“system” must name the system that the profile is about.")
    try:
        kind = kind_of(system)
    except Trouble as unknown:
        raise tree.wrong(lines["system",], str(unknown)) from None
    try:
        return kind.model_validate(content).read_from(str(file), lines)
    except ValidationError as error:
        mistakes = ((line_of(one["loc"], lines), _sentence(kind, one)) for one in error.errors())
        raise Trouble("\n".join(f"{file}:{line}: {told}" for line, told in sorted(mistakes))) from None


class _Tree:
    """A YAML file as plain lists, mappings and texts, with the line of each entry."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: dict[Place, int] = {}

    def wrong(self, line: int, sentence: str) -> Trouble:
        """Report what is wrong in a line."""
        return Trouble(f"{self._file}:{line}: {sentence}")

    def read(self) -> tuple[dict[str, Any], Mapping[Place, int]]:
        """Return the entries, and the line of each place. Raises Trouble when the file is no mapping in YAML."""
        node = self._composed()
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(1, "a profile must consist of entries, such as “system: …”.")
        return self._plain(node, (), ()), self._lines

    def _composed(self) -> yaml.Node | None:
        try:
            return yaml.compose(self._file.read_text(encoding="utf-8-sig"), yaml.SafeLoader)
        except FileNotFoundError:
            meant = nearest_path(str(self._file), Path.cwd())
            raise Trouble(f"There is no profile {self._file}.{meant or f' Correct the setting {SETTING}.'}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"The profile {self._file} cannot be read: {error}.") from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = "there is a tab, but YAML is indented with spaces" if "'\\t'" in str(error) else error.problem
            raise self.wrong(mark.line + 1 if mark else 1, f"this is not YAML: {problem}.") from None
        except yaml.YAMLError as error:
            raise Trouble(f"{self._file} is not YAML: {' '.join(str(error).split())}.") from None

    def _plain(self, node: yaml.Node, place: Place, around: Sequence[yaml.Node]) -> Any:
        if any(node is one for one in around):
            raise self.wrong(node.start_mark.line + 1, "this contains itself.")
        inside = (*around, node)
        if isinstance(node, yaml.MappingNode):
            return {
                name: self._plain(value, (*place, name), inside)
                for name, value in self._entries(node, place)
                if not (value.tag == _NULL and value.value == "")  # an empty entry gives no value
            }
        if isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self._lines[*place, number] = item.start_mark.line + 1
            return [self._plain(item, (*place, number), inside) for number, item in enumerate(node.value)]
        return node.value

    def _entries(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self.wrong(line, "the name of an entry must be a string.")
            if key.value in seen:
                raise self.wrong(line, f"“{key.value}” is listed twice: see line {seen[key.value]}.")
            seen[key.value] = self._lines[*place, key.value] = line
            yield key.value, value


def _sentence(kind: type[BaseModel], error: ErrorDetails) -> str:
    """Describe a mistake that pydantic has found, and suggest what may have been meant."""
    *place, last = where = [step for step in error["loc"] if step != "[key]"] or [""]
    what, around = error["type"], _section_at(kind, place)
    if what == "extra_forbidden":
        noun = "entry" if place else "section"
        return f"“{last}” is not a known {noun}{_of(place)}.{_hint(str(last), around.model_fields, ' It may have: ')}"
    description = _description(kind, where)
    if what == "missing":
        return f"“{last}” is missing in an entry{_of(place)}{description}."
    given = error["input"]
    shown = (f"“{given}”" if given.strip() else "empty") if isinstance(given, str) else "a section or a list"
    return f"“{_named(where)}” cannot be {shown}: {_wanted(error)}{'' if what == 'value_error' else description}."


def _wanted(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind == "value_error":  # of our own
        return str(error["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        return f"it must be one that fits {error['ctx']['pattern']}"
    wanted = _WANTED.get(kind) or _WANTED.get(kind.split("_")[0])
    return f"it must be {wanted}" if wanted else error["msg"].replace("Input should", "it must")


def _section_at(kind: type[BaseModel], place: Sequence[str | int]) -> type[BaseModel]:
    """Return the section that an entry belongs to."""
    for step in place:
        field = kind.model_fields.get(str(step))
        kind = (field and _section_in(field.annotation)) or kind
    return kind


def _section_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)


def _description(kind: type[BaseModel], place: Sequence[str | int]) -> str:
    field = _section_at(kind, place[:-1]).model_fields.get(str(place[-1])) if place else None
    return f" ({field.description})" if field is not None and field.description else ""


def _named(place: Sequence[str | int]) -> str:
    return str(next((step for step in reversed(place) if isinstance(step, str)), "the profile"))


def _of(place: Sequence[str | int]) -> str:
    return f" of “{_named(place)}”" if place else " of a profile"


def _hint(wrong: str, names: Any, otherwise: str) -> str:
    near = difflib.get_close_matches(wrong.lower(), list(names), n=1)
    return f" Did you mean {near[0]}?" if near else f"{otherwise}{', '.join(names)}."
