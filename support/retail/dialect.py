"""How a deployment spells the messages of a retail shop: their fields, types and names.

The shipped names (`USERID`, `PAGENAME`, `Free`) are the canonical ones: features and driver know no others. What is
sent passes `spelled`, what is received is read by a `Reader`, and expectations are put into the deployment's own words
by `path` and `own`. So messages quote what was received exactly as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from acceptance.profile import Section
from support.retail.forms import ISO, NUMBER, WORDS, form_of, is_form

USER, PAGE, TIME = SEEN = ("USERID", "PAGEID", "TIMESTAMP")
PLAN, PAGE_NAME, PRODUCT, OFFER_ID, REFERRER = "PLANTYPE", "PAGENAME", "PRODUCT", "OFFERID", "REFERRER"
COUNTRY, INTERESTS, PRIVATE = "COUNTRY", "INTERESTS", "EMAIL"
FIELDS = (*SEEN, REFERRER, PAGE_NAME, PLAN, COUNTRY, INTERESTS, PRIVATE, OFFER_ID, PRODUCT)
FieldName = (
    Literal["USERID", "PAGEID", "TIMESTAMP", "REFERRER", "PAGENAME", "PLANTYPE"]
    | Literal["COUNTRY", "INTERESTS", "EMAIL", "OFFERID", "PRODUCT"]
)
NumberName = Literal["USERID", "PAGEID", "TIMESTAMP"]
VIEW, ENRICHED, OFFER = "page view", "enriched view", "offer"
_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
Names = Mapping[FieldName, str]


class Dialect(Section):
    """One way of spelling. The default is that of the shipped services."""

    fields: Names = Field(
        default_factory=dict,
        description="path of a field in messages, by its shipped name, such as USERID: user.id; dots lead "
        'inwards, and "" marks a missing field',
    )
    page_view: Names = Field(default_factory=dict, description="paths that differ in page views")
    enriched_view: Names = Field(default_factory=dict, description="paths that differ in enriched views")
    offer: Names = Field(default_factory=dict, description="paths that differ in offers")
    forms: Mapping[NumberName, str] = Field(
        default_factory=dict, description=f"how a number is written: {WORDS}; default: {NUMBER}"
    )
    values: Mapping[FieldName, Mapping[str, str]] = Field(
        default_factory=dict,
        description="names of plans, pages and products, by the field and the shipped value, such as "
        "PLANTYPE: {Free: basic}",
    )
    also: Mapping[str, str] = Field(
        default_factory=dict, description="further texts of a page view, such as event.type: view"
    )
    keyed_by: Literal["user", "page", "nothing"] = Field(
        default="user", description="what a page view is keyed by; messages with the same key keep their order"
    )
    reason_header: str = Field(
        default="", description="header of a dead letter with the reason; default: any header that contains a sentence"
    )

    @field_validator("forms")
    @classmethod
    def _are_forms(cls, forms: Mapping[str, str]) -> Mapping[str, str]:
        for name, form in forms.items():
            if not is_form(form) or (form == ISO and name != TIME):
                raise ValueError(f"{name} has no form “{form}”; it may be {WORDS}")
        return forms

    def overridden_by(self, other: Dialect) -> Dialect:
        """Return this dialect with the other one's explicit values, field by field."""
        said = {name: getattr(other, name) for name in other.model_fields_set}
        both = {name: {**getattr(self, name), **one} if isinstance(one, Mapping) else one for name, one in said.items()}
        return self.model_copy(update=both)

    # --- where a field stands -----------------------------------------------------------------------

    def place(self, kind: str, name: str) -> str:
        """Return where a field stands in a kind of message, as parts joined by dots; "" where it is not said.

        A field that the shipped services do not have stands under its own name.
        """
        own = {VIEW: self.page_view, ENRICHED: self.enriched_view, OFFER: self.offer}[kind]
        places: Mapping[str, str] = {**self.fields, **own}  # type: ignore[dict-item]
        return places.get(name, name)

    def path(self, kind: str, name: str) -> str:
        """Return a field's place as a JMESPath expression; a path that names no field of the shop is unchanged."""
        return ".".join(map(_quoted, self.place(kind, name).split("."))) if name in FIELDS else name

    def reader(self, kind: str) -> Reader:
        """Return the reader of a kind of message."""
        return Reader(self, kind)

    # --- values ------------------------------------------------------------------------------------

    def own(self, name: str, value: Any) -> Any:
        """Return this deployment's spelling of a field's value."""
        called = self._values(name).get(str(value))
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return called or (self._form(name).writes(value) if is_number else value)

    def read(self, name: str, said: Any) -> int | None:
        """Return the number that a field's value stands for, None where there is none.

        Lenient: whether the number has the promised form is checked elsewhere.
        """
        if isinstance(said, int):
            return None if isinstance(said, bool) else said
        if not isinstance(said, str):
            return None
        meant = next((value for value, own in self._values(name).items() if own == said), "")
        number = form_of(NUMBER).reads(meant)
        return self._form(name).reads(said) if number is None else number

    # --- messages ---------------------------------------------------------------------------------

    def spelled(self, kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return a message with these values, given by the shipped names."""
        content: dict[str, Any] = {}
        for place, text in self.also.items() if kind == VIEW else ():
            put(content, place, text)
        for name, value in said.items():
            if place := self.place(kind, name):
                put(content, place, self.own(name, value))
        return content

    def key(self, user: int, page: int | None = None) -> bytes | None:
        """Return the key of a message about a user, and a page if it is about one."""
        if self.keyed_by == "nothing":
            return None
        return str(self.own(USER, user) if self.keyed_by == "user" else self.own(PAGE, page)).encode()

    def user_of_key(self, key: bytes | None) -> int | None:
        """Return the user whom a key names, None where it names none."""
        return self.read(USER, key.decode(errors="replace")) if key and self.keyed_by == "user" else None

    def _form(self, name: str) -> Any:
        forms: Mapping[str, str] = self.forms  # type: ignore[assignment]
        return form_of(forms.get(name, NUMBER))

    def _values(self, name: str) -> Mapping[str, str]:
        values: Mapping[str, Mapping[str, str]] = self.values  # type: ignore[assignment]
        return values.get(name, {})


class Reader:
    """Reads one kind of message; its fields' places are looked up once."""

    def __init__(self, dialect: Dialect, kind: str) -> None:
        self._read = dialect.read
        self._parts = {name: dialect.place(kind, name).split(".") for name in FIELDS}

    def find(self, name: str, content: Any) -> Any:
        """Return a message's value of a field; None where it is missing."""
        for part in self._parts[name]:
            content = content.get(part) if isinstance(content, dict) else None
        return content

    def number(self, name: str, content: Any) -> int | None:
        """Return a message's number in a field; None where there is none."""
        return self._read(name, self.find(name, content))

    def seen_in(self, content: Any) -> tuple[int | None, ...]:
        """Return the page view that a message is about: user, page and time."""
        return tuple(self.number(name, content) for name in SEEN)


# That of the shipped services.
CANONICAL = Dialect()


def put(content: dict[str, Any], place: str, value: Any) -> None:
    """Set a message's value at a place, whose parts are joined by dots."""
    *inwards, last = place.split(".")
    for part in inwards:
        content = content.setdefault(part, {})
    content[last] = value


def places_in(content: Any, around: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the place of each value of a message, its parts joined by dots, and the value."""
    for name, value in content.items() if isinstance(content, dict) else ():
        if isinstance(value, dict):
            yield from places_in(value, f"{around}{name}.")
        else:
            yield f"{around}{name}", value


def _quoted(part: str) -> str:
    return part if _PLAIN.fullmatch(part) else f'"{part}"'
