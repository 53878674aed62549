"""Ends and restarts services: those that this run runs, or others by the profile's commands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from hamcrest import assert_that, equal_to
from pydantic import Field

from acceptance.kafka.broker import EmbeddedBroker
from acceptance.processes.command import call
from acceptance.processes.programs import Programs
from acceptance.profile import Section
from acceptance.trouble import Trouble

USER_SERVICE, PROMOTIONS_SERVICE = "User Service", "Promotions Service"
# What platforms put into an environment besides: the address of a service called kafka, as Kubernetes does.
OF_A_PLATFORM = {"KAFKA_SERVICE_HOST": "127.0.0.1", "KAFKA_PORT": "tcp://127.0.0.1:9092"}


class ServiceCommands(Section):
    """The commands by which one service is ended and started. Each returns when that is done."""

    stop: str = Field(description="command that stops the service, and returns when it has stopped")
    start: str = Field(description="command that starts the service")
    crash: str = Field(default="", description="command that kills the service in the middle of its work")


class ServicesProfile(Section):
    """How services of a deployment are ended and started again; run in the profile's folder, by no shell."""

    user_service: ServiceCommands | None = Field(
        default=None, description="commands for the service that enriches page views"
    )
    promotions_service: ServiceCommands | None = Field(
        default=None, description="commands for the service that makes offers"
    )

    @property
    def restarts(self) -> bool:
        """Whether both can be ended and started again."""
        return bool(self.user_service and self.promotions_service)

    @property
    def crashes(self) -> bool:
        """Whether both can be ended at once."""
        return all(one and one.crash for one in (self.user_service, self.promotions_service))


class Operations(ABC):
    """The operations on running services."""

    @abstractmethod
    def amid_work(
        self, service: str, come: Callable[[], None], let_take_up: Callable[[], None]
    ) -> AbstractContextManager[None]:
        """Send page views (`come`), and catch a service in the middle of them, as far as possible.

        `let_take_up` waits until they have reached the service, and it has taken them up.
        """

    @abstractmethod
    def ask_to_end(self, service: str) -> None:
        """Ask a service to end."""

    @abstractmethod
    def see_ended(self, service: str) -> None:
        """Check that a service that was asked to end has done so cleanly."""

    @abstractmethod
    def crash(self, service: str) -> None:
        """End a service at once."""

    @abstractmethod
    def begin(self, service: str) -> None:
        """Start a service that has ended."""

    @abstractmethod
    def begin_all(self) -> None:
        """Start every service that was ended and is not running."""

    def restart(self, service: str) -> None:
        """Ask a service to end, check that it does, and restart it."""
        self.ask_to_end(service)
        self.see_ended(service)
        self.begin(service)


class OwnServices(Operations):
    """The services that this run itself runs, with a broker of its own."""

    def __init__(self, programs: Programs, broker: EmbeddedBroker) -> None:
        self.programs = programs
        self.broker = broker

    @contextmanager
    def amid_work(self, service: str, come: Callable[[], None], let_take_up: Callable[[], None]) -> Iterator[None]:
        """Make it take page views up without being able to answer: they arrive while it is stopped.

        Then the broker accepts no answers within this context.
        """
        self.programs.freeze(service)
        try:
            come()
            self.broker.refuse_messages()
        finally:
            self.programs.thaw(service)
        try:
            let_take_up()
            yield
        finally:
            self.broker.take_messages()

    @contextmanager
    def another_instance(self, service: str) -> Iterator[Callable[[], bool]]:
        """Run a second instance of a service, and check that it ends cleanly when asked to.

        Yields a function that returns whether it has sent anything, which mostly depends on what it reads.
        """
        with self._another(service) as another:
            yield partial(self.programs.has_spoken, another)
            self.ask_to_end(another)
            self.see_ended(another)

    def end_of_one_by_hand(
        self, service: str, let_start: Callable[[Callable[[], bool]], object], unsaid: Collection[str]
    ) -> tuple[int | None, str]:
        """Run a second instance of a service without these variables and with a platform's, and end it by Ctrl-C.

        `let_start` waits until a function returns that it has sent something. Return its exit status, None if it goes
        on, and its last words.
        """
        with self._another(service, without=unsaid, **OF_A_PLATFORM) as another:
            let_start(partial(self.programs.has_spoken, another))
            self.programs.interrupt(another)
            return self.programs.ended(another), self.programs.last_words()[another]

    def end_of_another(self, service: str, without: Collection[str] = (), **variables: str) -> tuple[int | None, str]:
        """Run a second instance of a service with other variables, and without some.

        Return its exit status, None if it goes on, and its last words.
        """
        with self._another(service, without, **variables) as another:
            return self.programs.ended(another), self.programs.last_words()[another]

    @contextmanager
    def _another(self, service: str, without: Collection[str] = (), **variables: str) -> Iterator[str]:
        another = self.programs.begin_another(service, without, **variables)
        try:
            yield another
        finally:
            self.programs.remove(another)

    def ask_to_end(self, service: str) -> None:
        """Ask a service to end."""
        self.programs.ask_to_end(service)

    def see_ended(self, service: str) -> None:
        """Check that it ends by itself, with status 0."""
        status = self.programs.ended(service)
        assert_that(status, equal_to(0), f"The {service} was asked to end: its exit status")

    def crash(self, service: str) -> None:
        """End a service at once."""
        self.programs.crash(service)

    def begin(self, service: str) -> None:
        """Start a service that has ended."""
        self.programs.begin(service)

    def begin_all(self) -> None:
        """Start every service that does not run."""
        self.programs.start()


class ServicesByCommands(Operations):
    """Services that others run, by their commands. `folder`: where these are run."""

    def __init__(self, commands: Mapping[str, ServiceCommands], folder: Path) -> None:
        self._commands = commands
        self._folder = folder
        self._ended: dict[str, None] = {}

    @contextmanager
    def amid_work(self, service: str, come: Callable[[], None], let_take_up: Callable[[], None]) -> Iterator[None]:
        """Send page views, and return at once: the next action hits a service that has hardly begun with them."""
        come()
        yield

    def ask_to_end(self, service: str) -> None:
        """Ask a service to end, and wait until it has."""
        self._ended[service] = None
        self._call(service, self._commands[service].stop)

    def see_ended(self, service: str) -> None:
        """Do nothing: a command that does not end a service raises Trouble."""

    def crash(self, service: str) -> None:
        """End a service at once."""
        if not self._commands[service].crash:
            raise Trouble(f"The profile has no command that lets the {service} break down (services, crash).")
        self._ended[service] = None
        self._call(service, self._commands[service].crash)

    def begin(self, service: str) -> None:
        """Start a service that has ended."""
        self._call(service, self._commands[service].start)
        self._ended.pop(service, None)

    def begin_all(self) -> None:
        """Start every service that was ended and not restarted."""
        for service in list(self._ended):
            self.begin(service)

    def _call(self, service: str, command: str) -> None:
        call(command, self._folder)
