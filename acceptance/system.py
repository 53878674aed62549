"""What a system offers to a run, and how a run finds it: by the name of the folder of its features.

A system is a package with a module `system`, which defines one subclass of `System`. It lies in `support/<name>`, or
in a package that is installed and names its class as an entry point of the group `acceptance.systems`, called `<name>`.
There is no list of systems.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
from abc import ABC, abstractmethod
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from acceptance.contracts import Contracts, Watch
from acceptance.contracts.watch import EVERYTHING
from acceptance.load import why_no_load
from acceptance.profile import Profile
from acceptance.registry import known
from acceptance.rest import AWS_GRACE, EMBEDDED_GRACE, Grace
from acceptance.root import ROOT
from acceptance.settings import models_of_systems
from acceptance.trouble import Trouble
from acceptance.waiting import AWS_PACE, EMBEDDED_PACE, SHARED_PACE, Pace, Waiter

if TYPE_CHECKING:
    from acceptance.aws.coverage import Snapshot
    from acceptance.examination import Finding
    from acceptance.service_levels.levels import Distribution, Promise
    from acceptance.service_levels.timeline import Timeline
    from acceptance.settings import Settings
    from acceptance.target import Target

FEATURES = "features"
_NEARLY = 0.75  # how similar a folder's name and a system's must be for one to be a slip


class Scene(Protocol):
    """The people of one scenario and what they do."""

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return the measurements of each service level that the scenario is about."""

    def end(self) -> None:
        """Remove the scenario's leftovers."""


class System(ABC):
    """A system under test, as one session of a run has it. Each session creates one, and brings it up on first use.

    Only `bring_up` and `scene` must be written; everything else has a default that suits a small system.
    """

    name: ClassVar[str]  # of the folder of its features, and of its package
    profile_kind: ClassVar[type[Profile]] = Profile  # what a deployment's profile may say of this system
    policy: ClassVar[str] = ""  # the file with the permissions that a run needs, from the repository's root
    published: ClassVar[str] = ""  # the folder of the shipped system's contracts, from there too
    falls_away: ClassVar[Mapping[str, str]] = {}  # what a run cannot do without a statement of the policy, by its Sid
    harms: ClassVar[Sequence[str]] = ()  # words (regular expressions) of failures, those that do most harm first

    def __init__(self, target: Target, *, side_by_side: bool = False) -> None:
        """`target` is where the run takes place. `side_by_side`: whether other sessions share the machine."""
        self.target = target
        self.side_by_side = side_by_side

    @property
    def settings(self) -> Settings:
        """The settings of the run."""
        return self.target.settings

    @property
    def profile(self) -> Profile:
        """The profile of the tested deployment; that of the shipped system if none is given."""
        return self.settings.profiles.get(self.name) or self.profile_kind.shipped(self.name)

    @cached_property
    def contracts(self) -> Watch:
        """The contracts against which all messages and records are checked; a system's driver passes them on.

        A deployment elsewhere has its own contracts, which its profile names; a user's own template has them
        in the folder `contracts` beside it, if anywhere.
        """
        folder = self._folder_of_contracts()
        if folder is None:
            return Watch(Contracts())
        from acceptance.contracts.reading import read_contracts  # its libraries take long to load

        return Watch(read_contracts(folder))

    def _folder_of_contracts(self) -> Path | None:
        if self.profile.contracts:
            return Path(self.profile.file).parent / self.profile.contracts
        if self.settings.on_aws or not self.published:
            return None
        model = models_of_systems().get(self.name)
        template = str(getattr(self.settings.of(model), "template", "")) if model else ""
        shipped = ROOT / self.published
        folder = Path(template).resolve().parent / shipped.name if template else shipped
        return folder if folder.is_dir() or not template else None

    @classmethod
    def deployed_from(cls, settings: Settings) -> str:
        """Return the template that a run deploys, "" if the system is already deployed."""
        if settings.on_aws:
            return ""
        model = models_of_systems().get(cls.name)
        named = str(getattr(settings.of(model), "template", "")) if model else ""
        shipped = Path(cls.published).parent / "template.yaml"
        return named or (str(shipped) if cls.published and (ROOT / shipped).exists() else "")

    def concerns(self, scene: Any) -> Container[Any]:
        """Pass a scenario's records to `contracts`, and return the keys that it is about."""
        return EVERYTHING

    def hears_last(self) -> Sequence[str]:
        """Return the breaches that were received and assigned to no scenario. Called at the end of the run."""
        return self.contracts.left()

    @property
    def pace(self) -> Pace:
        """How often a session polls, which may share its machine with others."""
        return AWS_PACE if self.settings.like_aws else SHARED_PACE if self.side_by_side else EMBEDDED_PACE

    @cached_property
    def grace(self) -> Grace:
        """How long nothing must have happened before a wait ends, as this session learns it."""
        return Grace(*(AWS_GRACE if self.settings.like_aws else EMBEDDED_GRACE))

    def waiter(self, pace: Pace | None = None, **listening: Any) -> Waiter:
        """Create a waiter with the run's timeout. `listening`: a tap's `pause` and `prove_listening`, see Waiter."""
        settings = self.settings
        return Waiter(
            settings.patience_seconds, settings.quiet_seconds, pace or self.pace, grace=self.grace, **listening
        )

    def deploy(self) -> None:  # noqa: B027 - a default, not something to fill in
        """Deploy the system, if the run has an account of its own. `bring_up` does so too."""

    def examine(self) -> Iterable[Finding]:
        """Check the parts, and whether they are ready, without `bring_up`, and without a change.

        On an account of the run's own the system is deployed by then.
        """
        return ()

    def unready(self) -> Iterable[Finding]:
        """Check whether the system, once brought up, serves requests; problems that stop are reported, nothing runs.

        State that the run may change can be corrected instead, until the run's end.
        """
        return ()

    def before_workers(self) -> None:  # noqa: B027 - as above
        """Set up what all sessions of a run need, in its lead, before they begin. It is undone after they end.

        Called on an account that they share.
        """

    def described(self) -> Mapping[str, Any]:
        """Return a profile's description of the deployment, as `examine` found it: sections such as `parts`."""
        return {}

    def names(self) -> Mapping[str, str]:
        """Return names of parts that differ from those in the policy, by the latter. Called after `examine`."""
        return {}

    @abstractmethod
    def bring_up(self) -> None:
        """Deploy the system or find it, and register with `target.at_the_end` what is to be undone. Called once.

        Raises Trouble when the system cannot be tested.
        """

    @abstractmethod
    def scene(self) -> Scene:
        """Create the scene of one scenario, with new people."""

    def why_not(self, tags: Collection[str]) -> str:
        """Return why this run must leave a scenario with these tags out, "" if it need not."""
        if "exclusive" in tags and not self.settings.exclusive_allowed:
            return "it changes the system for all its users; allow it with -D exclusive=yes"
        if "slow" in tags and not self.settings.slow_allowed:
            return "it waits for the system's own time-outs; allow it with -D slow=yes"
        if "chaos" in tags and not self.settings.chaos_allowed:
            return "it makes parts of the system fail; allow it with -D chaos=yes"
        if "load" in tags:
            return why_no_load(self.settings)
        return ""

    def check(self, *, in_doubt: bool) -> None:  # noqa: B027 - a default, not something to fill in
        """Raise Trouble when something that the run needs is lost. When `in_doubt`, everything must answer, soon."""

    def look_back(self) -> Sequence[Snapshot]:
        """Return the session's use of the system's parts. Called before anything is undone."""
        return ()

    def keep_evidence(self, scene: Any, *, failed: bool) -> None:  # noqa: B027 - as above
        """Attach what a reader of a scenario's page wants to see besides its steps (acceptance.report.attachments)."""

    def timelines(self, scene: Any) -> Mapping[str, Timeline]:
        """Return the cloud's stamps for each order of a scenario, by the order's name; for telemetry.

        `Ada's order` is such a name: it becomes part of a span's name.
        """
        return {}

    @classmethod
    def alone(cls, settings: Settings) -> Collection[str]:
        """Return the tags of scenarios that tolerate no other session beside theirs."""
        return ()

    @classmethod
    def kept_together(cls, settings: Settings) -> Mapping[str, int]:
        """Return the tags of scenarios that one session runs before all others, those of each tag separately.

        Each comes with how busy they keep the machine: 0 if they mostly wait. Those of a tag stay in one shard, too.
        """
        return {}


