"""Finds everything in a text that is to be masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from acceptance.masking.named import named_spans
from acceptance.masking.secret_values import KNOWN, Unescaped, decoded, secret_by_shape
from acceptance.masking.spans import Span, blanked, end_of, merged
from acceptance.masking.tables import table_spans

_DECODINGS = 3
_USERINFO_END = re.compile(r"[^\s?#\"'<>]*+")
_SCHEME = re.compile(
    r"\b(?:Bearer|Basic|Digest|Negotiate|ApiKey)(?:\s{1,8}+|%20|\+)([^\s\"'<>,;\\]{6,}+)", re.IGNORECASE
)
# In command lines, files and statements that identify a password by its position.
_PLACES = (
    re.compile(r"(?:^|(?<=\s))(?:-u|--user)[ =]?[\"']?[^\s:\"']{1,64}+:([^\s\"']++)"),
    re.compile(
        r"\b(?:login|mysql\w{0,8}|mariadb|sshpass|redis-cli|mongo\w{0,8})\b[^\r\n]{0,80}?\s-[pa][ =]?[\"']?"
        r"([^\s\"']++)"
    ),
    re.compile(r"\b(?:machine\s{1,8}+\S{1,80}+|default)\s{1,8}+login\s{1,8}+\S{1,64}+\s{1,8}+password\s{1,8}+(\S++)"),
    re.compile(r"^[\w.*\-]{1,80}+:(?:\d{4,5}|\*):[^\s:]{1,64}+:[^\s:]{1,64}+:([^\s:]++)$", re.MULTILINE),
    re.compile(r"\bidentified by\s{1,8}+[\"']([^\"'\r\n]++)", re.IGNORECASE),
    re.compile(r":thin:[^\s/:@]{1,64}+/([^\s@]{1,200}+)@"),
)
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY")
_PRIVATE_END = re.compile(r"-----END [A-Z ]{0,40}PRIVATE KEY-----")


def spans_in(text: str, holds_secrets: Callable[[str], bool], decodings: int = 0) -> list[Span]:
    """List what is to be masked in a folded text, in order and without overlaps.

    `holds_secrets` says whether a decoded JSON text contains any.
    """
    found = merged([*KNOWN.spans(text), *_shape_spans(text)])
    found = merged([*found, *_plain_spans(blanked(text, found))])
    if decodings < _DECODINGS:
        rest = blanked(text, found)
        for begin, end, words in decoded(rest):
            if spans_in(folded(words), holds_secrets, decodings + 1) or holds_secrets(words):
                found.append((begin, end))
        unescaped = Unescaped(rest)
        if unescaped.text is not rest:
            inner = spans_in(folded(unescaped.text), holds_secrets, decodings + 1)
            found += [unescaped.origin(*span) for span in inner]
    return merged(found)


def spans_by_name(text: str) -> list[Span]:
    """List what is to be masked in a folded text by its name and shape only, ignoring remembered values."""
    return merged([*_shape_spans(text), *_plain_spans(text)])


def spans_by_value(text: str) -> list[Span]:
    """List what is secret in a folded text whatever its name is: remembered values, and revealing shapes and places."""
    found = [*KNOWN.spans(text), *_shape_spans(text), *_url_spans(text), *_private_key_spans(text)]
    return merged([*found, *_scheme_spans(text)])


def _plain_spans(text: str) -> Iterator[Span]:
    yield from named_spans(text)
    yield from _url_spans(text)
    yield from _private_key_spans(text)
    yield from _scheme_spans(text)
    yield from table_spans(text)


def _shape_spans(text: str) -> Iterator[Span]:
    for begin, run in secret_by_shape(text):
        yield begin, begin + len(run)


def _url_spans(text: str) -> Iterator[Span]:
    """Find the password in `https://user:password@host/`."""
    at = text.find("://")
    while at >= 0:
        begin = at + 3
        end = end_of(_USERINFO_END, text, begin)
        sign = text.rfind("@", begin, end)
        colon = text.find(":", begin, sign) if sign > 0 else -1
        if colon > 0 and sign > colon + 1 and "/" not in text[begin:colon]:
            yield colon + 1, sign
        at = text.find("://", max(end, begin))


def _private_key_spans(text: str) -> Iterator[Span]:
    at = 0
    while begin := _PRIVATE.search(text, at):
        end = _PRIVATE_END.search(text, begin.end())
        at = end.end() if end else len(text)
        yield begin.start(), at


def _scheme_spans(text: str) -> Iterator[Span]:
    for match in _SCHEME.finditer(text):
        if not re.fullmatch(r"[a-zé-ÿ]+[.:!?)]*|[A-Z][a-z]+[.:!?)]*", match[1]):
            yield match.span(1)
    for place in _PLACES:
        for match in place.finditer(text):
            yield match.span(1)


class _Folding(dict[int, int | str]):
    """Maps each character to the plain one that looks alike, such as a full-width letter's."""

    def __missing__(self, code: int) -> int | str:
        import unicodedata

        plain = unicodedata.normalize("NFKC", chr(code)) if code > 127 else chr(code)
        # A character that becomes two in lower case would shift all that follows.
        self[code] = plain if len(plain) == len(plain.lower()) == 1 and plain.isprintable() else code
        if len(chr(code).lower()) != 1:
            self[code] = "?"
        return self[code]


_FOLDING = _Folding()
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\u061c]+")


def folded(text: str) -> str:
    """Return a text of the same length in plain letters, in which names are found."""
    return text if text.isascii() else text.translate(_FOLDING)


def without_invisible(text: str) -> str:
    """Return a text without invisible characters, which could stand within a name."""
    return text if text.isascii() else _INVISIBLE.sub("", text)
