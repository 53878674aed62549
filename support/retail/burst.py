"""Many page views at once, their results, and the latencies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from acceptance.service_levels.levels import HIGHEST, Distribution, Judgement, Latency, Promise, judge
from acceptance.service_levels.timeline import Hop
from acceptance.trouble import Trouble
from support.retail.driver import Retail
from support.retail.matchers import Orders, Tally
from support.retail.visitors import OFFERED_TO
from support.retail.visits import View

# The pages of each visitor; one is the checkout, at another position for each visitor. Every second visitor is on the
# plan that gets an offer.
OTHERS = ("home", "product", "basket")
PAGES = len(OTHERS) + 1
OTHER_PLAN = "Premium"


class Burst:
    """Visitors who look at pages, all at the same moment."""

    def __init__(self, retail: Retail, views: int) -> None:
        """Register enough users for so many `views`. Raises Trouble when the views cannot be divided among them."""
        if views % (2 * PAGES):
            raise Trouble(f"{views} page views cannot be shared out: take a multiple of {2 * PAGES}.")
        self._retail = retail
        users = retail.visitors.new_ids(views // PAGES)
        self._users = frozenset(users)
        self.due = frozenset(users[::2])
        retail.visitors.register({**dict.fromkeys(users, OTHER_PLAN), **dict.fromkeys(self.due, OFFERED_TO)})
        others = [retail.parts.pages[name] for name in OTHERS]
        places = ((user, place, number // 2 % PAGES) for number, user in enumerate(users) for place in range(PAGES))
        # All of them look at the same moments, so that the time alone does not identify a view.
        moments = retail.visits.moments(PAGES)
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
        self._remembered: tuple[Tally[tuple[int | None, ...]], Tally[int | None]] | None = None

    def come(self, part: slice = slice(None)) -> None:
        """Send all page views, or a part of them."""
        self.views += self._retail.visits.views_at(self._looks[part])

    def come_twice(self) -> None:
        """Send all page views, each followed by itself once more."""
        self.views += self._retail.visits.views_twice(self._looks)

    def come_again(self) -> None:
        """Resend all page views that were sent."""
        self._retail.visits.view_again(*self.views)

    @property
    def half(self) -> int:
        """Half their number."""
        return len(self._looks) // 2

    def remember(self) -> None:
        """Count their results now, and keep these counts, regardless of later messages or expiry."""
        self._remembered = self.enriched(), self.offers()

    def enriched(self) -> Tally[tuple[int | None, ...]]:
        """Count their enriched views."""
        if self._remembered:
            return self._remembered[0]
        answers = self._retail.answers
        heard = answers.all_enriched()
        wanted = {(view.user, view.page, view.at) for view in self.views}
        told = Counter(answers.seen_in(one) for one in heard if answers.user_of(one) in self._users)
        return Tally(wanted, told, heard, self._retail.parts.words_of)

    def offers(self) -> Tally[int | None]:
        """Count the offers to them."""
        if self._remembered:
            return self._remembered[1]
        heard = self._retail.answers.all_offers()
        told: Counter[int | None] = Counter(filter(self._users.__contains__, map(self._retail.answers.user_of, heard)))
        return Tally(self.due, told, heard, "visitor {}".format)

    def first_offers(self) -> Sequence[int | None]:
        """Return the users who have received an offer so far."""
        users = map(self._retail.answers.user_of, self._retail.answers.all_offers())
        return [user for user in users if user in self.due]

    def orders(self) -> Orders:
        """Return the order of each visitor's enriched views."""
        told: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        places: dict[int, set[int]] = defaultdict(set)
        for message in self._retail.answers.all_enriched():
            user, page, at = self._retail.answers.seen_in(message)
            if user in self._users and user is not None:
                told[user].append((message.offset, at or 0, page or 0))
                places[user].add(message.partition)
        scattered = {f"visitor {user}": several for user, several in places.items() if len(several) > 1}
        wrong = {}
        for user, several in told.items():
            came = [(at, page) for _, at, page in sorted(several)]
            if came != sorted(came) and len(places[user]) == 1:
                wrong[f"visitor {user}"] = self._names(came), self._names(sorted(came))
        return Orders(len(self._users), wrong, scattered)

    def _names(self, looks: Sequence[tuple[int, int]]) -> Sequence[str]:
        return [self._retail.parts.name_of(page) for _, page in looks]

    def judge(self, promise: Promise, offset: float) -> Distribution:
        """Return the latencies of their offers; a lost one counts as the longest of all."""
        judgements = self._judgements(promise, offset)
        lost = [Latency(HIGHEST, HIGHEST)] * (len(self.due) - len(judgements))
        self.judged[promise] = Distribution([*lost, *(one.latency for one in judgements)])
        return self.judged[promise]

    def slowest_hop(self, promise: Promise, offset: float) -> Hop | None:
        """Return where the time went for the longest wait."""
        slowest = max(self._judgements(promise, offset), key=lambda one: one.latency.latest, default=None)
        return slowest.hop if slowest else None

    def _judgements(self, promise: Promise, offset: float) -> Sequence[Judgement]:
        due = [view for view in self.views if view.user in self.due and view.page == self._retail.parts.checkout]
        timelines = self._retail.answers.timelines(due)
        return [judged for timeline in timelines if (judged := judge(promise, timeline, offset))]
