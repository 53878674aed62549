"""`python -m acceptance new` writes a system that is green at once, and red when it is broken as its comment says."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from running import surroundings

from acceptance.scaffold import HERE, new
from acceptance.trouble import Trouble

WHAT_A_RUN_NEEDS = ("acceptance", "support", "reports/*.json", "reports/*.mjs", "environment.py", "behave.ini")

DEAR = pytest.mark.trust("scaffold")  # a whole run each


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """A copy of the suite with a user's own system beside the shipped ones."""
    folder = tmp_path_factory.mktemp("suite")
    for wanted in WHAT_A_RUN_NEEDS:
        for path in ROOT.glob(wanted):
            to = folder / path.relative_to(ROOT)
            if path.is_dir():
                shutil.copytree(path, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                to.parent.mkdir(exist_ok=True)
                shutil.copy(path, to)
    made = run(folder, "acceptance", "new", "parcels")
    assert made.returncode == 0, made.stdout
    return folder


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=surroundings(folder, PYTHONPATH=str(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def behave(folder, *more):
    return run(folder, "behave", "features/parcels", "-D", "report=no", *more)


@pytest.mark.cloud
@pytest.mark.runs
class TestInARun:
    def test_it_is_green_at_once_its_parts_are_exercised_and_its_way_is_drawn(self, suite):
        ran = behave(suite)
        assert ran.returncode == 0, ran.stdout
        assert "5 scenarios: 5 passed" in ran.stdout
        results = suite / "reports" / "allure-results"
        pages = [path.read_text("utf-8") for path in results.glob("*-attachment.html")]
        assert any("parcels-workflow" in page and "Announce" in page for page in pages)
        pictures = [path.read_text("utf-8") for path in results.glob("*-attachment.svg")]
        assert any("ParcelConfirmed" in picture for picture in pictures)

    @pytest.mark.parametrize(
        ("old", "now", "failed", "words"),
        [
            ("status: {S: confirmed}", "status: {S: pending}", 3, ["one parcel with guest 'Ada'", "status 'pending'"]),
            pytest.param(
                "DetailType: ParcelConfirmed",
                "DetailType: ParcelDone",
                3,
                ["one confirmation with", "there is none"],
                marks=DEAR,
            ),
            pytest.param(
                "Default: Refuse",
                "Default: Store",
                1,
                ["one execution that failed with NoGuest", "one is SUCCEEDED"],
                marks=DEAR,
            ),
            pytest.param('{"#key": reference}', '{"#key": another}', 1, ["with guest 'Ada'", "; one with"], marks=DEAR),
        ],
    )
    def test_it_is_red_when_it_is_broken(self, suite, old, now, failed, words):
        template = suite / "systems" / "parcels" / "template.yaml"
        whole = template.read_text("utf-8")
        assert whole.count(old) == 1
        template.write_text(whole.replace(old, now), encoding="utf-8")
        try:
            ran = behave(suite, "-D", "patience=3")
        finally:
            template.write_text(whole, encoding="utf-8")
        assert ran.returncode == 1, ran.stdout
        assert f"{failed} failed" in ran.stdout
        for told in words:
            assert told in ran.stdout


class TestNew:
    def test_words_are_replaced_in_every_form(self, tmp_path):
        files = new("rush_orders", tmp_path, "rush_order")
        text = (tmp_path / "support" / "rush_orders" / "system.py").read_text("utf-8")
        assert "class RushOrders(DeclaredSystem)" in text
        assert Path("features/rush_orders/rush_orders.feature") in files
        assert not [path for path in files if "ooking" in (tmp_path / path).read_text("utf-8")]

    def test_every_file_is_written_once(self, tmp_path):
        assert len(new("trips", tmp_path)) == len(list(HERE.rglob("*.txt")))

    @pytest.mark.parametrize("name", ["", "Trips", "my-trips", "2trips", "trips_", "class", "tri ps", "../trips"])
    def test_what_is_no_name_is_refused(self, tmp_path, name):
        with pytest.raises(Trouble, match="cannot be called"):
            new(name, tmp_path)
        assert not list(tmp_path.iterdir())

    def test_a_system_that_is_there_is_left_alone(self, tmp_path):
        with pytest.raises(Trouble, match="A system called “retail” already exists"):
            new("retail", tmp_path)

    def test_a_file_that_is_there_is_left_alone(self, tmp_path):
        mine = tmp_path / "steps" / "trips" / "trips.py"
        mine.parent.mkdir(parents=True)
        mine.write_text("# mine", encoding="utf-8")
        with pytest.raises(Trouble, match="already exists, so nothing was written"):
            new("trips", tmp_path)
        assert mine.read_text("utf-8") == "# mine"
        assert not (tmp_path / "features").exists()

    def test_the_command_says_what_is_wrong(self, tmp_path):
        ran = run(tmp_path, "acceptance", "new", "My-Trips")
        assert ran.returncode == 2
        assert ran.stdout.startswith("A system cannot be called “My-Trips”")
