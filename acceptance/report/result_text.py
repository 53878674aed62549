"""The text of Allure's files: clean, no longer than people read, and always written, whatever a test put into it."""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
from collections.abc import Mapping
from typing import Any

from attr import asdict

from acceptance.masking import masked, masked_rows, words_of
from acceptance.report.cleaning import clean
from acceptance.report.verdicts import describe
from acceptance.visible import cut, visible

# Far longer than any attachment of ours: those are of some 20 kB.
LONGEST = 500_000
_MARGIN = 5_000
# A truncated picture or page is useless; they are our own, and as long as they are.
_WHOLE = ("svg", "html", "htm")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"PK\x03\x04", b"\x1f\x8b")
# Values that identify scenarios were cleaned when they were created, and are compared with the run.
_IDENTITY = ("uuid", "fullName", "historyId", "testCaseId", "source", "start", "stop", "status", "children")
_DEEPEST = 60


def result_text(item: Any) -> str:
    """Return the JSON text of an Allure item; of a reduced one with the same verdict if the whole cannot be written."""
    try:
        whole = asdict(item, filter=lambda _, value: value or value is False)
        return json.dumps(_plain(whole), ensure_ascii=False, allow_nan=False)
    except Exception as error:  # noqa: BLE001 - a test may have put anything into it, and its verdict counts
        return json.dumps(_smaller(item, error), ensure_ascii=False)


def attachment(body: Any, name: str) -> bytes:
    """Return the text of an attachment, which may be anything."""
    kind = name.rpartition(".")[2].lower()
    try:
        if not isinstance(body, bytes | bytearray):
            return _clean_text(words_of(body), kind).encode("utf-8")
        return _clean_bytes(bytes(body), kind)
    except Exception as error:  # noqa: BLE001 - as above
        return f"This attachment could not be written: {clean(describe(error))}".encode("utf-8", "replace")


def _clean_bytes(body: bytes, kind: str) -> bytes:
    if body.startswith(_PICTURES):
        return body
    for mark, coding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"", "utf-8")):
        if body.startswith(mark):
            try:
                return _clean_text(body.decode(coding), kind).encode("utf-8")
            except UnicodeDecodeError:
                continue
    # Bytes of an unknown encoding stay unchanged, unless a secret can be read in them.
    words = body.decode("latin-1")
    found = str(masked(words))
    return body if found == words else found.encode("latin-1", "replace")


def _clean_text(text: str, kind: str) -> str:
    if kind in _WHOLE:
        return clean(text)
    left = max(0, len(text) - LONGEST - _MARGIN)
    text = visible(text[: LONGEST + _MARGIN])
    text = _clean_table(text) if kind == "csv" else str(masked(text))
    return cut(text, LONGEST, left)


def _clean_table(text: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    done = masked_rows(rows)
    if done == rows:
        return text
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(done)
    return written.getvalue()


def _plain(value: Any, depth: int = 0) -> Any:
    """Return the clean parts of an item that JSON can represent."""
    if isinstance(value, str):
        return clean(cut(value, LONGEST))
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int):
        return value
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        shown = {words_of(key): item if key in _IDENTITY else _plain(item, depth + 1) for key, item in value.items()}
        if "name" in shown and isinstance(shown.get("value"), str):  # a parameter
            shown["value"] = masked({"name": shown["name"], "value": shown["value"]})["value"]
        return shown
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, depth + 1) for item in value]
    return clean(words_of(value))


def _smaller(item: Any, error: BaseException) -> dict[str, Any]:
    """Return what readers and the check of the report need: the scenario, and how it ended."""
    shown: dict[str, Any] = {}
    for name in ("uuid", "name", "fullName", "historyId", "testCaseId", "status", "start", "stop"):
        value = getattr(item, name, None)
        if value is not None:
            shown[name] = value if isinstance(value, int) else visible(words_of(value))
    details = getattr(item, "statusDetails", None)
    message = clean(str(getattr(details, "message", None) or ""))
    why = f"The rest of this result could not be written: {clean(describe(error))}"
    shown["statusDetails"] = {"message": f"{message}\n{why}".strip()}
    labels = getattr(item, "labels", None) or []
    shown["labels"] = [{"name": clean(str(label.name)), "value": clean(str(label.value))} for label in labels]
    return shown
