"""The page is packed: smaller, with the same content, and read as before."""

import base64
import json

import pytest

from acceptance.report import packed_page
from acceptance.report.render import trackers_in

CODE = "window.allure.start('é')"
DATA = {
    "widgets/tree.json": json.dumps({"name": "東京 <b>"}, ensure_ascii=False).encode(),
    "data/attachments/1.png": bytes(range(255, -1, -1)),
    "data/attachments/2.txt": b"",
}


def page(code=CODE, data=DATA):
    """A page as Allure builds it."""
    calls = ",".join(f'd("{name}","{base64.b64encode(value).decode()}")' for name, value in data.items())
    return (
        '<html><body><script   src="data:text/javascript;base64,'
        + base64.b64encode(code.encode()).decode()
        + '"></script>'
        "<script async>function d(){}</script>"
        f"<script defer>\n      Promise.allSettled([{calls}])\n      .then(function(){{}})\n</script>"
        "<p>after</p></body></html>"
    )


def test_nothing_is_lost():
    packed = packed_page.packed(page())
    assert packed_page.parts(packed) == {**DATA, "code": CODE.encode()}
    assert "Promise.allSettled" not in packed
    assert packed.endswith("<p>after</p></body></html>")


def test_what_repeats_takes_little_room():
    data = {f"data/test-results/{number}.json": b'{"status": "passed", "steps": []}' * 50 for number in range(200)}
    assert len(packed_page.packed(page(data=data))) < len(page(data=data)) / 20


def test_the_same_results_make_the_same_page():
    assert packed_page.packed(page()) == packed_page.packed(page())


def test_a_page_that_is_built_in_another_way_stays_as_it_is():
    other = "<html><script>load()</script></html>"
    assert packed_page.packed(other) == other
    assert packed_page.parts(other) == {}


def test_a_tracker_in_packed_code_is_found():
    spy = page(code="load('https://www.google-analytics.com')")
    assert trackers_in(packed_page.packed(spy)) == ["google-analytics"]


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_page_that_is_cut_off_is_called_damaged(kept):
    packed = packed_page.packed(page())
    start = packed.index('id="packed">') + len('id="packed">')
    end = packed.index("</script>", start)
    cut = packed[: start + int((end - start) * kept) // 4 * 4] + packed[end:]
    with pytest.raises(ValueError, match="damaged"):
        packed_page.parts(cut)
