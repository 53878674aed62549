"""Reads a YAML file part by part, and reports its mistakes with their lines."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import yaml

from acceptance.terminal.output import plain_pattern
from acceptance.trouble import Trouble

# The key that makes a pattern one of a prompt.
_BEGIN, _END = "(?:", r")[ \t]*\Z"


def written(prompt: re.Pattern[str]) -> str:
    """Return a prompt's pattern as the file has it."""
    return prompt.pattern.removeprefix(_BEGIN).removesuffix(_END)


def read_yaml(path: Path, what: str, setting: str = "") -> YamlNode:
    """Read a file. Raises Trouble with its name, the line, and what is wrong there; `what` it is, for messages."""
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    except FileNotFoundError:
        advice = f" Correct the setting {setting}." if setting else ""
        raise Trouble(f"There is no {what} {path}.{advice}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"The {what} {path} cannot be read: {error}.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        begun = f" ({error.context}, line {error.context_mark.line + 1})" if error.context_mark else ""
        raise Trouble(f"{path}, line {line}: this is not YAML: {error.problem}{begun}.") from error
    except yaml.YAMLError as error:
        raise Trouble(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    if tree is None:
        raise Trouble(f"The {what} {path} is empty.")
    return YamlNode(path, tree)


class YamlNode:
    """A part of a file, which knows its line: that of its name, if it has one."""

    def __init__(self, path: Path, node: yaml.Node, name: str = "the file", key: yaml.Node | None = None) -> None:
        self.path = path
        self._node = node
        self._name = name
        self._line = (key or node).start_mark.line + 1

    def wrong(self, problem: str) -> Trouble:
        """Report what is wrong here."""
        return Trouble(f"{self.path}, line {self._line}: {problem}.")

    def entries(self) -> Mapping[str, YamlNode]:
        """Return the entries of a mapping."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong(f"{self._name} must be a mapping")
        found: dict[str, YamlNode] = {}
        for key, value in self._node.value:
            name = str(key.value)
            node = YamlNode(self.path, value, name, key)
            if name in found:
                raise node.wrong(f"{name} is there twice")
            found[name] = node
        return found

    def known(self, wanted: Collection[str], optional: Collection[str] | None = ()) -> Mapping[str, YamlNode]:
        """Return the entries of a mapping that has all that are wanted, and no others but optional ones (None: any)."""
        found = self.entries()
        for name, node in found.items():
            if optional is not None and name not in wanted and name not in optional:
                raise node.wrong(
                    f"{self._name} has no {name}; it may have {', '.join(dict.fromkeys([*wanted, *optional]))}"
                )
        missing = [name for name in wanted if name not in found]
        if missing:
            raise self.wrong(f"{self._name} lacks {' and '.join(missing)}")
        return found

    def items(self) -> Sequence[YamlNode]:
        """Return the items of a list that is not empty."""
        if not isinstance(self._node, yaml.SequenceNode) or not self._node.value:
            raise self.wrong(f"{self._name} must be a list")
        return [YamlNode(self.path, node, self._name) for node in self._node.value]

    def one_or_more(self) -> Sequence[YamlNode]:
        """Return the items of a list, or the single value without one."""
        return self.items() if isinstance(self._node, yaml.SequenceNode) else [self]

    def text(self) -> str:
        """Return a text, written with or without quotes."""
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag == "tag:yaml.org,2002:null":
            raise self.wrong(f"{self._name} must be a text")
        return str(self._node.value)

    def one_of(self, choices: Collection[str]) -> str:
        """Return one of these texts, or any where there are none."""
        text = self.text()
        if choices and text not in choices:
            raise self.wrong(f"{self._name} is {text}, which is none of {', '.join(choices)}")
        return text

    def template(self, names: Collection[str] | None) -> str:
        """Return a text in which {names} are replaced later: these and no others (None: any)."""
        text = self.text()
        try:
            used = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError as error:
            raise self.wrong(f"{text} cannot be filled in: {error}; a brace as such is written twice") from None
        unknown = [name for name in used if names is not None and name not in names]
        if names is not None and unknown:
            raise self.wrong(f"{{{unknown[0]}}} is unknown here; known are {', '.join(names)}")
        return text

    def pattern(self, groups: Collection[str] = ()) -> re.Pattern[str]:
        """Return a regular expression that has these named groups."""
        try:
            pattern = re.compile(plain_pattern(self.text()))
        except re.error as error:
            raise self.wrong(f"{self._name} is no regular expression: {error}") from None
        missing = [name for name in groups if name not in pattern.groupindex]
        if missing:
            raise self.wrong(f"{self._name} does not yield {missing[0]}: it needs a group (?P<{missing[0]}>…)")
        return pattern

    def prompt(self) -> re.Pattern[str]:
        """Return the pattern of a prompt: it is the last that is printed before the program waits."""
        pattern = self.pattern()
        try:
            return re.compile(f"{_BEGIN}{pattern.pattern}{_END}")
        except re.error as error:
            raise self.wrong(f"{self._name} cannot be a prompt: {error}") from None

    def seconds(self) -> float:
        """Return a time."""
        try:
            seconds = float(self.text())
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 3600:
            raise self.wrong(f"{self._name} must be a number of seconds, up to 3600")
        return seconds

    def yes(self) -> bool:
        """Return whether it says so."""
        return self.one_of(("true", "false")) == "true"
