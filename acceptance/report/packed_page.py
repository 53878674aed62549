"""Packs a rendered page: compressed data and code, unpacked by the browser that opens it.

Allure's single file contains its own code and every result as base64, which a mail cannot hold for long: 15 MB for 377
scenarios, and base64 makes a file larger by a third and hides repetitions from a packer. Packed, the same page is a
quarter of the size.
"""

import base64
import binascii
import json
import re
import zlib
from pathlib import Path

_UNPACK = Path(__file__).with_name("unpack.js")
_DATA = re.compile(r'd\("([^"]+)","([A-Za-z0-9+/=]*)"\),?')
_LOADED = re.compile(r"<script defer>\s*Promise\.allSettled\(\[.*?</script>", re.DOTALL)
_CODE = re.compile(r'<script\s+src="data:text/javascript;base64,([A-Za-z0-9+/=]+)"></script>')
_KEPT = re.compile(r'<script type="application/x-deflate-base64" id="packed">([A-Za-z0-9+/=]+)</script>')


def packed(html: str) -> str:
    """Pack a page that Allure has rendered to a single file.

    A page with another structure is returned unchanged.
    """
    code, loaded = _CODE.search(html), _LOADED.search(html)
    if code is None or loaded is None:
        return html
    texts, others = {}, {}
    for name, value in _DATA.findall(loaded.group()):
        try:
            texts[name] = base64.b64decode(value).decode("utf-8")
        except UnicodeDecodeError:
            others[name] = value
    script = base64.b64decode(code.group(1)).decode("utf-8")
    content = pack({"code": script, "texts": texts, "others": others})
    kept = f'<script type="application/x-deflate-base64" id="packed">{content}</script>'
    unpack = _UNPACK.read_text(encoding="utf-8")
    page = f"{html[: loaded.start()]}{kept}\n    <script>\n{unpack}</script>{html[loaded.end() :]}"
    return page.replace(code.group(), "", 1)


def pack(content: object) -> str:
    """Return content as JSON, compressed by zlib, in base64; the same content gives the same text."""
    text = json.dumps(content, ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def parts(html: str) -> dict[str, bytes]:
    """Return the contents of a packed page: Allure's code as `code`, each result and attachment by its path.

    A page that is not packed has none. Raises ValueError if the packed part is damaged.
    """
    kept = _KEPT.search(html)
    if kept is None:
        return {}
    try:
        content = json.loads(zlib.decompress(base64.b64decode(kept.group(1))))
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"The packed part of this page is damaged: {error}") from error
    named = {name: text.encode("utf-8") for name, text in content["texts"].items()}
    named |= {name: base64.b64decode(value) for name, value in content["others"].items()}
    return {**named, "code": content["code"].encode("utf-8")}
