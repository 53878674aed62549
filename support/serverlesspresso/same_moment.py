"""What is done with one order at the same moment, by two people or by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from hamcrest import equal_to

from acceptance.earlier import one_of
from acceptance.trouble import Trouble
from support.serverlesspresso.matchers.actions import is_answered
from support.serverlesspresso.matchers.ends import ends_again, has_ended_once, is_cancelled_and_nothing_else
from support.serverlesspresso.order_processor import MAKING
from support.serverlesspresso.orders import Action
from support.serverlesspresso.tracked_order import TrackedOrder
from support.serverlesspresso.world import World

# The longest wait for a person's first write, or for their end, in s.
HOLD_SECONDS = 5.0
Act = Callable[[], Action]


class SameMoment:
    """Makes actions on one order overlap: the first one's first write is held until the others have ended.

    A check before the write is done by then. On an account where writes cannot be held, all begin at once.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def act(self, order: TrackedOrder, *acts: Act, drinks: Sequence[str] | None = None) -> None:
        """Carry out acts on an order at the same moment."""
        world = self._world
        if world.overlap.is_made:
            actions = self._overtake(order, *acts)
        else:
            with world.overlap.slowed_down():
                actions = [call.result for call in world.wait.by_schedule(acts, every=0.0)]
        world.actions.note(*actions, drinks=drinks)

    def people_act(self, order: TrackedOrder, *deeds: tuple[str, str]) -> None:
        """Run people's actions on an order at the same moment: each a name, and one of DEEDS."""
        self.act(order, *(self._act_of(order, name, deed) for name, deed in deeds))

    def two_drinks_are_chosen(self, order: TrackedOrder) -> None:
        """Choose two drinks for an order, both of which can be ordered, as its customer."""
        submit, menu = self._world.cafe.manager.submit, self._world.cafe.shop.menu()
        drinks = [menu.usual.name, menu.another.name]
        choose = partial(submit, order.order_id, order.customer.user_id)
        self.act(order, *(partial(choose, drink) for drink in drinks), drinks=drinks)

    def scan_arrives_twice(self, name: str) -> None:
        """Scan the code as a customer, with a message that arrives twice."""
        world = self._world
        with world.overlap.slowed_down():
            order_id = world.cafe.bus.scan_twice(world.person(name).user_id)
            world.orders[name] = world.track(order_id, name)
            world.orders[name].workflows.settle()

    def is_overtaken(self, order: TrackedOrder, held: tuple[str, str], other: tuple[str, str]) -> None:
        """Hold one person's action on an order, and run another's before it. Embedded only."""
        acts = [self._act_of(order, *deed) for deed in (held, other)]
        self._world.actions.note(*reversed(self._overtake(order, *acts)))

    def follow(self, order: TrackedOrder, *deeds: tuple[str, str]) -> None:
        """Run people's actions on an order, each as soon as the one before has been refused once, or has ended."""
        world, actions = self._world, list[Action]()
        for name, deed in deeds:
            actions.append(self._act_of(order, name, deed)())
            world.wait.settle(world.cafe.manager.was_tried, actions[-1], equal_to(True), patience=HOLD_SECONDS)
        world.actions.note(*actions)

    def _overtake(self, order: TrackedOrder, first: Act, *others: Act) -> Sequence[Action]:
        world = self._world
        with world.overlap.first_write_held(order.order_id) as has_come:
            held = first()
            world.wait.settle(
                lambda: has_come() or not world.cafe.manager.result(held).execution.running,
                equal_to(True),
                patience=HOLD_SECONDS,
            )
            through = [act() for act in others]
            for action in through:
                world.wait.settle(world.cafe.manager.result, action, is_answered(), patience=HOLD_SECONDS)
        return [held, *through]

    def _act_of(self, order: TrackedOrder, name: str, deed: str) -> Act:
        do = DEEDS[one_of(DEEDS, deed, "thing that two people do at the same moment")]
        return lambda: do(self._world, order, name)

    def completes_as_time_is_up(self, order: TrackedOrder, barista: str) -> None:
        """Complete an order as a barista after the café found its time up, and before it cancels it.

        Embedded only. Raises Trouble when the café did not reach that point.
        """
        world = self._world
        with world.overlap.first_write_held(order.order_id) as has_come:
            most = world.cafe.processor.time_out_of(MAKING) + HOLD_SECONDS
            if not world.wait.settle(has_come, equal_to(True), patience=most):
                raise Trouble("The café did not begin to give the order up in its time, so that cannot be overtaken.")
            action = self._act_of(order, barista, "complete")()
            world.wait.settle(world.cafe.manager.result, action, is_answered(), patience=HOLD_SECONDS)
        world.actions.note(action)

    # --- the outcome -------------------------------------------------------------------------------

    def ends_once(self, order: TrackedOrder) -> None:
        """Check that the order ends by the accepted action, and that its customer is notified of that end only."""
        accepted = [action.action.name for action in self._world.actions.seen() if action.accepted]
        order.becomes(has_ended_once(accepted[0] if len(accepted) == 1 else ""))
        order.never_becomes(ends_again())

    def stays_cancelled(self, order: TrackedOrder) -> None:
        """Check that the order is cancelled, without any effect of the other action."""
        self._world.actions.are_answered()
        order.becomes(is_cancelled_and_nothing_else(order.before))


def _claim(world: World, order: TrackedOrder, name: str) -> Action:
    return world.cafe.manager.claim(order.order_id, world.person(name).user_id)


def _give_back(world: World, order: TrackedOrder, name: str) -> Action:
    return world.cafe.manager.give_back(order.order_id, world.person(name).user_id)


def _complete(world: World, order: TrackedOrder, name: str) -> Action:
    return world.cafe.manager.complete(order.order_id, world.person(name).user_id)


def _cancel(world: World, order: TrackedOrder, name: str) -> Action:
    user_id = world.person(name).user_id
    if name == order.customer.name:
        return world.cafe.manager.cancel(order.order_id, user_id=user_id)
    return world.cafe.manager.cancel(order.order_id, barista=user_id)


def _submit(world: World, order: TrackedOrder, name: str) -> Action:
    return world.cafe.manager.submit(order.order_id, world.person(name).user_id, world.cafe.shop.menu().usual.name)


DEEDS: Mapping[str, Callable[[World, TrackedOrder, str], Action]] = {
    **dict.fromkeys(("claims", "claim"), _claim),
    **dict.fromkeys(("gives back", "give back"), _give_back),
    **dict.fromkeys(("completes", "complete"), _complete),
    **dict.fromkeys(("cancels", "cancel"), _cancel),
    **dict.fromkeys(("submits", "submit"), _submit),
}
