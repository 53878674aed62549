"""The visits of a run: its page views, messages in place of one, and the offers due."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acceptance.service_levels.timeline import Clock, Stamp
from support.retail.dialect import ENRICHED, REFERRER, SEEN, USER, VIEW, put
from support.retail.page_views import PageViews, Taken
from support.retail.parts import RetailParts
from support.retail.visitors import Visitors

# Each message is timestamped by its producer.
VISITORS = Clock("the suite's own clock", 1, own=True)
# Further fields of a page view, which answers may keep.
SAID = {REFERRER: "newsletter"}
# The same as browsers send it: in UTF-8, and in any script.
WRITTEN = {name: f"{said}: été, 東京" for name, said in SAID.items()}
# How long before it arrives a page view was made, in ms: longer than a burst has page views, so none is of the future.
ON_THE_WAY_MS = 2_000


@dataclass(frozen=True)
class View:
    """A page view that was produced: who looked at which page and when (`at`, epoch ms), and where it lies."""

    user: int
    page: int
    at: int
    partition: int
    stamp: Stamp


@dataclass(frozen=True)
class Sent:
    """A message produced among the page views, with a user's key, and where it lies."""

    user: int
    value: bytes | None
    key: bytes | None
    partition: int
    offset: int


class Visits:
    """The page views of one run's visitors. `due`: how many offers are due to each of them."""

    def __init__(
        self, page_views: PageViews, visitors: Visitors, parts: RetailParts, check_alive: Callable[[], None]
    ) -> None:
        """`check_alive` raises Trouble when the run's own broker has died."""
        self._page_views = page_views
        self._visitors = visitors
        self._parts = parts
        self._check_alive = check_alive
        self._times: dict[int, set[int]] = defaultdict(set)  # of each user's page views
        self._came: dict[tuple[int | None, ...], int] = {}
        self._sent: set[bytes | None] = set()
        self._last_at = 0
        self.due: Counter[int] = Counter()

    def view(self, user: int, page: int, partition: int | None = None) -> View:
        """Send a user's page view. Raises Trouble when it is not accepted."""
        return self.views([(user, page)], partition)[0]

    def views(self, looks: Iterable[tuple[int, int]], partition: int | None = None) -> Sequence[View]:
        """Send users' page views at once, and return them in order; each has a time of its own."""
        looks = list(looks)
        self._count_due(looks)
        return self._produce([(user, page, self._now()) for user, page in looks], partition)

    def moments(self, number: int) -> Sequence[int]:
        """Return so many times (epoch ms), each later than ever before."""
        return [self._now() for _ in range(number)]

    def views_at(self, looks: Sequence[tuple[int, int, int]]) -> Sequence[View]:
        """Send users' page views with these times (epoch ms); one user has no two views of a page at one time."""
        self._count_due([(user, page) for user, page, _ in looks])
        return self._produce(looks, None)

    def views_twice(self, looks: Sequence[tuple[int, int, int]]) -> Sequence[View]:
        """Send users' page views with these times (epoch ms), each followed by itself once more."""
        self._count_due([(user, page) for user, page, _ in looks])
        return self._produce([look for look in looks for _ in range(2)], None)[::2]

    def view_late(self, user: int, page: int, ms: int) -> View:
        """Send a page view that a user made so many ms ago."""
        self._count_due([(user, page)])
        return self._produce([(user, page, self._now() - ms)], None)[0]

    def view_without_key(self, user: int, page: int) -> View:
        """Send a page view without a key."""
        self._count_due([(user, page)])
        return self._produce([(user, page, self._now())], None, keyed=False)[0]

    def view_again(self, *views: View) -> None:
        """Resend page views."""
        self._produce([(view.user, view.page, view.at) for view in views], None)

    def view_again_without_key(self, view: View, partition: int) -> None:
        """Resend a page view without its key, into a partition."""
        self._produce([(view.user, view.page, view.at)], partition, keyed=False)

    def send(self, value: bytes | None, user: int) -> Sent:
        """Send a message among the page views that may be none."""
        self._sent.add(value)
        key = self._parts.dialect.key(user, self._parts.checkout)
        taken = self._send([(key, value)])[0]
        return Sent(user, value, key, taken.partition, taken.offset)

    def was_sent(self, value: bytes | None) -> bool:
        """Whether this is a sent message that may be no page view."""
        return value in self._sent

    def is_another(self, at: int | None, view: View) -> bool:
        """Whether a time is that of another page view of the same user."""
        return at != view.at and at in self._times[view.user]

    def came_at(self, seen: tuple[int | None, ...]) -> int | None:
        """Return when a page view was produced first (epoch ms), by user, page and time; None if it was not."""
        return self._came.get(seen)

    def content_of(self, said: Mapping[str, Any]) -> bytes:
        """Return the content of a page view with these values, and the user's claims."""
        dialect = self._parts.dialect
        claims = {dialect.place(ENRICHED, name): one for name, one in self._visitors.claims_of(said[USER]).items()}
        content = dialect.spelled(VIEW, {**said, **WRITTEN})
        for place, claim in claims.items():
            put(content, place, claim)
        return json.dumps(content, ensure_ascii=False).encode()

    def _count_due(self, looks: Sequence[tuple[int, int]]) -> None:
        """Count the offers due for these page views."""
        checkout = self._parts.checkout
        self.due.update(user for user, page in looks if page == checkout and self._visitors.are_offered(user))

    def _now(self) -> int:
        """Return a time shortly before now (epoch ms), later than ever before: views differ by their times."""
        self._last_at = max(self._last_at + 1, round(time.time() * 1000) - ON_THE_WAY_MS)
        return self._last_at

    def _produce(
        self, looks: Sequence[tuple[int, int, int]], partition: int | None, *, keyed: bool = True
    ) -> Sequence[View]:
        contents = [self.content_of(dict(zip(SEEN, look, strict=True))) for look in looks]
        for user, _, at in looks:
            self._times[user].add(at)
        keys = [self._parts.dialect.key(*look[:2]) if keyed else None for look in looks]
        taken = self._send(list(zip(keys, contents, strict=True)), partition)
        for look, one in zip(looks, taken, strict=True):
            self._came.setdefault(look, one.stamp)
        return [View(*look, one.partition, Stamp(one.stamp, VISITORS)) for look, one in zip(looks, taken, strict=True)]

    def _send(
        self, messages: Sequence[tuple[bytes | None, bytes | None]], partition: int | None = None
    ) -> Sequence[Taken]:
        self._check_alive()
        return self._page_views.send(messages, partition)
