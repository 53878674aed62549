"""The visitors of one scenario about the shop that makes offers, and the pages that they look at."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hamcrest import assert_that, is_
from hamcrest.core.matcher import Matcher

from acceptance.earlier import Known, one_of
from acceptance.kafka.topics import Message
from acceptance.matchers import Says
from acceptance.named_values import Value
from acceptance.service_levels.levels import Distribution, Judgement, Promise, judge
from acceptance.trouble import Trouble
from acceptance.waiting import Unmet, Waiter
from support.retail.dialect import ENRICHED, OFFER
from support.retail.driver import OFFERED_TO, Heard, Retail, Sent, View
from support.retail.markers import Markers
from support.retail.matchers import (
    are_all_of_the_plan,
    come,
    comes_more_than_once,
    does_not_say,
    is_there,
    says,
    tells_of,
    was_put_aside_with_its_reason,
)
from support.retail.rush import Rush
from support.retail.unreadable import UNREADABLE, Unreadable

HOUR_MS = 3_600_000


class RetailScene:
    """Who has looked at what."""

    def __init__(self, retail: Retail, markers: Markers, wait: Waiter, offset: float = 0) -> None:
        """`offset`: as in `judge`."""
        self.retail = retail
        self.offset = offset
        self._markers = markers
        self._wait = wait
        self._users: dict[str, int] = Known("{} is nobody in this scenario: is a Given missing?")
        self._known: set[str] = set()
        self._views: dict[str, list[View]] = Known("{} has looked at no page in this scenario: is a When missing?")
        self._sent: list[Sent] = []
        self.rush = Rush(retail, markers, wait, offset)
        self.judgements: dict[str, list[Judgement]] = {}
        retail.listen()

    @property
    def unmet(self) -> Sequence[Unmet]:
        """What was waited for in vain, by scenarios before this one too."""
        return self._wait.unmet

    # --- what people do ------------------------------------------------------------------------

    def is_on(self, name: str, plan: str, **known: str) -> None:
        """Let the shop know somebody who is on a plan, and what else there is to know."""
        self.retail.register({self._meet(name): plan}, **known)
        self._known.add(name)

    def is_on_by_long_number(self, name: str, plan: str) -> None:
        """Let the shop know somebody who is on a plan, and has one of the longest numbers."""
        self._users[name] = self.retail.new_long_id()
        self.retail.register({self._users[name]: plan})
        self._known.add(name)

    def is_known_by_number(self, name: str) -> None:
        """Let the shop know somebody by the number, and nothing else."""
        self.retail.register_number(self._meet(name))
        self._known.add(name)

    def changes_to(self, name: str, plan: str) -> None:
        """Let the shop know of somebody's plan from now on, when it has dealt with all that came before."""
        for view in self._views.get(name, ()):
            self._wait.settle(self.retail.enriched, view, is_there(f"an {ENRICHED}"))
        self.retail.register({self._user(name): plan})
        self._known.add(name)

    def is_unknown(self, name: str, **claims: str) -> None:
        """Let somebody come whom the shop does not know, and whose page views claim something."""
        self.retail.claim(self._meet(name), **claims)

    def claims(self, name: str, **claims: str) -> None:
        """Let somebody's page views claim something."""
        self.retail.claim(self._user(name), **claims)

    def views(self, name: str, page: int) -> None:
        """Let somebody look at a page."""
        self._add(name, self.retail.view(self._user(name), page))

    def looks_at(self, name: str, page: str) -> None:
        """Let somebody look at a page by what it is called."""
        pages = self.retail.parts.pages
        self.views(name, pages[one_of(pages, page, "page of the shop")])

    def view_arrives_again(self, name: str) -> None:
        """Let somebody's last page view arrive once more."""
        self.retail.view_again(self.view_of(name))

    def view_arrives_again_after_restart(self, name: str, service: str) -> None:
        """Let somebody's last page view arrive once more, when it was answered and a service was restarted."""
        self.offer(name)
        self.retail.operations.restart(service)
        self.view_arrives_again(name)

    def view_arrives_again_after_others(self, name: str, offers: int) -> None:
        """Let somebody's last page view arrive once more, when it and so many others were answered by offers."""
        self.offer(name)
        others = self.retail.new_ids(offers)
        self.retail.register(dict.fromkeys(others, OFFERED_TO))
        self.retail.views([(other, self.retail.parts.checkout) for other in others])
        self._wait.settle(lambda: {*others} <= {*map(self.retail.user_of, self.retail.all_offers())}, is_(True))
        self.view_arrives_again(name)

    def view_arrives_late(self, name: str) -> None:
        """Let somebody's visit to the checkout arrive an hour after it was made."""
        self._add(name, self.retail.view_late(self._user(name), self.retail.parts.checkout, HOUR_MS))

    def view_arrives_without_key(self, name: str) -> None:
        """Let somebody's visit to the checkout arrive without a key."""
        self._add(name, self.retail.view_without_key(self._user(name), self.retail.parts.checkout))

    def view_among(self, names: Sequence[str], page: int, others: int) -> None:
        """Let some people look at a page in the middle of a crowd that looks at pages too."""
        crowd = self.rush.begins(others)
        crowd.come(slice(crowd.half))
        for name in names:
            self.views(name, page)
        crowd.come(slice(crowd.half, None))

    def sends(self, what: str, name: str = "") -> None:
        """Let one of UNREADABLE arrive in place of a page view, of somebody's if one is named."""
        make = UNREADABLE[one_of(UNREADABLE, what, "thing to arrive in place of a page view")]
        mark = self._meet("nobody")
        value = make(Unreadable(self.retail.dialect, self.retail.parts.checkout, mark))
        self._sent.append(self.retail.send(value, self._user(name) if name else mark))

    def restarts_after_putting_aside(self, service: str) -> None:
        """Let a service end when it is asked to, once it has put aside what it cannot read, and start again."""
        self._wait.settle(self.retail.put_aside, self._last_sent, is_there("a dead letter"))
        self.retail.operations.restart(service)

    # --- what comes of it ------------------------------------------------------------------------

    def enriched(self, name: str = "") -> Heard:
        """See a view enriched, and return what was heard of it. It is somebody's last one, or the last of all."""
        return self._see_enriched(self.view_of(name))

    def about_last(self) -> Heard:
        """See that something is told of whoever has looked at a page last, and return it."""
        seen: Heard = self._wait.eventually(self.retail.about, self.view_of().user, is_there(f"an {ENRICHED}"))
        return seen

    def offer(self, name: str = "") -> Heard:
        """See a view answered by an offer, and return what was heard of it. Whose view it is: as for `enriched`."""
        return self._see_answered(self.view_of(name))

    def enriched_says(self, path: str, operator: str, value: Value) -> Matcher[Any]:
        """Return what an enriched view must say in a field, by its shipped name or a path."""
        return says(self.retail.dialect, ENRICHED, path, operator, value)

    def enriched_does_not_say(self, path: str) -> Matcher[Any]:
        """Return that an enriched view must not have a field."""
        return does_not_say(self.retail.dialect, ENRICHED, path)

    def enriched_tells_of_last(self) -> Matcher[Any]:
        """Return that an enriched view must tell of the last page view as that did."""
        return tells_of(self.retail.dialect, ENRICHED, self.view_of())

    def offer_says(self, path: str, operator: str, value: Value) -> Matcher[Any]:
        """Return what an offer must say in a field, by its shipped name or a path."""
        return says(self.retail.dialect, OFFER, path, operator, value)

    def sees_offered_nothing(self, name: str) -> None:
        """See that somebody is offered nothing, although the page views of whoever is known are enriched."""
        for view in self._views[name] if name in self._known else ():
            self._see_enriched(view)
        self._markers.follow(self._views[name])
        self._wait.never(self.retail.offers, self._user(name), is_there(f"an {OFFER}"))

    def sees_offers(self, name: str, number: int) -> None:
        """See that somebody is offered the plan so many times, and not once more."""
        for view in self._views[name]:
            if view.page == self.retail.parts.checkout:
                self._see_answered(view)
        self._markers.follow(self._views[name])
        if number == 1:
            self._wait.never(self.retail.offers, self._user(name), comes_more_than_once(OFFER))
        offers = self.retail.offers(self._user(name))
        assert_that(offers, come(number, OFFER))
        assert_that(offers, are_all_of_the_plan(self.retail))

    def sees_offered_in_time(self, promise: Promise, name: str) -> None:
        """See that somebody is offered the plan within a promise's budget."""
        enriched, offers = self.enriched(name), self.offer(name)
        check_stamps(enriched[0], offers[0], promise.budget, self.offset)
        judged = judge(promise, self.retail.timelines([self.view_of(name)])[0], self.offset)
        assert judged is not None  # noqa: S101 - both have been seen
        self.judgements.setdefault(name, []).append(judged)
        judged.require(customer=name)
        assert_that(offers, are_all_of_the_plan(self.retail))

    def sees_enriched_in_time(self, promise: Promise, name: str) -> None:
        """See that somebody's page view is enriched within a promise's budget."""
        self.enriched(name)
        judged = judge(promise, self.retail.timelines([self.view_of(name)])[0], self.offset)
        assert judged is not None  # noqa: S101 - both have been seen
        self.judgements.setdefault(name, []).append(judged)
        judged.require(customer=name)

    def sees_put_aside(self, words: str = "") -> None:
        """See what cannot be read among the dead letters, once and nowhere else, with a reason that has these words."""
        sent, matcher = self._last_sent, was_put_aside_with_its_reason(self.retail.dialect.reason_header, words)
        self._wait.eventually(self.retail.put_aside, sent, matcher)
        self._markers.follow([sent])
        self._wait.never(self.retail.put_aside, sent, comes_more_than_once("dead letter"))
        assert_that(self.retail.about(sent.user), come(0, ENRICHED))

    # --- for the report ----------------------------------------------------------------------------

    @property
    def judged(self) -> Sequence[tuple[Promise, Distribution]]:
        """What was judged of the burst, if there is one."""
        return list(self.rush.is_there.judged.items()) if self.rush.is_there else []

    @property
    def visits(self) -> Mapping[str, Sequence[View]]:
        """The page views of this scenario, by the people who made them."""
        return self._views

    @property
    def names(self) -> Mapping[int, str]:
        """The people's names, by their users' ids."""
        return {user: name for name, user in self._users.items()}

    def view_of(self, name: str = "") -> View:
        """Return somebody's last page view, or the last of all. Raises Trouble when there is none."""
        views = self._views[name] if name else [view for views in self._views.values() for view in views]
        if not views:
            raise Trouble("Nobody has looked at a page: is a When missing?")
        return max(views, key=lambda view: view.at)

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has judged."""
        judgements = [one for several in self.judgements.values() for one in several]
        return [*((one.promise, Distribution([one.latency])) for one in judgements), *self.judged]

    def end(self) -> None:
        """Let the services that the run keeps running run again, if a scenario has ended one."""
        self.retail.end()

    # --- how ---------------------------------------------------------------------------------------

    def _add(self, name: str, view: View) -> None:
        self._views.setdefault(name, []).append(view)

    @property
    def _last_sent(self) -> Sent:
        if not self._sent:
            raise Trouble("Nothing has arrived in place of a page view in this scenario: is a When missing?")
        return self._sent[-1]

    def _see_enriched(self, view: View) -> Heard:
        return self._see_one(self.retail.enriched, view, is_there(f"an {ENRICHED}"))

    def _see_answered(self, view: View) -> Heard:
        return self._see_one(self.retail.answers, view, is_there(f"an {OFFER}"))

    def _see_one(self, ask: Callable[[View], Heard], view: View, matcher: Says) -> Heard:
        """See what comes of a view; where nothing does, page views behind it tell whether it is lost or late."""
        try:
            seen: Heard = self._wait.eventually(ask, view, matcher)
        except AssertionError as error:
            words = self._markers.lost_or_late([view])
            late = " By now it has come: it was late, not lost." if ask(view) else ""
            raise AssertionError(f"{error}\n{words}{late}".rstrip()) from None
        return seen

    def _meet(self, name: str) -> int:
        self._users[name] = self.retail.new_ids(1)[0]
        return self._users[name]

    def _user(self, name: str) -> int:
        return self._users[name]


def check_stamps(asked: Message, answer: Message, budget: float, offset: float) -> None:
    """See that an answer has a stamp of its own. Raises Trouble where it cannot be: no promise can be judged by it.

    Somebody who hands on the stamp of what is answered would keep every promise. Then both have the same one, although
    they were heard one long after the other.
    """
    if answer.stamp.ms < asked.stamp.ms - offset:
        raise Trouble(
            f"An {OFFER} is stamped {asked.stamp.ms - answer.stamp.ms} ms before the {ENRICHED} that it answers. "
            "Set the services' clocks; by these stamps nothing can be judged."
        )
    apart = answer.heard - asked.heard
    # Two moments within one millisecond have the same stamp, and are heard next to each other.
    if answer.stamp.ms == asked.stamp.ms and apart > max(budget, asked.stamp.clock.resolution):
        raise Trouble(
            f"An {OFFER} has the same time stamp as the {ENRICHED} it answers, and was heard {apart:,.0f} ms later. "
            "Let the Promotions Service stamp its own messages; by these stamps nothing can be judged."
        )
