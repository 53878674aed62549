"""A lease states its run, its end, and what to restore; it survives any content of a rule."""

import time

import pytest

from acceptance.aws.lease import PREFIX, Lease, answered_at, leases

MOST_LETTERS = 512  # of a rule's description, on AWS
NAME = f"{PREFIX}-1700000000-0123abcd"


class TestLease:
    def test_is_read_as_it_was_written(self):
        lease = Lease(NAME, 1_700_000_090, (["", True], ["Café Crème", None]))
        assert Lease.of_rule(NAME, lease.words) == lease

    def test_is_short_enough_for_a_description(self):
        changes = [["", True], *(["Flat White with a long name", None] for _ in range(5))]
        assert len(Lease(NAME, 1_700_000_090, changes).words) <= MOST_LETTERS

    def test_tells_the_run_also_one_whose_id_has_parts(self):
        assert Lease(f"{PREFIX}-1700000000-0123abcd-2", 0).run_id == "0123abcd-2"

    @pytest.mark.parametrize(
        "description",
        ["", "my tap", "{}", "[]", '{"until": "soon", "put back": []}', "null", '{"until": 1, "put back": ["x"]}'],
    )
    def test_that_cannot_be_read_lasts_as_long_as_the_name_says(self, description):
        assert Lease.of_rule(NAME, description) == Lease(NAME, 1_700_000_000)

    @pytest.mark.parametrize("name", [f"{PREFIX}-mine", f"{PREFIX}-somebody-else", f"{PREFIX}-", f"{PREFIX}s-1-x", "x"])
    def test_is_none_of_a_rule_that_is_no_taps(self, name):
        assert Lease.of_rule(name, Lease(NAME, 0).words) is None


def test_time_is_the_clouds():
    answer = {"ResponseMetadata": {"HTTPHeaders": {"date": "Tue, 14 Nov 2023 22:13:20 GMT"}}}
    assert answered_at(answer) == 1_700_000_000


def test_time_is_ours_where_an_emulator_does_not_say():
    assert abs(answered_at({"ResponseMetadata": {"HTTPHeaders": {}}}) - time.time()) < 5


@pytest.mark.cloud
class TestLeases:
    @pytest.fixture
    def lay(self, account, parts):
        laid = []

        def lay(lease):
            rule = {"Name": lease.tap, "EventBusName": parts.event_bus}
            laid.append(rule)
            account.events.put_rule(**rule, EventPattern='{"source": ["nobody"]}', Description=lease.words)
            return lease

        yield lay
        for rule in laid:
            account.events.delete_rule(**rule)

    def test_of_the_living_are_told_from_those_that_have_ended(self, account, parts, lay):
        living = lay(Lease(f"{PREFIX}-1-alive", round(time.time()) + 60))
        ended = lay(Lease(f"{PREFIX}-1-killed", round(time.time()) - 60, (["", True],)))
        found = leases(account, parts.event_bus)
        assert (living in found.living, living in found.ended) == (True, False)
        assert (ended in found.living, ended in found.ended) == (False, True)

    def test_are_read_from_every_page(self, account, parts, lay):
        laid = [lay(Lease(f"{PREFIX}-1-killed{number}", 1_700_000_000)) for number in range(3)]

        def one_each(params, **_):
            return {**params, "Limit": 1}

        account.events.meta.events.register("provide-client-params.events.ListRules", one_each)
        try:
            ended = leases(account, parts.event_bus).ended
        finally:
            account.events.meta.events.unregister("provide-client-params.events.ListRules", one_each)
        assert [lease for lease in laid if lease in ended] == laid
