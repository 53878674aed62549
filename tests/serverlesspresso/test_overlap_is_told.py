"""A scenario's page shows how actions overlapped, or that nothing could be delayed there."""

from acceptance.aws.account import Account
from support.serverlesspresso.overlap import Overlap


def test_on_another_account_nothing_is_slowed_down_and_that_is_told():
    overlap = Overlap(Account("eu-west-1"), 7)
    assert not overlap.is_made
    with overlap.slowed_down():
        pass
    [note] = overlap.notes
    assert "Nothing was slowed down on this account" in note
    assert "7" not in note


def test_the_seed_is_told_once(cafe_account):
    overlap = Overlap(cafe_account[1], 4711)
    assert overlap.is_made
    for _ in range(2):
        with overlap.slowed_down():
            pass
    [note] = overlap.notes
    assert "-D serverlesspresso_seed=4711" in note


def test_who_was_held_is_told(cafe_account):
    overlap = Overlap(cafe_account[1], 4711)
    with overlap.first_write_held("order") as has_come:
        assert not has_come()
    assert overlap.notes
