"""What is asked of a load run, and what is said of what cannot be."""

import argparse

import pytest

from acceptance.trouble import Trouble
from load import __main__ as command_line
from load import options
from load.trade import Trade


class Bookings(Trade):
    system = None
    promises = ()
    counted = "bookings"
    usd_each = 0.01

    def prepare(self, target):
        raise NotImplementedError

    def enter(self, target):
        raise NotImplementedError


def read(*arguments, users=1, run_time=0):
    parser = argparse.ArgumentParser()
    options.add_options(parser)
    parsed = parser.parse_args(arguments)
    parsed.num_users, parsed.run_time = users, run_time
    return options.read(parsed, Bookings())


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "--orders-at-most and --usd-at-most is not named"),
        (("--orders-at-most", "100"), "--usd-at-most is not named"),
        (("--usd-at-most", "1"), "--orders-at-most is not named"),
    ],
)
def test_on_aws_both_ceilings_have_to_be_named(given, missing):
    with pytest.raises(Trouble, match=missing):
        read("-D", "target=aws", *given)


def test_what_may_cost_more_than_the_ceiling_does_not_begin():
    with pytest.raises(Trouble, match=r"600 bookings may cost \$6.00, and the ceiling is \$5.00"):
        read("-D", "target=aws", "--orders-at-most", "1000", "--usd-at-most", "5", users=10, run_time=60)


def test_the_lower_ceiling_counts():
    asked = read("-D", "target=aws", "--orders-at-most", "1000", "--usd-at-most", "5", users=1, run_time=60)
    assert options.most(asked, Bookings()) == 500


@pytest.mark.parametrize("wrong", [("--orders-at-most", "0"), ("--usd-at-most", "nan"), ("--percent", "101")])
def test_an_amount_that_means_nothing_is_refused(wrong):
    with pytest.raises(SystemExit):
        read(*wrong)


def test_a_setting_without_a_value_is_refused_in_a_sentence():
    with pytest.raises(Trouble, match="-D target is no setting: write -D name=value"):
        read("-D", "target")


def test_without_the_engine_it_says_which_extra(monkeypatch):
    monkeypatch.setattr(command_line, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="extra “load”"):
        command_line.command(["cafe"])


def test_an_unknown_system_is_named_with_those_there_are():
    with pytest.raises(SystemExit, match=r"called “tea”. There are: cafe, orders"):
        command_line.command(["tea"])


def test_what_is_said_is_not_said_again_and_a_page_is_locusts_own():
    assert command_line.command(["cafe", "--users=9"]).count("-u") == 0
    assert "--headless" not in command_line.command(["cafe", "--web-port", "8090"])
