"""A visitor of the shop in a scenario: what the shop knows about them, and their page views."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from hamcrest import is_

from acceptance.earlier import one_of
from support.retail.dialect import ENRICHED
from support.retail.matchers import is_there
from support.retail.shop_day import ShopDay
from support.retail.visitors import OFFERED_TO

HOUR_MS = 3_600_000
# By how much the clock of a device is fast; None: it was never set.
FAST_BY_MS: Mapping[str, int | None] = {"was never set": None, "is ten minutes fast": 600_000}
# What another program may have stored where a text belongs.
NO_TEXT = {"a number": 7, "a list": ["Chess", 7], "a set": {"Chess", "Gaming"}, "nothing": None}


class Visitor:
    """A visitor, by name."""

    def __init__(self, day: ShopDay, name: str) -> None:
        self.name = name
        self._day = day
        self._retail = day.retail

    # --- what is known of them ---------------------------------------------------------------------

    def is_on(self, plan: str, **known: str) -> None:
        """Register them with a plan, and the other data."""
        self._is_known(self._day.meet(self.name), plan, **known)

    def is_on_with_interests(self, plan: str, what: str) -> None:
        """Register them with a plan, and interests that are no text."""
        self._is_known(self._day.meet(self.name), plan, INTERESTS=NO_TEXT[one_of(NO_TEXT, what, "thing to like")])

    def is_on_by_long_number(self, plan: str) -> None:
        """Register them with a plan, under one of the longest numbers."""
        self._day.users[self.name] = self._retail.visitors.new_long_id()
        self._is_known(self._user, plan)

    def is_known_by_plan(self, plan: str) -> None:
        """Register them with a plan only."""
        self._retail.visitors.register_plan(self._day.meet(self.name), plan)
        self._day.known.add(self.name)

    def is_known_by_number(self) -> None:
        """Register them with their number only."""
        self._retail.visitors.register_number(self._day.meet(self.name))
        self._day.known.add(self.name)

    def is_unknown(self, **claims: str) -> None:
        """Leave them unregistered, with page views that claim something."""
        self._retail.visitors.claim(self._day.meet(self.name), **claims)

    def claims(self, **claims: str) -> None:
        """Make their page views claim something."""
        self._retail.visitors.claim(self._user, **claims)

    def changes_to(self, plan: str) -> None:
        """Register their plan from now on, once all earlier messages are processed."""
        for view in self._day.views.get(self.name, ()):
            self._day.wait.settle(self._retail.answers.enriched, view, is_there(f"an {ENRICHED}"))
        self._is_known(self._user, plan)

    def _is_known(self, user: int, plan: str, **known: Any) -> None:
        self._retail.visitors.register({user: plan}, **known)
        self._day.known.add(self.name)

    # --- what they look at -------------------------------------------------------------------------

    def looks_at(self, page: str) -> None:
        """Send their view of a page by its name."""
        pages = self._retail.parts.pages
        number = pages[one_of(pages, page, "page of the shop")]
        self._day.looked(self.name, self._retail.visits.view(self._user, number))

    def goes_to_checkout(self) -> None:
        """Send their view of the page on which people pay."""
        self.looks_at("checkout")

    def looks_behind_checkout(self) -> None:
        """Send their view of the page whose number follows that of the checkout, and is no known page's."""
        known = set(self._retail.parts.pages.values())
        page = next(page for page in count(self._retail.parts.checkout + 1) if page not in known)
        self._day.looked(self.name, self._retail.visits.view(self._user, page))

    def visit_arrives_by_clock(self, clock: str) -> None:
        """Send their view of the checkout, made by a device whose clock was never set, so at the epoch, or is fast."""
        fast_by = FAST_BY_MS[one_of(FAST_BY_MS, clock, "fault of a clock")]
        at = 0 if fast_by is None else self._retail.visits.moments(1)[0] + fast_by
        view = self._retail.visits.views_at([(self._user, self._retail.parts.checkout, at)])[0]
        self._day.looked(self.name, view)

    def visit_arrives_late(self) -> None:
        """Send their view of the checkout an hour after it was made."""
        view = self._retail.visits.view_late(self._user, self._retail.parts.checkout, HOUR_MS)
        self._day.looked(self.name, view)

    def visit_arrives_without_key(self) -> None:
        """Send their view of the checkout without a key."""
        view = self._retail.visits.view_without_key(self._user, self._retail.parts.checkout)
        self._day.looked(self.name, view)

    def view_arrives_again(self) -> None:
        """Resend their last page view."""
        self._retail.visits.view_again(self._day.last_view(self.name))

    def view_arrives_again_without_key(self) -> None:
        """Resend their last page view without a key, so that it lies in another partition if there is one."""
        view, partitions = self._day.last_view(self.name), self._retail.topics.partitions[self._retail.parts.pageviews]
        self._retail.visits.view_again_without_key(view, (view.partition + 1) % partitions)

    def view_arrives_again_after_restart(self, service: str) -> None:
        """Resend their last page view after it was answered and a service was restarted."""
        self._day.see_answered(self._day.last_view(self.name))
        self._retail.operations.restart(service)
        self.view_arrives_again()

    def view_arrives_again_after_others(self, offers: int) -> None:
        """Resend their last page view after it and so many others were answered by offers."""
        self._day.see_answered(self._day.last_view(self.name))
        visitors, answers = self._retail.visitors, self._retail.answers
        others = visitors.new_ids(offers)
        visitors.register(dict.fromkeys(others, OFFERED_TO))
        self._retail.visits.views([(other, self._retail.parts.checkout) for other in others])
        self._day.wait.settle(lambda: {*others} <= {*map(answers.user_of, answers.all_offers())}, is_(True))
        self.view_arrives_again()

    def view_arrives_again_after_more(self, visits: int, restarted: str = "") -> None:
        """Resend their first page view after it and so many further visits were answered by offers.

        Before that, restart a service, if one is named.
        """
        answers, user, checkout = self._retail.answers, self._user, self._retail.parts.checkout
        self._day.see_answered(self._day.views[self.name][0])
        self._retail.visits.views([(user, checkout)] * visits)
        self._day.wait.settle(lambda: len(answers.offers_to(user)) > visits, is_(True))
        if restarted:
            self._retail.operations.restart(restarted)
        self._retail.visits.view_again(self._day.views[self.name][0])

    @property
    def _user(self) -> int:
        return self._day.users[self.name]
