"""On a full disk, a run continues to its end, reports what it could not write, keeps the rest, and is not green."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from listing import listing

resource = pytest.importorskip("resource", reason="looks into limits that only POSIX has")
pytestmark = pytest.mark.cloud

FEW = ("features/serverlesspresso", "--tags=@smoke", "--tags=not @app")
SCENARIOS = 5
# Between the size of a result (2 KB) and that of a picture (11 KB and more).
PICTURES_TOO_LONG = 8_000
EVERYTHING_TOO_LONG = 1_000


def at_most(size):
    """Limit the size of files. The operating system enforces it on all processes, as it does on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 48 KB. Only some may make one; the limit of a file's size, above, is tried everywhere."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"NOT TRIED on a file system that is really full: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["/bin/umount", folder], check=True)


@pytest.fixture
def before(cafe_account):
    return listing(cafe_account[1])


def unwritten(run):
    """How many files the run says that it could not write, and why not."""
    found = re.search(r"(\d+) files? of the report could not be written, the first one (\S+): ([^.]+)\.", run.output)
    assert found, run.output
    return int(found[1]), found[3]


def test_what_is_too_long_for_the_disk_is_told_and_the_rest_is_kept(guest, before, cafe_account, tmp_path):
    run = guest(*FEW, "-D", "report=no", before=at_most(PICTURES_TOO_LONG))
    assert run.ended() == 1
    assert run.words() == ["broken", *["passed"] * SCENARIOS], run.output
    assert unwritten(run)[1] == "File too large"
    assert "Make room" in run.output
    assert "Traceback" not in run.output
    assert list(tmp_path.rglob("*.tmp")) == [], "nothing that was cut off is left"
    assert listing(cafe_account[1]) == before


def test_result_that_could_not_be_written_is_told(guest, before, cafe_account, tmp_path):
    run = guest(*FEW, "-D", "report=no", before=at_most(EVERYTHING_TOO_LONG))
    assert run.ended() == 1
    assert run.output.count("Selected, but not reported:") == SCENARIOS, run.output
    assert f"{SCENARIOS} scenarios: {SCENARIOS} passed" in run.output
    assert "Traceback" not in run.output
    assert listing(cafe_account[1]) == before


def test_disk_that_is_full(guest, before, cafe_account, small_disk):
    results = small_disk / "work" / "results"
    run = guest(*FEW, "-D", f"results={results}")
    assert run.ended() == 1
    assert unwritten(run)[1] == "No space left on device"
    kept = [json.loads(path.read_text("utf-8")) for path in results.glob("*-result.json")]
    lost = run.output.count("Selected, but not reported:")
    assert [result["status"] for result in kept] == ["passed"] * (SCENARIOS - lost), run.output
    assert kept != []
    assert "There is no report: " in run.output
    assert "Traceback" not in run.output
    assert not (results.parent / "allure-report" / "index.html").exists()
    assert listing(cafe_account[1]) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_output_that_nobody_can_write(guest, before, cafe_account):
    with Path("/dev/full").open("wb") as full:
        run = guest(*FEW, "-D", "report=no", output=full, PYTHONUNBUFFERED="")
        assert run.ended() != 0
    assert run.words() == ["broken", *["passed"] * SCENARIOS]
    assert "The output could not be written: No space left on device. The run goes on" in run.output
    assert "Traceback" not in run.output
    assert listing(cafe_account[1]) == before


def test_reader_that_has_gone(guest, before, cafe_account):
    """As in `behave | head -1`: the run continues to its end, and cleans up."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = guest(*FEW, "-D", "report=no", output=writing, PYTHONUNBUFFERED="")
    finally:
        os.close(writing)
    assert run.ended() != 0
    assert run.words() == ["broken", *["passed"] * SCENARIOS]
    assert listing(cafe_account[1]) == before


@pytest.mark.parametrize("place", ["/dev/null/results", "/proc/results"], ids=["no folder", "not writable"])
def test_folder_that_cannot_be_made_is_told_before_the_first_scenario(behave, place):
    run = behave("features/serverlesspresso", "--tags=@smoke", "-D", f"results={place}")
    assert run.status == 1
    assert any(f"The results cannot be written to {place}: " in line for line in run.said), run.output
    assert "Traceback" not in run.output
