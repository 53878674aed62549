"""Recognizes secrets by their values: those that the run has met, and those with a revealing shape."""

from __future__ import annotations

import base64
import binascii
import bisect
import html
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote_plus, unquote

# A shorter value would be found in unrelated texts.
SHORTEST = 6
_KEY = 6
_LONG_ENOUGH = 8  # to be distinguished from other words within base64
_ALONE = 12  # a shorter one counts only where it is a word of its own

# A run of the characters of tokens. base64 in mails is broken into lines of 60 characters or more.
_RUN = re.compile(
    r"[A-Za-z0-9_+/.\-]{60,}+(?:(?:\r?\n|\\n)[A-Za-z0-9_+/\-]{20,}+)*+(?:(?:\r?\n|\\n)[A-Za-z0-9_+/\-]+=)?={0,2}|[A-Za-z0-9_+/.\-]{12,}+={0,2}"
)
_TASK_TOKEN = "AAAAKgAAAA"  # noqa: S105 - the beginning of each of Step Functions', after its version
_JWT = re.compile(r"eyJ[A-Za-z0-9_\-]{5}")
_ISSUED = re.compile(
    r"(?:AKIA|ASIA)[A-Z0-9]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w\-]{16,}|xox[abprs]-[\w\-]{10,}|"
    r"(?:sk|rk|pk)_(?:live|test)_\w{10,}|AIza[\w\-]{30,}|npm_[A-Za-z0-9]{30,}|pypi-AgE[\w\-]{16,}"
)
# One or more escaped characters of one kind, as URLs, programs, JSON and HTML have them.
_ESCAPED = re.compile(
    r"%[0-7][0-9a-fA-F]|(?:%[89a-fA-F][0-9a-fA-F])++|\\{1,64}+(?:x[0-7][0-9a-fA-F]|[\"'/`]|[0-7]{3})|"
    r"\\{1,64}+x[89a-fA-F][0-9a-fA-F](?:\\{1,64}+x[89a-fA-F][0-9a-fA-F])*+|"
    r"\\{1,64}+u(?:[0-9a-fA-F]{4}|\{[0-9a-fA-F]{1,6}\})|&\#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});|&[A-Za-z]{2,8};"
)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_BROKEN = re.compile(r"(?<=\S)[ \t]*\r?\n[ \t|>]*(?=\S)")


_OF_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_\-]|(?<=[A-Za-z0-9+/])\r?\n(?=[A-Za-z0-9+/]{16}))*+={0,2}")
_PLAIN = re.compile(r"[A-Za-z0-9_.\-]+")


def _codings(value: str) -> Iterator[str]:
    """Return the forms of a value in JSON, in Python, in shells and in URLs, which write its signs differently."""
    yield value
    for ascii_only in (True, False):
        within = value
        for _ in range(4):
            within = json.dumps(within, ensure_ascii=ascii_only)[1:-1]
            yield within
    yield from (repr(value)[1:-1], repr(f"'{value}")[2:-1], repr(value.encode("utf-8", "replace"))[2:-1])
    yield from (value.replace("'", "''"), value.replace("'", "'\\''"), quote_plus(value, errors="replace"))


