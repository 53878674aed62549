"""`python -m acceptance specification` writes the page from the features alone."""

import sys

import pytest

from acceptance.__main__ import main


@pytest.fixture
def command(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["acceptance", "specification", *map(str, arguments)])
        status = main()
        return (status, *capsys.readouterr())

    return run


def test_it_writes_the_features_of_any_folder(command, hotel):
    file = hotel.folder / "new" / "promises.html"
    status, out, err = command("--features", hotel.home, "--output", file)
    assert (status, out.strip(), err) == (0, str(file), "")
    assert "A taken room" in file.read_text("utf-8")


def test_what_cannot_be_read_is_said_and_the_rest_written(command, hotel):
    hotel.write("hotel/broken.feature", "Feature: Rooms\n  Senario: One\n")
    status, _, err = command("--features", hotel.home, "--output", hotel.folder / "page.html")
    assert (status, "broken.feature:2: “Senario: One” would be taken" in err) == (1, True)
    assert "A taken room" in (hotel.folder / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--system", "motel"], "No features of “motel” lie in {home}. There are: hotel."),
        (["--features", "{home}/none"], "No features lie in {home}/none. Write one, or name the folder by --features."),
        (["--output", "{home}/hotel"], "{home}/hotel cannot be written: Is a directory."),
    ],
)
def test_what_it_cannot_do_is_said_in_a_sentence(command, hotel, arguments, said):
    given = [one.format(home=hotel.home) for one in arguments]
    status, _, err = command("--features", hotel.home, *given)
    assert (status, err.strip()) == (2, said.format(home=hotel.home))
