"""The visitors of a run: their numbers, their registered data, and the claims of their page views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from itertools import count
from secrets import randbelow
from typing import Any

from support.retail.dialect import COUNTRY, INTERESTS, PLAN, PRIVATE, Dialect
from support.retail.users import Users

# The ids of this suite's users: beyond all others, and safe integers in JavaScript too.
FIRST_ID, RUNS, USERS_OF_A_RUN = 10**15, 10**9, 10**5
LONG_ID = 2**62
# Default data of users: not the same for all of them.
COUNTRIES, FOND_OF = ("US", "SE", "JP"), ("Gaming", "Gardening")
# Data about a user that the shop must not publish.
MAIL = "@example.com"
# The plan whose users get offers, and the plan that they are offered.
OFFERED_TO, OFFERED_PLAN = "Free", "Premium"


class Visitors:
    """The visitors of one run, by the numbers of their users."""

    def __init__(self, users: Users, dialect: Dialect, become_known: Callable[[], None]) -> None:
        """`users`: how users are registered; `become_known` returns when the services know of them too."""
        self._users = users
        self._dialect = dialect
        self._become_known = become_known
        first = FIRST_ID + randbelow(RUNS) * USERS_OF_A_RUN
        self._ours = range(first, first + USERS_OF_A_RUN)
        self._next = self._first = first
        start = LONG_ID + randbelow(RUNS) * USERS_OF_A_RUN
        self._long_ids, self._long = range(start + 1, start + USERS_OF_A_RUN, 2), count()
        self._new_long_ids: list[int] = []
        self._known: dict[int, None] = {}
        self._plans: dict[int, str] = {}
        self._claims: dict[int, Mapping[str, str]] = {}

    def __contains__(self, user: int | None) -> bool:
        """Whether a user is one of this run's."""
        return user in self._ours or user in self._long_ids

    def new_ids(self, number: int) -> Sequence[int]:
        """Return unused ids."""
        self._next += number
        return range(self._next - number, self._next)

    def new_long_id(self) -> int:
        """Return a long unused id: no safe integer in JavaScript, which would round it."""
        self._new_long_ids.append(self._long_ids[next(self._long)])
        return self._new_long_ids[-1]

    @property
    def newcomers(self) -> Set[int]:
        """The users since the last `begin_anew()`."""
        return frozenset((*range(self._first, self._next), *self._new_long_ids))

    def begin_anew(self) -> None:
        """Count only later visitors as new."""
        self._first, self._new_long_ids = self._next, []

    def register(self, users: Mapping[int, str], **more: Any) -> None:
        """Register these users, each with a plan, and `more` data."""
        self._plans |= users
        self._register({user: {PLAN: plan, **_known_of(user), **more} for user, plan in users.items()})

    def register_plan(self, user: int, plan: str) -> None:
        """Register a user with a plan, and without other data."""
        self._plans[user] = plan
        self._register({user: {PLAN: plan}})

    def register_number(self, user: int) -> None:
        """Register a user without other data."""
        self._register({user: {}})

    def _register(self, users: Mapping[int, Mapping[str, Any]]) -> None:
        self._known |= dict.fromkeys(users)
        self._users.know(users)
        self._become_known()

    def are_offered(self, user: int) -> bool:
        """Whether a user is on the plan whose users get offers."""
        return bool(self._dialect.own(PLAN, self._plans.get(user)) == self._dialect.own(PLAN, OFFERED_TO))

    def claim(self, user: int, **claims: str) -> None:
        """Make a user's page views claim something that only the shop may state."""
        self._claims[user] = claims

    def claims_of(self, user: int) -> Mapping[str, str]:
        """Return the claims of a user's page views that only the shop may state."""
        return self._claims.get(user, {})

    def leave(self) -> None:
        """Remove all of them from the shop."""
        known, self._known = self._known, {}
        if known:
            self._users.forget(known)


def _known_of(user: int) -> Mapping[str, str]:
    """Return a user's default data."""
    return {
        COUNTRY: COUNTRIES[user % len(COUNTRIES)],
        INTERESTS: FOND_OF[user % len(FOND_OF)],
        PRIVATE: f"{user}{MAIL}",
    }
