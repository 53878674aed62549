"""The stage of one scenario about the shop that makes offers: its visitors, the rush, and the dead letters."""

from collections.abc import Mapping, Sequence

from acceptance.service_levels.levels import Distribution, Judgement, Promise
from acceptance.waiting import Unmet, Waiter
from support.retail.burst import Burst
from support.retail.dead_letters import DeadLetters
from support.retail.driver import Retail
from support.retail.markers import Markers
from support.retail.outcome import Outcome
from support.retail.rush import Rush
from support.retail.shop_day import ShopDay
from support.retail.visitor import Visitor
from support.retail.visits import View


class RetailScene:
    """Who comes to the shop, and what concerns several of them."""

    def __init__(
        self, retail: Retail, markers: Markers, wait: Waiter, offset: float = 0, before: Burst | None = None
    ) -> None:
        """`offset` and `before`: as for `Rush`."""
        self.retail = retail
        self.offset = offset
        self._day = ShopDay(retail, markers, wait, offset)
        self.rush = Rush(retail, markers, wait, offset, before)
        self.dead_letters = DeadLetters(self._day)
        retail.listen()

    @property
    def unmet(self) -> Sequence[Unmet]:
        """What was waited for in vain, by scenarios before this one too."""
        return self._day.wait.unmet

    def visitor(self, name: str) -> Visitor:
        """Return somebody who visits the shop."""
        return Visitor(self._day, name)

    def outcome(self, name: str = "") -> Outcome:
        """Return what comes of somebody's page views, or of the last one of all. Raises Trouble when there is none."""
        return Outcome(self._day, name or self._day.last_visitor())

    def visit_among(self, names: Sequence[str], others: int) -> None:
        """Let some people go to the checkout in the middle of a crowd that looks at pages too."""
        crowd = self.rush.begins(others)
        crowd.come(slice(crowd.half))
        for name in names:
            self.visitor(name).goes_to_checkout()
        crowd.come(slice(crowd.half, None))

    # --- for the report ----------------------------------------------------------------------------

    @property
    def judged(self) -> Sequence[tuple[Promise, Distribution]]:
        """What was judged of the burst, if there is one."""
        return list(self.rush.is_there.judged.items()) if self.rush.is_there else []

    @property
    def judgements(self) -> Mapping[str, Sequence[Judgement]]:
        """What was judged of single page views, by the people who made them."""
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
        """Return every latency that this scenario has judged."""
        judgements = [one for several in self.judgements.values() for one in several]
        return [*((one.promise, Distribution([one.latency])) for one in judgements), *self.judged]

    def end(self) -> None:
        """Let the services that the run keeps running run again, if a scenario has ended one."""
        self.retail.end()
