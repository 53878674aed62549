"""The shared state of one scenario's visitors: their ids, their page views, and the service levels."""

from collections.abc import Callable, Mapping

from acceptance.earlier import Known
from acceptance.matchers import Says
from acceptance.service_levels.levels import Judgement
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.retail.answers import Heard
from support.retail.dialect import ENRICHED, OFFER
from support.retail.driver import Retail
from support.retail.markers import Markers
from support.retail.matchers import is_there
from support.retail.visits import View


class ShopDay:
    """The state of one scenario. `users` are the visitors' ids, `known` those of registered users."""

    def __init__(self, retail: Retail, markers: Markers, wait: Waiter, offset: float = 0) -> None:
        """`offset`: as in `judge`."""
        self.retail = retail
        self.markers = markers
        self.wait = wait
        self.offset = offset
        self.users: dict[str, int] = Known("{} is unknown in this scenario: is a Given missing?")
        self.known: set[str] = set()
        self.views: dict[str, list[View]] = Known("{} has looked at no page in this scenario: is a When missing?")
        self.judgements: dict[str, list[Judgement]] = {}

    def meet(self, name: str) -> int:
        """Return the id of a new visitor."""
        self.users[name] = self.retail.visitors.new_ids(1)[0]
        return self.users[name]

    @property
    def names(self) -> Mapping[int, str]:
        """The people's names, by their users' ids."""
        return {user: name for name, user in self.users.items()}

    def looked(self, name: str, view: View) -> None:
        """Record a visitor's page view."""
        self.views.setdefault(name, []).append(view)

    def last_visitor(self) -> str:
        """Return the name of the last visitor to view a page. Raises Trouble when there is none."""
        if not self.views:
            raise Trouble("No one has looked at a page: is a When missing?")
        return max(self.views, key=lambda name: self.last_view(name).at)

    def last_view(self, name: str) -> View:
        """Return a visitor's last page view. Raises Trouble when there is none."""
        return max(self.views[name], key=lambda view: view.at)

    def see_enriched(self, view: View) -> Heard:
        """Wait for a page view to be enriched, and return the answers."""
        return self._see_one(self.retail.answers.enriched, view, is_there(f"an {ENRICHED}"))

    def see_answered(self, view: View) -> Heard:
        """Wait for an offer in answer to a page view, and return the answers."""
        return self._see_one(self.retail.answers.offers_for, view, is_there(f"an {OFFER}"))

    def _see_one(self, ask: Callable[[View], Heard], view: View, matcher: Says) -> Heard:
        """Wait for answers to a view; without any, page views behind it show whether they are lost or late."""
        try:
            seen: Heard = self.wait.eventually(ask, view, matcher)
        except AssertionError as error:
            words = self.markers.lost_or_late([view])
            late = " By now it has come: it was late, not lost." if ask(view) else ""
            raise AssertionError(f"{error}\n{words}{late}".rstrip()) from None
        return seen
