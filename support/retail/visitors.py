"""The visitors of a run: their numbers, what the shop knows of them, and what their page views claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from itertools import count
from secrets import randbelow

from support.retail.dialect import COUNTRY, INTERESTS, PLAN, PRIVATE, Dialect
from support.retail.users import Users

# The ids of this suite's users: beyond everybody else's, and whole numbers for JavaScript too.
FIRST_ID, RUNS, USERS_OF_A_RUN = 10**15, 10**9, 10**5
LONG_ID = 2**62
# What is known of users of whom a scenario says no more: not the same of all of them.
COUNTRIES, FOND_OF = ("US", "SE", "JP"), ("Gaming", "Gardening")
# What the shop knows of a user and tells nobody.
MAIL = "@example.com"
# The plan whose users are made offers, and the one that they are offered.
OFFERED_TO, OFFERED_PLAN = "Free", "Premium"


class Visitors:
    """Whoever visits the shop in one run, by the numbers of their users."""

    def __init__(self, users: Users, dialect: Dialect, become_known: Callable[[], None]) -> None:
        """`users`: what makes users known; `become_known` returns when the services know of them too."""
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
        """Return ids that nobody has."""
        self._next += number
        return range(self._next - number, self._next)

    def new_long_id(self) -> int:
        """Return a long id that nobody has: one that is no whole number for JavaScript, which would round it."""
        self._new_long_ids.append(self._long_ids[next(self._long)])
        return self._new_long_ids[-1]

    @property
    def newcomers(self) -> Set[int]:
        """The users who have come since the last `begin_anew()`."""
        return frozenset((*range(self._first, self._next), *self._new_long_ids))

    def begin_anew(self) -> None:
        """Take whoever comes from now on for a newcomer, and nobody else."""
        self._first, self._new_long_ids = self._next, []

    def register(self, users: Mapping[int, str], **more: str) -> None:
        """Let the shop know these users, by the plan that each of them has, and what `more` there is to know."""
        self._plans |= users
        self._register({user: {PLAN: plan, **_known_of(user), **more} for user, plan in users.items()})

    def register_number(self, user: int) -> None:
        """Let the shop know a user of whom there is nothing else to know."""
        self._register({user: {}})

    def _register(self, users: Mapping[int, Mapping[str, str]]) -> None:
        self._known |= dict.fromkeys(users)
        self._users.know(users)
        self._become_known()

    def are_offered(self, user: int) -> bool:
        """Whether a user is on the plan whose users are made offers."""
        return bool(self._dialect.own(PLAN, self._plans.get(user)) == self._dialect.own(PLAN, OFFERED_TO))

    def claim(self, user: int, **claims: str) -> None:
        """Let a user's page views say something that is not theirs to say."""
        self._claims[user] = claims

    def claims_of(self, user: int) -> Mapping[str, str]:
        """Return what a user's page views say that is not theirs to say."""
        return self._claims.get(user, {})

    def leave(self) -> None:
        """Let the shop forget all of them."""
        known, self._known = self._known, {}
        if known:
            self._users.forget(known)


def _known_of(user: int) -> Mapping[str, str]:
    """Return what is known of a user of whom a scenario says no more."""
    return {
        COUNTRY: COUNTRIES[user % len(COUNTRIES)],
        INTERESTS: FOND_OF[user % len(FOND_OF)],
        PRIVATE: f"{user}{MAIL}",
    }