def system_of(filename: str) -> str:
    """Return the system of a feature file, by the folders that contain it.

    Raises Trouble, with the nearest name, for a file in a folder that belongs to no system.
    """
    folders = Path(filename).absolute().parts[:-1]  # behave may be started in one of them
    here = len(folders) - folders[::-1].index(FEATURES) if FEATURES in folders else None
    below = folders[here:]
    names = known()
    for folder in below if here is not None else below[::-1]:
        if folder in names:
            return folder
    if here is None or not below:
        raise Trouble(
            f"{filename} is in no system's folder, so it is not known which system it is about. "
            f"Put it into {FEATURES}/<system>/. There are: {', '.join(sorted(names))}."
        )
    near = difflib.get_close_matches(below[0].lower().replace("-", "_"), names, n=1, cutoff=_NEARLY)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(names))}."
    raise Trouble(f"No system is called “{below[0]}”, where {filename} lies. {hint}")


def find(name: str) -> type[System]:
    """Return a system's class. Raises Trouble when it is missing or invalid."""
    found = known().get(name)
    if found is None:
        raise Trouble(f"No system is called “{name}”. There are: {', '.join(sorted(known()))}.")
    if isinstance(found, EntryPoint):
        return _checked(name, found.load(), found.value)
    module = importlib.import_module(found)
    own = [kind for kind in vars(module).values() if _is_a_system(kind) and kind.__module__ == found]
    if len(own) != 1:
        raise Trouble(f"{found} must define one system, and defines {len(own)}.")
    return _checked(name, own[0], found)


def _is_a_system(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, System) and not inspect.isabstract(kind)


def _checked(name: str, kind: Any, where: str) -> type[System]:
    if not _is_a_system(kind):
        raise Trouble(f"{where} is no system: it must be a subclass of acceptance.system.System with all it asks for.")
    if getattr(kind, "name", None) != name:
        raise Trouble(f"{where} is to be the system “{name}”, and calls itself “{getattr(kind, 'name', '')}”.")
    return kind  # type: ignore[no-any-return]
