"""Links of a built site are checked: files, anchors, and resources that a page would load."""

import pytest

from website.links import problems_of


@pytest.fixture
def site(tmp_path):
    def made(body, **files):
        (tmp_path / "folder").mkdir()
        texts = {"index.html": body, "folder/index.html": '<p id="here">', "a b.txt": "", **files}
        for name, text in texts.items():
            (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
        return tmp_path

    return made


@pytest.mark.parametrize(
    "body",
    [
        '<a href="folder/">x</a><a href="folder/index.html#here">x</a><a href="a%20b.txt">x</a>',
        '<h1 id="top"></h1><a href="#top">x</a><a href="">x</a><a href="https://example.org/x">x</a>',
        '<a href="mailto:a@example.org">x</a><a name="old"></a><a href="#old">x</a>',
        '<img src="a%20b.txt"><img src="data:image/png;base64,AA"><link rel="canonical" href="https://example.org">',
    ],
)
def test_a_link_that_leads_somewhere_is_no_problem(site, body):
    assert problems_of(site(body)) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="none.html">x</a>', "index.html links to none.html: there is no such file."),
        ('<a href="../outside.html">x</a>', "index.html links to ../outside.html: there is no such file."),
        ('<a href="#none">x</a>', "index.html links to #none: there is no such place on that page."),
        (
            '<a href="folder/index.html#none">x</a>',
            "index.html links to folder/index.html#none: there is no such place on that page.",
        ),
        ('<img src="none.png">', "index.html loads none.png: there is no such file."),
        (
            '<script src="https://cdn.example.org/a.js"></script>',
            "index.html loads https://cdn.example.org/a.js: it is elsewhere.",
        ),
        (
            '<link rel="stylesheet" href="//fonts.example.org/a.css">',
            "index.html loads //fonts.example.org/a.css: it is elsewhere.",
        ),
    ],
)
def test_a_link_that_leads_nowhere_or_loads_from_elsewhere_is_a_problem(site, body, problem):
    assert problems_of(site(body)) == [problem]


def test_a_style_that_loads_from_elsewhere_is_a_problem(site):
    style = "@import 'https://fonts.example.org/a.css'; p { background: url(//x.example.org/b.png) url(c.png) }"
    assert problems_of(site("", style__css=style)) == [
        "style.css loads https://fonts.example.org/a.css from elsewhere.",
        "style.css loads //x.example.org/b.png from elsewhere.",
    ]
