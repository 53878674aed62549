"""Many page views at once, what they lead to, and how soon."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from acceptance.service_levels.levels import HIGHEST, Distribution, Judgement, Latency, Promise, judge
from acceptance.service_levels.timeline import Hop
from acceptance.trouble import Trouble
from support.retail.driver import Retail, View, seen_in, user_of
from support.retail.markers import PLAN
from support.retail.matchers import Tally

# What each of them looks at; one page is the checkout, in another place for each visitor. Every second one is on the
# plan that is made an offer.
OTHERS = ("home", "product", "basket")
PAGES = len(OTHERS) + 1
OTHER_PLAN = "Premium"


class Burst:
    """Some people who look at pages, all at the same moment."""

    def __init__(self, retail: Retail, views: int) -> None:
        """Let as many people be known as make so many `views`. Raises Trouble where they cannot be shared out."""
        if views % (2 * PAGES):
            raise Trouble(f"{views} page views cannot be shared out: take a multiple of {2 * PAGES}.")
        self._retail = retail
        users = retail.new_ids(views // PAGES)
        self._users = frozenset(users)
        self.due = frozenset(users[::2])
        retail.register({**dict.fromkeys(users, OTHER_PLAN), **dict.fromkeys(self.due, PLAN)})
        others = [retail.parts.pages[name] for name in OTHERS]
        places = ((user, place, number // 2 % PAGES) for number, user in enumerate(users) for place in range(PAGES))
        # All of them look at the same moments: what tells one view from another is not its time alone.
        moments = retail.moments(PAGES)
        self._looks = [
            (
                user,
                retail.parts.checkout if place == checkout else others[(place - checkout) % PAGES - 1],
                moments[place],
            )
            for user, place, checkout in places
        ]
        self.views: list[View] = []
        self.judged: dict[Promise, Distribution] = {}

    def come(self, part: slice = slice(None)) -> None:
        """Let all page views arrive, or a part of them."""
        self.views += self._retail.views_of(self._looks[part])

    @property
    def half(self) -> int:
        """How many are half of them."""
        return len(self._looks) // 2

    def enriched(self) -> Tally[tuple[Any, ...]]:
        """Count their enriched views."""
        heard = self._retail.all_enriched()
        wanted = {(view.user, view.page, view.at) for view in self.views}
        return Tally(wanted, Counter(seen_in(one) for one in heard if user_of(one) in self._users), heard)

    def offers(self) -> Tally[int | None]:
        """Count the offers to them."""
        heard = self._retail.all_offers()
        return Tally(self.due, Counter(user for one in heard if (user := user_of(one)) in self._users), heard)

    def first_offers(self) -> Sequence[int | None]:
        """Return those who have got an offer so far."""
        users = map(user_of, self._retail.all_offers())
        return [user for user in users if user in self.due]

    def out_of_order(self) -> Sequence[int]:
        """Return those whose page views are told in another order than they came in, or in several partitions."""
        told: dict[int, list[tuple[int, int]]] = defaultdict(list)
        places: dict[int, set[int]] = defaultdict(set)
        for message in self._retail.all_enriched():
            user = user_of(message)
            if user in self._users:
                told[user].append((message.offset, seen_in(message)[2]))
                places[user].add(message.partition)
        times = {user: [at for _, at in sorted(several)] for user, several in told.items()}
        return [user for user in times if times[user] != sorted(times[user]) or len(places[user]) > 1]

    def judge(self, promise: Promise, offset: float) -> Distribution:
        """Return how long they had to wait for their offers; one that was lost counts as the longest wait of all."""
        judgements = self._judgements(promise, offset)
        lost = [Latency(HIGHEST, HIGHEST)] * (len(self.due) - len(judgements))
        self.judged[promise] = Distribution([*lost, *(one.latency for one in judgements)])
        return self.judged[promise]

    def slowest_hop(self, promise: Promise, offset: float) -> Hop | None:
        """Tell where the time went for the one who had to wait longest."""
        slowest = max(self._judgements(promise, offset), key=lambda one: one.latency.latest, default=None)
        return slowest.hop if slowest else None

    def _judgements(self, promise: Promise, offset: float) -> Sequence[Judgement]:
        due = [view for view in self.views if view.user in self.due and view.page == self._retail.parts.checkout]
        timelines = self._retail.timelines(due)
        return [judged for timeline in timelines if (judged := judge(promise, timeline, offset))]
