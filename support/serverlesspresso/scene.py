"""The people of one scenario and what they do. A name stands for a person; everything is fresh for each scenario.

The verbs come in two tenses: what somebody *does* (a When: started, not waited for) and what somebody
*has done* (a Given: done and seen to be done, with the order remembered as it was then).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from hamcrest import greater_than_or_equal_to

from acceptance.aws.tap import Event
from acceptance.earlier import Known, left, one_of
from acceptance.service_levels.levels import Distribution, Inconclusive, Judgement, Promise, budget_words
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.front_door import Answer, Visitor
from support.serverlesspresso.matchers import (
    all_are_over,
    all_wait_for_a_barista,
    all_wait_for_their_drink,
    is_accepted,
    is_being_made_by,
    is_cancelled,
    is_completed,
    is_over,
    is_refused,
    is_stored,
    tells,
    waits_for_a_barista,
    waits_for_its_drink,
)
from support.serverlesspresso.messages import SECOND_WAIT, STARTED, TIMED_OUT, WAITS
from support.serverlesspresso.orders import Action, MenuItem, Order, Scan, SeenAction, Service
from support.serverlesspresso.rush import DRINK_OF_ALL, Rush

RUSH_SECONDS_EACH = 2.0
# Each that is opened at the same moment may start a cold function; only what a scenario is about needs them all.
AT_A_TIME = 5
# Who was served before the scenario's own people came.
PASSER_BY = "Somebody"
# Words in the names of the workflow's two waiting states.
CHOOSING, MAKING = "Started", "Completion"


class Scene:
    """Who is there, whose order is whose, and what was done last."""

    choice: str = left("No step before this one has chosen from the menu's choices for a drink: is a When missing?")
    scan: Scan = left("No step before this one has scanned a code that is looked at here: is a When missing?")
    refusal: str = left("No step before this one has tried to use a pass: is a When missing?")
    refusals: Sequence[str] = left("No step before this one has tried to sign in: is a When missing?")
    menu: Sequence[MenuItem] = left("No step before this one has looked at the menu: is a When missing?")
    times: Mapping[str, int] = left("No step before this one has looked at the shop's times: is a When missing?")
    answer: Answer = left("No step before this one has asked the app for anything: is a When missing?")
    drinks: Sequence[str] = left("No step before this one has ordered several drinks at once: is a When missing?")

    def __init__(self, cafe: Cafe, wait: Waiter) -> None:
        self.cafe = cafe
        self.wait = wait
        self._ids: dict[str, str] = {}
        self._orders: dict[str, str] = Known("{} has not ordered anything in this scenario: is a Given missing?")
        self.before: dict[str, Order] = Known(
            "No step before this one has seen {}'s order as it was: is a Given missing?"
        )
        self.crowd: list[str] = []
        self.actions: Sequence[Action] = ()
        self.judgements: dict[str, list[Judgement]] = defaultdict(list)
        self.rush: Rush | None = None

    def moves_to(self, cafe: Cafe, wait: Waiter) -> None:
        """Let everything happen in another café from now on."""
        self.cafe, self.wait = cafe, wait

    def end(self) -> None:
        """Take away what the scenario has left."""
        self.cafe.end_shift()

    # --- who is who ------------------------------------------------------------------------------

    def id_of(self, name: str) -> str:
        """Return a person's user id: the name, and something that makes it unlike that of any other run."""
        return self._ids.setdefault(name, self.cafe.new_user_id(name))

    def names(self) -> Mapping[str, str]:
        """Return everybody's name by their user id; on aws, those who use the app share one."""
        of_each: dict[str, list[str]] = defaultdict(list)
        for name, user_id in self._ids.items():
            of_each[user_id].append(name)
        return {user_id: "/".join(names) for user_id, names in of_each.items()}

    def signs_in(self, name: str, visitor: Visitor) -> Visitor:
        """Let a person have the user id that the app knows them by."""
        self._ids[name] = visitor.user_id
        return visitor

    def order_of(self, name: str) -> str:
        """Return the id of a customer's order. Raises Trouble when the customer has none in this scenario."""
        return self._orders[name]

    def orders_of_people(self) -> Mapping[str, str]:
        """Return the ids of the orders of those who have a name of their own, by that name."""
        return {name: order_id for name, order_id in self._orders.items() if name not in (*self.crowd, PASSER_BY)}

    def orders_in_question(self) -> Sequence[str]:
        """Return the ids of the orders that a failure is about: people's own, and those that the rush hour lost."""
        rushed = self.cafe.orders(self.rush.orders) if self.rush else ()
        lost = [order.order_id for order in rushed if not is_completed().matches(order)]
        return [*self.orders_of_people().values(), *lost]

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has judged."""
        judged = [(j.promise, Distribution([j.latency])) for one in self.judgements.values() for j in one]
        return [*judged, *(self.rush.judged.items() if self.rush else ())]

    def order_that_does_not_exist(self) -> str:
        """Return the id of an order that nobody has opened."""
        self._orders["nobody"] = self.cafe.new_order_id()
        return self._orders["nobody"]

    def remember(self, name: str) -> Order:
        """Remember how a customer's order is now, and return it. Raises Trouble when there is none."""
        self.before[name] = self.record_of(name)
        return self.before[name]

    def record_of(self, name: str) -> Order:
        """Return how a customer's order is stored now. Raises Trouble when it is not."""
        record = self.cafe.record(self.order_of(name))
        if record is None:
            raise Trouble(f"{name}'s order is not stored, so it cannot be looked at: is a Given missing that sees it?")
        return record

    # --- what somebody does ------------------------------------------------------------------------

    @property
    def action(self) -> Action:
        """The last action that somebody took."""
        return self._taken()[-1]

    def _taken(self) -> Sequence[Action]:
        if not self.actions:
            raise Trouble("Nobody has done anything in this scenario: is a When missing?")
        return self.actions

    def does(self, *actions: Action) -> None:
        """Remember what was just done."""
        self.actions = actions

    def is_answered(self, answer: Answer, name: str, by: str, action: str = "") -> None:
        """Remember the app's answer, and the action on a customer's order that it started for somebody (`by`)."""
        self.answer = answer
        if isinstance(answer.body, dict) and "executionArn" in answer.body:
            self.does(self.cafe.took(Action(action, self.order_of(name), answer.body["executionArn"], self.id_of(by))))

    def outcomes(self) -> Sequence[SeenAction]:
        """Return how far each of the last actions has come."""
        return [self.cafe.outcome(action) for action in self._taken()]

    def scans(self, name: str) -> None:
        """Let a customer scan the code."""
        self._orders[name] = self.cafe.scan(self.id_of(name))

    def submits(self, name: str, drink: str | None, modifiers: Sequence[str] = (), order_id: str = "") -> None:
        """Let a customer choose a drink for their order, or for another one."""
        self.does(self.cafe.submit(order_id or self.order_of(name), self.id_of(name), drink, modifiers))

    def chooses_first(self, name: str, drink: str) -> None:
        """Let a customer order a drink with the first choice that the menu offers for it."""
        menu = self.cafe.shop.menu()
        choices = menu[one_of(menu, drink, "drink on the menu")]
        if not choices:
            raise Trouble(f"The menu offers no choices for a {drink}, so nobody can take the first one.")
        self.choice = choices[0]
        self.submits(name, drink, modifiers=[self.choice])

    def submits_both(self, name: str, *drinks: str) -> None:
        """Let a customer choose several drinks for the same order at the same moment."""
        self.drinks = drinks
        self.does(*(self.cafe.submit(self.order_of(name), self.id_of(name), drink) for drink in drinks))

    def accepted_drink(self) -> str:
        """Return the first of the drinks that were chosen last which the café has accepted."""
        accepted = [drink for drink, outcome in zip(self.drinks, self.outcomes(), strict=True) if outcome.accepted]
        if not accepted:
            raise AssertionError("Expected: one of the drinks to be accepted · but: none of them is")
        return accepted[0]

    def cancels(self, name: str, order_id: str = "") -> None:
        """Let a customer cancel their order, or another one."""
        self.does(self.cafe.cancel(order_id or self.order_of(name), user_id=self.id_of(name)))

    # --- what somebody has done ----------------------------------------------------------------------

    def has_scanned(self, name: str) -> None:
        """A customer has opened an order."""
        self.scans(name)
        self.wait.eventually(self.cafe.order, self.order_of(name), waits_for_its_drink(self.id_of(name)))
        self.wait.eventually(self.cafe.events, self.order_of(name), tells(STARTED, f"{name} can choose"))
        self.remember(name)

    def has_scanned_in_the_app(self, name: str, visitor: Visitor) -> None:
        """A customer who is signed in has opened an order."""
        self.signs_in(name, visitor)
        self.has_scanned(name)

    def has_ordered(self, name: str, drink: str) -> None:
        """A customer has opened an order and submitted a drink; the baristas see it."""
        self.has_scanned(name)
        self.submits(name, drink)
        self.sees_waiting(name, drink)

    def sees_waiting(self, name: str, drink: str) -> None:
        """The baristas see a customer's order."""
        self.wait.eventually(self.cafe.order, self.order_of(name), waits_for_a_barista(drink))
        self.wait.eventually(self.cafe.events, self.order_of(name), tells(WAITS, f"{name}'s order waits for a barista"))
        self.remember(name)

    def sees_made_by(self, name: str, barista: str) -> None:
        """Everybody sees that a barista makes a customer's order."""
        self.wait.eventually(self.cafe.order, self.order_of(name), is_being_made_by(self.id_of(barista)))

    def has_done(self, name: str, *actions: Action) -> None:
        """Somebody has acted on a customer's order, and the café did as it was asked."""
        self.does(*actions)
        for action in actions:
            self.wait.eventually(self.cafe.outcome, action, is_accepted())
        self.remember(name)

    def has_claimed(self, barista: str, name: str) -> None:
        """A barista has claimed a customer's order."""
        self.has_ordered(name, "Cappuccino")
        self.has_done(name, self.cafe.claim(self.order_of(name), self.id_of(barista)))

    def has_been_refused(self) -> None:
        """The last action was refused."""
        self.wait.eventually(self.cafe.outcome, self.action, is_refused())

    def has_cancelled(self, name: str) -> None:
        """A customer has cancelled a submitted order, and the café is done with it."""
        self.has_ordered(name, "Cappuccino")
        self.cancels(name)
        self.is_cancelled_and_over(name)

    def is_cancelled_and_over(self, name: str) -> None:
        """A customer's order is cancelled, and the café is done with it."""
        self.wait.eventually(self.cafe.order, self.order_of(name), is_cancelled())
        self._is_over(name)

    def has_completed(self, barista: str, name: str) -> None:
        """A barista has completed a customer's order, and the café is done with it."""
        self.has_ordered(name, "Cappuccino")
        self.does(self.cafe.complete(self.order_of(name), self.id_of(barista)))
        self.is_completed_and_over(name)

    def is_completed_and_over(self, name: str) -> None:
        """A customer's order is completed, and the café is done with it."""
        self.wait.eventually(self.cafe.order, self.order_of(name), is_completed())
        self._is_over(name)

    def times_out(self, name: str, wait: str) -> None:
        """Let the shop's own time for a wait of a customer's order pass: CHOOSING or MAKING."""
        more = self.cafe.time_out_of(wait)
        self.wait.eventually(self.cafe.events, self.order_of(name), tells(TIMED_OUT, "the order timed out"), more=more)

    def has_timed_out(self, name: str, wait: str) -> None:
        """A customer's order has timed out, and the café is done with it."""
        self.times_out(name, wait)
        self._is_over(name)

    def _is_over(self, name: str) -> None:
        self.wait.eventually(self.cafe.service, self.order_of(name), is_over())
        self.remember(name)

    # --- many people -------------------------------------------------------------------------------

    def lets_in(self, how_many: int) -> None:
        """Let so many more customers scan, a few at a time, and see all their orders opened."""
        for first in range(0, how_many, AT_A_TIME):
            newcomers = [f"Customer{len(self.crowd) + n}" for n in range(1, min(AT_A_TIME, how_many - first) + 1)]
            order_ids = self.cafe.scan_all([self.id_of(name) for name in newcomers])
            self._orders.update(zip(newcomers, order_ids, strict=True))
            self.crowd.extend(newcomers)
            self.wait.eventually(self.cafe.orders, order_ids, all_wait_for_their_drink(), more=self.rush_seconds)

    @property
    def rush_seconds(self) -> float:
        """How much more time a crowd is given: each of its calls may start a cold function of its own."""
        return RUSH_SECONDS_EACH * len(self.crowd)

    def crowd_orders(self) -> Sequence[str]:
        """Return the ids of the crowd's orders."""
        return [self.order_of(name) for name in self.the_crowd]

    @property
    def the_crowd(self) -> Sequence[str]:
        """The crowd of this scenario. Raises Trouble when there is none."""
        if not self.crowd:
            raise Trouble("No step before this one has let several customers in: is a Given missing?")
        return self.crowd

    def crowd_submits(self, drinks: Sequence[str]) -> None:
        """Let everybody in the crowd submit a drink at the same moment, each the next one of `drinks`."""
        self.drinks = drinks
        self.does(
            *(
                self.cafe.submit(self.order_of(name), self.id_of(name), drink)
                for name, drink in zip(self.the_crowd, drinks, strict=True)
            )
        )

    # --- promises of time ----------------------------------------------------------------------------

    def is_in_full_swing(self) -> None:
        """The shop has just served an order, so that nothing in it has to be started first."""
        self.has_completed("Cleo", PASSER_BY)

    def sees_kept(self, promise: Promise, name: str) -> None:
        """Judge a promise of time for a customer's order by what the cloud has stamped.

        Waits for it far longer than it may take, so that it can be told by how much it was missed.
        """
        order_id = self.order_of(name)
        budget = budget_words(promise.budget)
        told = tells(promise.heard, f"{promise.title[:1].lower()}{promise.title[1:]} (the promise is {budget})")
        self.wait.eventually(self.cafe.events, order_id, told)
        self.wait.eventually(self.cafe.order, order_id, is_stored())
        judgement = self.cafe.judge(promise, order_id, self.wait)
        if judgement is None:
            raise Inconclusive(f"“{promise.title}” cannot be judged: the cloud's stamps of its two ends are not there.")
        self.judgements[name].append(judgement)
        judgement.require(customer=name)

    def begins_rush(self, how_many: int) -> None:
        """So many customers and a barista are ready for a rush hour, and the shop has room for all of them.

        A first rush has passed, so that the shop's functions run: see docs/architecture.md, "Cold starts".
        """
        room = self.cafe.free_places()
        if room < how_many:
            raise Trouble(
                f"The shop has room for {room} more orders now, and the rush hour needs {how_many}. Try later."
            )
        self.lets_in(how_many)
        self.crowd_submits([DRINK_OF_ALL] * how_many)
        crowd = self.crowd_orders()
        self.wait.eventually(self.cafe.orders, crowd, all_wait_for_a_barista(self.drinks), more=self.rush_seconds)
        for order_id in crowd:
            self.cafe.cancel(order_id)
        self.wait.eventually(self._services, crowd, all_are_over(), more=self.rush_seconds)
        # The shop counts by a list, which lags behind on AWS.
        self.wait.eventually(self.cafe.free_places, greater_than_or_equal_to(how_many), more=self.rush_seconds)
        customers = [self.id_of(f"Guest{number}") for number in range(1, how_many + 1)]
        self.rush = Rush(self.cafe, self.wait, customers, self.id_of("Ben"))

    def rushes(self, orders_a_second: float) -> None:
        """Let the rush hour happen."""
        self.the_rush.goes_on(1 / orders_a_second, patience=self.rush_seconds)

    @property
    def the_rush(self) -> Rush:
        """The rush hour of this scenario. Raises Trouble when there is none."""
        if self.rush is None:
            raise Trouble("There is no rush hour in this scenario: is a Given missing?")
        return self.rush

    def sees_kept_in_rush(self, promise: Promise, percent: float) -> None:
        """Judge a promise of time for so many per cent of the rush hour's orders."""
        rush = self.the_rush
        rush.judge(promise).require(promise, percent, lambda: rush.slowest_hop(promise))

    def _services(self, order_ids: Sequence[str]) -> Sequence[Service]:
        return [self.cafe.service(order_id) for order_id in order_ids]

    # --- messages and passes -------------------------------------------------------------------------

    def message(self, name: str, detail_type: str) -> Event:
        """Return the first message of a type about a customer's order."""
        for event in self.cafe.events(self.order_of(name)):
            if event.detail_type == detail_type:
                return event
        raise Trouble(f"Nothing was told about {name}'s order that is called {detail_type}: is a Given missing?")

    def passes(self, name: str) -> Sequence[str]:
        """Return the passes of a customer's order, in the order they were given: one for each wait so far."""
        given = (e for e in self.cafe.events(self.order_of(name)) if e.detail_type in (STARTED, SECOND_WAIT))
        return [event["TaskToken"] for event in given]

    def pass_of(self, name: str, number: int = 0) -> str:
        """Return a pass of a customer's order, counted from 1; 0: the last one. Raises Trouble when there is none."""
        given = self.passes(name)
        if not given or number > len(given):
            wanted = f"pass number {number}" if number else "a pass"
            raise Trouble(f"{name}'s order has been given {len(given)} so far, and not {wanted}: is a Given missing?")
        return given[number - 1]

    def has_lost_pass(self, name: str) -> None:
        """Somebody has used the pass that a customer's order has now, and the café is done with the order."""
        if self.cafe.use_pass(self.pass_of(name)):
            raise Trouble(f"The pass of {name}'s order was refused, though nobody had used it before.")
        self._is_over(name)

    def different_passes(self, name: str) -> int:
        """How many different passes a customer's order has been given."""
        return len(set(self.passes(name)))
