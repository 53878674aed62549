"""The rendered page: one file with the scenarios, which makes no network requests."""

import base64
import errno
import json
import re
import shutil
import socket
from pathlib import Path

import pytest

from acceptance.report import __main__ as command
from acceptance.report import node, packed_page, render

pytestmark = [pytest.mark.node, pytest.mark.trust("page")]

REPORTS = Path(render.__file__).resolve().parents[2] / "reports"


def test_the_page_holds_the_scenarios_and_calls_nobody(project, tmp_path):
    project.feature(
        "Feature: Ordering a drink\n  Rule: Only what is on the menu\n"
        "    Scenario: A drink off the menu is refused\n      When a promise is broken\n"
    )
    results = project.run().folder / "reports" / "allure-results"
    cover = render.render(results, tmp_path / "page")
    html = cover.with_name(render.ALLURE).read_text(encoding="utf-8")
    embedded = b" ".join(packed_page.parts(html).values()).decode("utf-8", "replace")
    assert embedded, "Allure builds its page in another way now: see acceptance/report/packed_page.py"
    for name in ("A drink off the menu is refused", "Only what is on the menu", "Ordering a drink", "Cafe"):
        assert name in embedded
    assert "Café acceptance" in html
    assert render.trackers_in(html) == []
    assert "Content-Security-Policy" in html
    assert sorted(path.name for path in cover.parent.iterdir()) == ["allure.html", "index.html"]
    beside = {path.name for path in tmp_path.iterdir()}
    assert {"history.jsonl", "summary.md", "summary.json"} <= beside
    told = cover.read_text(encoding="utf-8")
    assert "Do not release: 1 cause, 1 failed" in told
    assert re.search(r'href="allure\.html#[0-9a-f]{32}"', told)


def test_trackers_are_removed_and_nothing_else_is():
    page = (
        '<head><meta charset="utf-8"></head><script src="https://www.googletagmanager.com/gtag/js"></script>'
        "<script>\nfunction gtag(){}\ngtag('js');\n</script><script>window.allure = {}</script>"
    )
    silent = render.silence(page)
    assert render.trackers_in(page) == [
        "/gtag/",
        "googletagmanager",
        "gtag(",
        "https://www.googletagmanager.com/gtag/js",
    ]
    assert render.trackers_in(silent) == []
    assert "<script>window.allure = {}</script>" in silent


@pytest.mark.parametrize(
    "left",
    [
        '<img src="//elsewhere.example/pixel.gif">',
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
        '<script src="data:text/javascript;base64,'
        + base64.b64encode(b"load('https://www.google-analytics.com')").decode()
        + '"></script>',
    ],
    ids=["picture", "style", "embedded"],
)
def test_a_tracker_that_is_left_is_found(left):
    assert render.trackers_in(render.silence(f'<meta charset="utf-8">{left}'))


def test_a_run_that_is_rendered_twice_is_one_run(project, tmp_path):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    for _ in range(2):
        results = project.run().folder / "reports" / "allure-results"
        render.render(results, tmp_path / "page")
        (results / "cut-result.json").write_text('{"uuid": "cut', encoding="utf-8")
        render.render(results, tmp_path / "page")
    assert len((tmp_path / "history.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_a_history_that_was_cut_off_does_not_keep_the_next_report_away(project, tmp_path):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    history = tmp_path / "history.jsonl"
    render.render(project.run().folder / "reports" / "allure-results", tmp_path / "page")
    with history.open("a", encoding="utf-8") as file:
        file.write('{"uuid": "cut')
    render.render(project.run().folder / "reports" / "allure-results", tmp_path / "page")
    assert len([json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]) == 2


def test_nothing_to_render_is_said_in_a_sentence(tmp_path, capsys):
    assert command.main(["--results", str(tmp_path), "--output", str(tmp_path / "page")]) == 1
    assert "There are no results in" in capsys.readouterr().err


def test_a_machine_without_node_is_told_what_to_do(tmp_path, capsys, monkeypatch):
    (tmp_path / "a-result.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(node, "_on_path", lambda: None)
    monkeypatch.setattr(node, "_from_wheel", lambda: None)
    assert command.main(["--results", str(tmp_path), "--output", str(tmp_path / "page")]) == 1
    assert "pip install -r requirements.txt" in capsys.readouterr().err


def test_a_failing_npm_is_told_in_its_own_words(tmp_path, monkeypatch):
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "package-lock.json").write_text("no lock", encoding="utf-8")
    (reports / "package.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(render, "REPORTS", reports)
    (tmp_path / "a-result.json").write_text("{}", encoding="utf-8")
    with pytest.raises(render.RenderError, match=r"npm could not install Allure .*npm registry"):
        render.render(tmp_path, tmp_path / "page")


@pytest.mark.parametrize("registry", ["refuses", "says nothing"])
def test_npm_out_of_reach_is_asked_once_a_minute(tmp_path, monkeypatch, capsys, registry):
    reports = tmp_path / "reports"
    reports.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(REPORTS / name, reports)
    (tmp_path / "a-result.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(render, "REPORTS", reports)
    monkeypatch.setattr(render, "PING_PATIENCE_S", 60.0 if registry == "refuses" else 5.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{listener.getsockname()[1]}/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
        if registry == "refuses":
            listener.close()
        with pytest.raises(render.RenderError, match=r"npm could not install Allure \(.*python -m acceptance\.report"):
            render.render(tmp_path, tmp_path / "page")
        assert capsys.readouterr().err == "Installing Allure from npm …\n"
        with pytest.raises(render.RenderError, match="less than a minute ago"):
            render.render(tmp_path, tmp_path / "page")
        assert capsys.readouterr().err == ""
        monkeypatch.setattr(render, "PAUSE_S", 0.0)  # as if a minute had passed
        with pytest.raises(render.RenderError, match=r"npm could not install Allure \("):
            render.render(tmp_path, tmp_path / "page")
    assert (tmp_path / "a-result.json").exists()


def test_a_failing_allure_is_told_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(render, "_install", lambda found: None)
    monkeypatch.setattr(render, "REPORTS", tmp_path)
    (tmp_path / "a-result.json").write_text("{}", encoding="utf-8")
    with pytest.raises(render.RenderError, match="Allure could not render"):
        render.render(tmp_path, tmp_path / "page")


def test_the_wheels_node_is_found_where_the_path_has_none(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = node.find()
    said = found.run([*found.npm, "--version"], cwd=tmp_path)
    assert re.match(r"\d+\.", said.stdout)


def test_the_lock_pins_allure_and_names_no_other_registry():
    lock = json.loads((REPORTS / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((REPORTS / "package.json").read_text(encoding="utf-8"))["dependencies"]["allure"]
    assert lock["packages"]["node_modules/allure"]["version"] == wanted
    for package in lock["packages"].values():
        assert package.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/")


@pytest.mark.parametrize("before", ["the last page", None], ids=["in place of another", "the first"])
def test_a_page_that_cannot_be_written_leaves_the_one_before(tmp_path, monkeypatch, before):
    page = tmp_path / "index.html"
    if before:
        page.write_text(before, encoding="utf-8")
    opened = Path.open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            self.file.close()

        def write(self, body):
            self.file.write(body[:3])
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda path, *how, **more: Full(opened(path, *how, **more)))
    with pytest.raises(OSError, match="No space left"):
        render._write(page, "the new page")
    monkeypatch.undo()
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == (
        {"index.html": before} if before else {}
    )
