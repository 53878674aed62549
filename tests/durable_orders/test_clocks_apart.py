"""The function's clock and its service's differ a little; that makes no order one that was stored anew."""

from datetime import UTC, datetime, timedelta

import pytest

from support.durable_orders.matchers import was_completed_before

END = datetime(2026, 11, 28, 9, 0, 0, 500_000, UTC)


@pytest.mark.parametrize(("later", "holds"), [(-300, True), (15, True), (10_000, False)])
def test_order_is_stored_anew_only_where_no_clock_explains_it(later, holds):
    completed = (END + timedelta(milliseconds=later)).isoformat()
    assert was_completed_before(END).matches({"completedAt": completed}) is holds
