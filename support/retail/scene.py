"""The stage of one retail scenario: its visitors, the rush, and the dead letters."""

from collections.abc import Mapping, Sequence

from acceptance.service_levels.levels import Distribution, Judgement, Promise
from acceptance.waiting import Unmet, Waiter
from support.retail.burst import Burst
from support.retail.dead_letters import DeadLetters
from support.retail.driver import Retail
from support.retail.markers import Markers
from support.retail.outages import Outages
from support.retail.outcome import Outcome
from support.retail.rush import Rush
from support.retail.shop_day import ShopDay
from support.retail.visitor import Visitor
from support.retail.visits import View


class RetailScene:
    """The visitors, and the actions of several of them."""

    def __init__(
        self, retail: Retail, markers: Markers, wait: Waiter, offset: float = 0, before: Burst | None = None
    ) -> None:
        """`offset` and `before`: as for `Rush`."""
        self.retail = retail
        self.offset = offset
        self._day = ShopDay(retail, markers, wait, offset)
        self.rush = Rush(retail, markers, wait, offset, before)
        self.dead_letters = DeadLetters(self._day)
        self.outages = Outages(self._day)
        retail.listen()

    @property
    def unmet(self) -> Sequence[Unmet]:
        """The waits that timed out, also in earlier scenarios."""
        return self._day.wait.unmet

    def visitor(self, name: str) -> Visitor:
        """Return a visitor of the shop."""
        return Visitor(self._day, name)

    def outcome(self, name: str = "") -> Outcome:
        """Return the outcome of a visitor's page views, or of the latest. Raises Trouble when there is none."""
        return Outcome(self._day, name or self._day.last_visitor())

    def visit_among(self, names: Sequence[str], others: int) -> None:
        """Send some people's checkout views amid a crowd's page views."""
        crowd = self.rush.begins(others)
        crowd.come(slice(crowd.half))
        for name in names:
            self.visitor(name).goes_to_checkout()
        crowd.come(slice(crowd.half, None))

    # --- for the report ----------------------------------------------------------------------------

    @property
    def judged(self) -> Sequence[tuple[Promise, Distribution]]:
        """The service levels checked for the burst, if there is one."""
        return list(self.rush.is_there.judged.items()) if self.rush.is_there else []

    @property
    def judgements(self) -> Mapping[str, Sequence[Judgement]]:
        """The service levels checked for single page views, by visitor."""
        return self._day.judgements

    @property
    def visits(self) -> Mapping[str, Sequence[View]]:
        """The page views of this scenario, by the people who made them."""
        return self._day.views

    @property
    def names(self) -> Mapping[int, str]:
        """The people's names, by their users' ids."""
        return self._day.names

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has checked."""
        judgements = [one for several in self.judgements.values() for one in several]
        return [*((one.promise, Distribution([one.latency])) for one in judgements), *self.judged]

    def end(self) -> None:
        """Restart the run's own services, if a scenario has ended one."""
        self.retail.end()
