"""A run of the suite that tests nothing leaves the last report alone, and renders none where none is wanted."""

import json
import tempfile

import pytest
from places import ROOT

SMOKE = ("--tags=@smoke", "features/serverlesspresso")
EARLIER = json.dumps({"uuid": "1", "name": "one", "status": "passed"})


@pytest.fixture
def last(tmp_path):
    """What a real run has left."""
    left = {"results/earlier-result.json": EARLIER, "allure-report/index.html": "the page", "history.jsonl": "{}\n"}
    for name, text in left.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return left


def texts(folder):
    kept = (path for path in folder.rglob("*") if path.is_file() and path.suffix in (".json", ".html", ".jsonl"))
    return {str(path.relative_to(folder)): path.read_text() for path in kept}


@pytest.mark.parametrize(
    "slip",
    [
        ["-D", "targt=aws", *SMOKE],
        ["-D", "embedded_port=http", *SMOKE],
        ["-D", "target=aws", *SMOKE],
        ["-D", "target=aws", "-j", "2", *SMOKE],
        ["-D", "serverlesspresso_template=nowhere", *SMOKE],
        ["--tags=@nothing"],
        ["--dry-run", *SMOKE],
        ["features/nothing"],
    ],
    ids=["setting", "value", "credentials", "credentials of workers", "template", "selection", "dry run", "path"],
)
def test_last_report_stays(behave, last, tmp_path, slip):
    run = behave(*slip, AWS_REGION="eu-west-1")
    assert run.status == (0 if "--dry-run" in slip else 1)
    assert texts(tmp_path) == last
    assert "Report:" not in run.output
    if "--dry-run" not in slip and "features/nothing" not in slip:
        assert run.said[-1] == f"No scenario has run, so the last report stays: {tmp_path / 'results'}"


@pytest.mark.cloud
def test_rerun_of_what_failed_keeps_the_figures_of_the_whole_run(behave, last, tmp_path):
    figures = tmp_path / "results" / "service-levels-perf.json"
    figures.write_text("[]")
    with tempfile.NamedTemporaryFile("w", dir=ROOT / "reports", suffix=".txt") as listed:  # with the steps above it
        listed.write(f"{ROOT}/features/serverlesspresso/claiming.feature\n")
        listed.flush()
        run = behave(f"@{listed.name}", "--tags=@smoke", "-D", "report=no")
    assert run.status == 0, run.output
    assert figures.read_text() == "[]"
    assert texts(tmp_path)["results/earlier-result.json"] == EARLIER
    assert set(run.words()) == {"passed"}
    assert len(run.words()) > 1


@pytest.mark.parametrize("slip", ["targt=aws", "embedded_port=http"])
def test_no_page_where_none_is_wanted(behave, slip):
    run = behave(*SMOKE, "-D", "report=no", "-D", slip)
    assert run.status == 1
    assert set(run.words()) == {"broken"}
    assert not run.page.exists()


def test_log_is_not_written_through_a_link(behave, tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "embedded-account.log").symlink_to(tmp_path / "mine")
    run = behave(*SMOKE, "-D", "report=no", "-D", "serverlesspresso_template=nowhere")
    assert run.status == 1
    assert (tmp_path / "mine").read_text() == "mine"
