"""Makes a text harmless for its displays: terminals, XML, browsers, readers that go from left to right."""

from __future__ import annotations

import re

# Half of a character that was cut in two, and invalid code points.
_NO_CHARACTER = "\ufffd"
_COLOURS = r"\x1b\[[0-9;:]*m"
# Characters that change the direction of reading, or mark it.
_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ODD = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + _TURNS
_UNSEEN = re.compile(rf"\r\n|{_COLOURS}|[{_ODD}]")
# On a terminal, our own formatters use colours, and rewrite a line.
_OURS = re.compile(rf"(?:{_COLOURS}|\x1b\[[0-9]*[AK]|\r)+|[{_ODD}]")
_PLAIN = str.maketrans({"›": ">", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "·": "-", "•": "*"})


def visible(text: str) -> str:
    """Return the text without colours, and with signs for control and invisible characters, and halves."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(_sign, text)


def visible_on_terminal(text: str) -> str:
    """Return the same, but keep colours and rewritten lines, which formatters use on purpose."""
    return text if text.isascii() and text.isprintable() else _OURS.sub(_kept_or_sign, text)


def printable(text: str, encoding: str | None) -> str:
    """Replace what a stream of this encoding cannot print, by similar ASCII if there is any."""
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        plain = text.translate(_PLAIN)
        known = encoding if encoding and _is_known(encoding) else "ascii"
        return plain.encode(known, "replace").decode(known)
    return text


def _is_known(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True


def _sign(match: re.Match[str]) -> str:
    found = match[0]
    if found == "\r\n":
        return "\n"
    if len(found) > 1:
        return ""
    code = ord(found)
    if code < 0x20:  # Unicode's pictures of control characters stand in their order
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if re.match(f"[\x80-\x9f{_TURNS}]", found):
        return f"<U+{code:04X}>"
    return _NO_CHARACTER


def _kept_or_sign(match: re.Match[str]) -> str:
    return match[0] if match[0][0] in "\r\x1b" and (len(match[0]) > 1 or match[0] == "\r") else _sign(match)


def cut(text: str, longest: int, left: int = 0) -> str:
    """Return at most so many characters of a text, and how many more there are; `left` were left out before."""
    left += max(0, len(text) - longest)
    return f"{text[:longest]}\n… ({left} more characters left out)" if left else text
