"""Reads a system's contracts: an AsyncAPI document, and the schemas that it names.

Its libraries take long to load, so only modules that read contracts import it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from acceptance.contracts.form import Change, Changes, Contracts, Doers, Form, Stamps
from acceptance.trouble import Trouble

DOCUMENT = "asyncapi.yaml"
RECORDS = "x-records"


def read_contracts(folder: Path) -> Contracts:
    """Read the contracts in a folder. Raises Trouble that says what is wrong with them."""
    path = folder / DOCUMENT
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        reader = _Reader(path.resolve().as_uri(), document)
        return Contracts(
            dict(reader.messages()),
            dict(reader.records()),
            dict(reader.changes()),
            dict(reader.stamps()),
            dict(reader.doers()),
        )
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError, SchemaError, Unresolvable) as error:
        words = error.message if isinstance(error, SchemaError) else f"{type(error).__name__}: {error}"
        raise Trouble(f"The contracts in {path} cannot be read: {words}.") from None


class _Reader:
    """Follows the references of a document, which begins at `uri`. Only files beside it are read."""

    def __init__(self, uri: str, document: Any) -> None:
        self._uri = uri
        own = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry(retrieve=_retrieve).with_resource(uri, own)  # type: ignore[call-arg]
        self._document = document

    def messages(self) -> Iterator[tuple[str, Mapping[str, Form]]]:
        """Return the channels that the system sends to, each with the forms of its messages by their names."""
        sent = [one["channel"]["$ref"] for one in self._document["operations"].values() if one["action"] == "send"]
        for reference in dict.fromkeys(sent):
            channel = reference.rpartition("/")[2]
            told = self._followed({"$ref": reference})
            named = [(key, self._followed(message)) for key, message in told["messages"].items()]
            yield (
                channel,
                {
                    message.get("name", key): self._form(
                        channel, message.get("title") or message.get("name", key), message["payload"]
                    )
                    for key, message in named
                },
            )

    def records(self) -> Iterator[tuple[str, Form]]:
        """Return the tables with the form of their records."""
        for table, record in self._document.get(RECORDS, {}).items():
            yield table, self._form(table, record.get("title", table), record)

    def changes(self) -> Iterator[tuple[str, Changes]]:
        """Return the tables whose records may change in known ways only, with these ways."""
        for table, record in self._document.get(RECORDS, {}).items():
            if "changes" in record:
                yield table, Changes(table, [_change(told) for told in record["changes"]])

    def stamps(self) -> Iterator[tuple[str, Stamps]]:
        """Return the tables whose records contain times, with the fields that contain them."""
        for table, record in self._document.get(RECORDS, {}).items():
            yield table, Stamps(table, record.get("stamps", ()))

    def doers(self) -> Iterator[tuple[str, Doers]]:
        """Return the tables whose records name who did an act, with the act of each field."""
        for table, record in self._document.get(RECORDS, {}).items():
            yield table, Doers(table, dict(record.get("doers", {})))

    def _form(self, where: str, name: str, payload: Mapping[str, Any]) -> Form:
        """Create a form of a payload: `schemaFormat` and `schema`, which names a file."""
        named = payload["schema"]["$ref"]
        resolved = self._registry.resolver(self._uri).lookup(named)
        Draft202012Validator.check_schema(resolved.contents)
        schema = {"$ref": _joined(self._uri, named)}
        return Form(where, name, Draft202012Validator(schema, registry=self._registry))

    def _followed(self, thing: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in thing:
            thing = self._registry.resolver(self._uri).lookup(thing["$ref"]).contents
        return thing


def _change(told: Mapping[str, Any]) -> Change:
    before, after = told.get("before", True), told.get("after", True)
    for schema in (before, after):
        Draft202012Validator.check_schema(schema)
    return Change(told["title"], frozenset(told["of"]), Draft202012Validator(before), Draft202012Validator(after))


def _joined(uri: str, reference: str) -> str:
    return f"{uri.rpartition('/')[0]}/{reference.removeprefix('./')}"


def _retrieve(uri: str) -> Resource[Any]:
    """Read a schema from a file. Anything else is refused: a check makes no network requests."""
    parts = urlparse(uri)
    if parts.scheme != "file":
        raise ValueError(f"{uri} is no file beside the document")
    contents = json.loads(Path(unquote(parts.path)).read_text(encoding="utf-8"))
    return Resource.from_contents(contents, default_specification=DRAFT202012)
