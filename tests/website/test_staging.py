"""The pages of the site: those of the repository, with links that lead somewhere on the site."""

import pytest

from acceptance.report.specification.ids import feature_id, system_id
from website.building import navigation
from website.staging import BrokenLink, stage

README = """\
# Hotel

[docs](docs/README.md#begin), ![a picture](docs/images/a.png), [the features](features), [code](src/a.py),
[`.hidden/b.yml`](.hidden/b.yml) and [a folder](src), [elsewhere](https://example.org), [below](#below).

`[no link](nowhere.md)`

```text
[no link](nowhere.md)
```
"""
DOCS = """\
# Docs

| [second.md](second.md) | [one feature](../features/hotel/rooms.feature) | [one system](../features/hotel) |
| [systems/](systems) | [data](data.json) |
"""


@pytest.fixture
def repository(tmp_path):
    root = tmp_path / "repository"
    texts = {
        "README.md": README,
        "docs/README.md": DOCS,
        "docs/a.md": "# A",
        "docs/second.md": "# Second\n[more](../more/page.md)",
        "docs/systems/hotel.md": "# Hotel",
        "docs/decisions/README.md": "# Decisions",
        "docs/data.json": "{}",
        "docs/images/a.png": "picture",
        "features/glossary.md": "# Words",
        "features/hotel/rooms.feature": "Feature: Rooms",
        "more/page.md": "# More [back](../README.md)",
        "src/a.py": "code",
        ".hidden/b.yml": "hidden",
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_every_page_that_is_linked_to_is_there(repository, tmp_path):
    assert stage(tmp_path / "site", repository) == [
        "README.md",
        "docs/README.md",
        "docs/a.md",
        "docs/decisions/README.md",
        "docs/second.md",
        "docs/systems/hotel.md",
        "features/glossary.md",
        "more/page.md",
    ]


def test_links_lead_to_pages_to_the_specification_to_copies_or_are_text(repository, tmp_path):
    site = tmp_path / "site"
    stage(site, repository)
    readme, docs = (site / "README.md").read_text("utf-8"), (site / "docs/README.md").read_text("utf-8")
    assert "[docs](docs/README.md#begin), ![a picture](docs/images/a.png)" in readme
    assert "[the features](specification.html), [code](files/src/a.py)" in readme
    assert (
        "[`.hidden/b.yml`](files/hidden/b.yml) and a folder, [elsewhere](https://example.org), [below](#below)"
        in readme
    )
    assert readme.count("[no link](nowhere.md)") == 2
    assert f"[one feature](../specification.html#{feature_id('features/hotel/rooms.feature')})" in docs
    assert f"[one system](../specification.html#{system_id('hotel')})" in docs
    assert "| systems/ | [data](data.json) |" in docs
    assert [(site / name).is_file() for name in ("files/src/a.py", "files/hidden/b.yml", "docs/data.json")] == [
        True
    ] * 3


@pytest.mark.parametrize("link", ["nowhere.md", "docs/nowhere.json", "../outside.md", "features/none.feature"])
def test_a_link_to_nothing_is_refused(repository, tmp_path, link):
    (repository / "README.md").write_text(f"See [this]({link}).", encoding="utf-8")
    with pytest.raises(BrokenLink, match=rf"^README\.md: “this” links to {link}, which is not there\.$"):
        stage(tmp_path / "site", repository)


def test_the_navigation_follows_the_table_of_contents(repository, tmp_path):
    site = tmp_path / "site"
    groups = navigation(stage(site, repository), site)
    assert [next(iter(group)) for group in groups] == [
        "Start",
        "Features",
        "Documentation",
        "Systems",
        "Decisions",
        "Project",
    ]
    assert groups[1]["Features"] == [{"Specification": "specification.html"}, "steps.md", "features/glossary.md"]
    assert groups[2]["Documentation"] == ["docs/README.md", "docs/second.md", "docs/a.md"]
    assert groups[3]["Systems"] == ["docs/systems/hotel.md"]
