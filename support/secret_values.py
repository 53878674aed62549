"""Tells secrets by their values: those that the run has met, and those whose shape gives them away."""

from __future__ import annotations

import base64
import binascii
import bisect
import html
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote

# A shorter value would be found in texts that have nothing to do with it.
SHORTEST = 6
_KEY = 6
_ALONE = 12  # a shorter one counts only where it is a word of its own

# A run of what tokens are made of. base64 by mail is broken into lines of 60 characters or more.
_RUN = re.compile(
    r"[A-Za-z0-9_+/.\-]{60,}+(?:(?:\r?\n|\\n)[A-Za-z0-9_+/\-]{20,}+)*+(?:(?:\r?\n|\\n)[A-Za-z0-9_+/\-]+=)?={0,2}|[A-Za-z0-9_+/.\-]{12,}+={0,2}"
)
_TASK_TOKEN = "AAAAKgAAAA"  # noqa: S105 - how each one of Step Functions begins, behind its version
_JWT = re.compile(r"eyJ[A-Za-z0-9_\-]{5,}+\.")
_ISSUED = re.compile(
    r"(?:AKIA|ASIA)[A-Z0-9]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w\-]{16,}|xox[abprs]-[\w\-]{10,}|"
    r"(?:sk|rk|pk)_(?:live|test)_\w{10,}|AIza[\w\-]{30,}|npm_[A-Za-z0-9]{30,}|pypi-AgE[\w\-]{16,}"
)
_ESCAPED = re.compile(
    r"(?:\\{1,8}+u[0-9a-fA-F]{4}|\\{1,8}+x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}|&\#x?[0-9a-fA-F]{1,6};|&\w{2,6};|"
    r"[A-Za-z0-9_+/=.~:@!*$,;\-])++"
)
_ESCAPE = re.compile(
    r"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})|&\#(\d{1,6});|&\#x([0-9a-fA-F]{1,6});|%([0-9a-fA-F]{2})"
)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_BROKEN = re.compile(r"(?<=\S)[ \t]*\r?\n[ \t|>]*(?=\S)")


_PLAIN = re.compile(r"[A-Za-z0-9_.\-]+")


def _codings(value: str) -> Iterator[str]:
    """Give a value as it stands in JSON, in Python, in URLs and in HTML: its signs look different in each."""
    yield value
    for ascii_only in (True, False):
        within = value
        for _ in range(3):
            within = json.dumps(within, ensure_ascii=ascii_only)[1:-1]
            yield within
    yield from (repr(value)[1:-1], repr(f"'{value}")[2:-1], repr(value.encode("utf-8", "replace"))[2:-1])
    for coded in (
        quote(value, errors="replace"),
        quote(value, safe="", errors="replace"),
        quote_plus(value, errors="replace"),
    ):
        yield from (coded, quote(coded))
    for coded in (html.escape(value), html.escape(value, quote=False), html.escape(value).replace("&#x27;", "'")):
        yield from (coded, coded.replace("&quot;", "&#34;").replace("&#x27;", "&#39;"))


class KnownSecrets:
    """The secret values that this run has met. Finding them takes as long for thousands as for one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_beginning: dict[str, set[str]] = {}

    def add(self, value: str) -> None:
        """Remember a secret."""
        value = value.strip()
        if len(value) < SHORTEST or value.lower() in ("password", "secret", "embedded", "changeit"):
            return
        with self._lock:
            for form in {value} if _PLAIN.fullmatch(value) else set(_codings(value)):
                self._by_beginning.setdefault(form[:_KEY], set()).add(form)

    def forget(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._by_beginning.clear()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Find where secrets stand, also one that is broken over several lines."""
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
        known, at = self._by_beginning, 0
        for at in range(len(text) - SHORTEST + 1):
            forms = known.get(text[at : at + _KEY])
            if not forms:
                continue
            found = max((form for form in tuple(forms) if text.startswith(form, at)), key=len, default="")
            if found and self._stands_alone(text, at, found):
                yield at, at + len(found)

    @staticmethod
    def _stands_alone(text: str, at: int, value: str) -> bool:
        around = text[max(0, at - 1) : at] + text[at + len(value) : at + len(value) + 1]
        return len(value) >= _ALONE or not any(sign.isalnum() for sign in around)


KNOWN = KnownSecrets()


def remember_secret(value: str) -> str:
    """Remember a secret value of this run, to mask it wherever it turns up, and return it."""
    KNOWN.add(value)
    return value


def looks_made(word: str) -> bool:
    """Answer whether a word looks as if a machine had made it: long, and of letters and digits."""
    word = word.strip("\"'.,;:()[]{}<>")
    if len(word) < 8 or " " in word or _DATE.match(word):
        return False
    if not re.search(r"[A-Za-z]", word):
        return False
    return bool(re.search(r"\d", word)) or (
        len(word) >= 24 and not re.fullmatch(r"[A-Za-z]?[a-z]+|[\w./:\-]*[a-z]{3}[\w./:\-]*", word)
    )


def secret_by_shape(text: str) -> Iterator[tuple[int, str]]:
    """Find task tokens, JWTs and keys that services issue, with where they begin."""
    for match in _RUN.finditer(text):
        run = match[0]
        if _TASK_TOKEN in run:
            yield match.start(), run
        elif jwt := _JWT.search(run):
            yield match.start() + jwt.start(), run[jwt.start() :]
        else:
            for issued in _ISSUED.finditer(run):
                yield match.start() + issued.start(), issued[0]


def decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Find what is coded as base64, hexadecimal digits or escapes: from where to where, and what it says."""
    for match in _RUN.finditer(text):
        words = _plain(match[0])
        if words:
            yield match.start(), match.end(), words
    if any(sign in text for sign in ("%", "\\u", "\\x", "&")):
        for match in _ESCAPED.finditer(text):
            run = match[0]
            if "%" in run or "\\" in run or "&" in run:
                words = unescaped(run)
                if words != run:
                    yield match.start(), match.end(), words


def _plain(run: str) -> str:
    """Return what a run of base64 or of hexadecimal digits says; "" if it says nothing."""
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


def unescaped(text: str) -> str:
    """Undo the escapes of JSON, Python, URLs and HTML."""

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[4]
        number = int(code, 16) if code else int(match[3] or "0")
        return chr(number) if 0 < number < 0x110000 else match[0]

    if "%" in text:
        text = unquote(text)
    text = _ESCAPE.sub(lambda match: match[0] if match[5] else one(match), text)
    for coded, plain in (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(coded, plain)
    return text