def _carried(value: str) -> Iterator[str]:
    """Return the beginning of a value in base64 or hexadecimal digits, independent of the text before it."""
    body = value.encode("utf-8", "replace")[:48]
    for before in range(3):
        whole = base64.b64encode(bytes(before) + body).decode()
        form = whole[(before * 8 + 5) // 6 : (before + len(body)) * 8 // 6]
        yield from {form, form.replace("+", "-").replace("/", "_")}
    yield from {body.hex(), body.hex().upper()}


class KnownSecrets:
    """The secret values that this run has met. Searching takes as long for thousands as for one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_beginning: dict[str, set[str]] = {}
        self._carried: set[str] = set()

    def add(self, value: str) -> None:
        """Remember a secret."""
        value = value.strip()
        if len(value) < SHORTEST or value.lower() in ("password", "secret", "embedded", "changeit"):
            return
        with self._lock:
            for form in {value} if _PLAIN.fullmatch(value) else set(_codings(value)):
                self._by_beginning.setdefault(form[:_KEY], set()).add(form)
            for form in _carried(value) if len(value) >= _LONG_ENOUGH else ():
                self._by_beginning.setdefault(form[:_KEY], set()).add(form)
                self._carried.add(form)

    def forget(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._by_beginning.clear()
            self._carried.clear()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Find where secrets are, also one that is broken over several lines."""
        if not self._by_beginning:
            return
        yield from self._found(text)
        if "\n" in text:
            begins, ends, parts, at, length = [0], [0], [], 0, 0
            for gap in _BROKEN.finditer(text):
                parts.append(text[at : gap.start()])
                length += gap.start() - at
                at = gap.end()
                begins.append(length)
                ends.append(at)
            if parts:
                joined = "".join([*parts, text[at:]])
                for begin, end in self._found(joined):
                    first, last = bisect.bisect(begins, begin) - 1, bisect.bisect(begins, end - 1) - 1
                    if first != last:
                        yield ends[first] + begin - begins[first], ends[last] + end - begins[last]

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        known, last = self._by_beginning, 0
        for at in range(len(text) - SHORTEST + 1):
            if at < last:
                continue
            forms = known.get(text[at : at + _KEY])
            if not forms:
                continue
            found = max((form for form in tuple(forms) if text.startswith(form, at)), key=len, default="")
            if found in self._carried:
                begin = at
                while begin > last and text[begin - 1] in _OF_BASE64:
                    begin -= 1
                last = _BASE64.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
                yield begin, last
            elif found and self._stands_alone(text, at, found):
                last = at + len(found)
                yield at, last

    @staticmethod
    def _stands_alone(text: str, at: int, value: str) -> bool:
        around = text[max(0, at - 1) : at] + text[at + len(value) : at + len(value) + 1]
        return len(value) >= _ALONE or not any(sign.isalnum() for sign in around)


KNOWN = KnownSecrets()


def remember_secret(value: str) -> str:
    """Remember a secret value of this run, to mask it wherever it appears, and return it."""
    KNOWN.add(value)
    return value


def looks_made(word: str) -> bool:
    """Return whether a word looks machine-made: long, and of letters and digits."""
    word = word.strip("\"'.,;:()[]{}<>")
    if len(word) < 8 or " " in word or _DATE.match(word):
        return False
    if not re.search(r"[A-Za-z]", word):
        return False
    return bool(re.search(r"\d", word)) or (
        len(word) >= 24 and not re.fullmatch(r"[A-Za-z]?[a-z]+|[\w./:\-]*[a-z]{3}[\w./:\-]*", word)
    )


def secret_by_shape(text: str) -> Iterator[tuple[int, str]]:
    """Find task tokens, JWTs and keys that services issue, with their beginnings."""
    for match in _RUN.finditer(text):
        run = match[0]
        if _TASK_TOKEN in run:
            yield match.start(), run
        elif "." in run and (jwt := _JWT.search(run, 0, run.rindex("."))):
            yield match.start() + jwt.start(), run[jwt.start() :]
        else:
            for issued in _ISSUED.finditer(run):
                yield match.start() + issued.start(), issued[0]


def decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Find base64 and hexadecimal digits: their spans, and the decoded text."""
    for match in _RUN.finditer(text):
        words = _plain(match[0])
        if words:
            yield match.start(), match.end(), words


def _plain(run: str) -> str:
    """Return the decoded text of a run of base64 or of hexadecimal digits; "" if there is none."""
    if len(run) < 12 or "." in run:
        return ""
    if _HEX.fullmatch(run):
        return _readable(bytes.fromhex(run))
    plain = re.sub(r"\r?\n|\\n", "", run).rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return _readable(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (binascii.Error, ValueError):
        return ""


def _readable(body: bytes) -> str:
    try:
        words = body.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return words if words.replace("\n", "").replace("\t", "").replace("\r", "").isprintable() else ""


class Unescaped:
    """A text with one layer of its escapes undone, and the origin of each of its characters."""

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        # Where each piece begins in both texts; an escape is a piece, and so is the text between two.
        self._here, self._there, at, length = [0], [0], 0, 0
        for match in _ESCAPED.finditer(text):
            plain = _one(match[0])
            if plain == match[0]:
                continue
            parts += [text[at : match.start()], plain]
            length += match.start() - at
            self._here += [length, length + len(plain)]
            self._there += [match.start(), match.end()]
            length, at = length + len(plain), match.end()
        self.text = "".join([*parts, text[at:]]) if parts else text

    def origin(self, begin: int, end: int) -> tuple[int, int]:
        """Return the place of a part of the plain text in the one with escapes."""
        first, last = bisect.bisect(self._here, begin) - 1, bisect.bisect(self._here, end - 1) - 1
        return (
            self._there[first] + (0 if first % 2 else begin - self._here[first]),
            self._there[last + 1] if last % 2 else self._there[last] + end - self._here[last],
        )


def _one(escape: str) -> str:
    """Return the character of an escape."""
    if escape[0] == "%":
        return unquote(escape)
    if escape[0] == "&":
        return html.unescape(escape)
    body = escape.lstrip("\\")
    if body[0] == "x":
        return bytes(int(part.strip("\\"), 16) for part in escape.split("x")[1:]).decode("utf-8", "replace")
    if body[0] == "u":
        return chr(min(int(body[1:].strip("{}"), 16), 0x10FFFF))
    return chr(int(body, 8)) if body.isdigit() else body
