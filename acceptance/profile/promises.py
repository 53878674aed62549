"""What a run's profiles say about its scenarios: which are not promised, and which are known to deviate."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from acceptance.profile import Deviation, Profile
from acceptance.report.selection import Identity, readable_name, rule_of
from acceptance.trouble import Trouble

SIGN = " › "
# The tags that say who makes a scenario's promise: every deployment, or only the shipped one.
CORE, HOUSE_RULE = "core", "house_rule"
NOT_PROMISED = "not promised: "
MOST_NAMED = 3  # of unexplained deviations


Scenarios = Callable[[str], Iterable[tuple[Any, Identity]]]


class Named(NamedTuple):
    """A deviation of a profile, with its file and line."""

    deviation: Deviation
    at: str


class Promises:
    """Finds what profiles say about a scenario, by any of its names."""

    def __init__(self, profiles: Iterable[Profile] = (), today: date | None = None) -> None:
        """`today` is the day by which deviations expire; default: the day on which the run begins."""
        self._profiles = list(profiles)
        self.today = today or date.today()
        self.deviations: Sequence[Named] = [
            Named(one, profile.at("deviations", number))
            for profile in self._profiles
            for number, one in enumerate(profile.deviations)
        ]

    def why_not(self, scenario: Any, identity: Identity) -> str:
        """Return why a scenario is left out, "" if its promise is made."""
        called = promises_of(scenario, identity)
        left_out = (
            one for profile in self._about(identity) for one in profile.not_made if _plain(one.promise) in called
        )
        return next((f"{NOT_PROMISED}{one.reason}" for one in left_out), "")

    def deviations_of(self, scenario: Any, identity: Identity) -> Sequence[Deviation]:
        """Return the known deviations of a scenario, including expired ones."""
        called = names_of(scenario, identity)
        known = (one for profile in self._about(identity) for one in profile.deviations)
        return [one for one in known if _plain(one.scenario) in called]

    @property
    def notice(self) -> str:
        """Return a line for each expired deviation, and one line with the unexplained ones; "" if there are none."""
        expired = "".join(
            f"{at}: This deviation expired on {one.until}, so its scenario counts again: “{one.scenario}”.\n"
            for one, at in self.deviations
            if one.expired(self.today)
        )
        hold = [one for one in self.deviations if not one.deviation.expired(self.today)]
        told = not_explained([one.deviation for one in hold], [one.at for one in hold])
        return f"{expired}{told}\n" if told else expired

    def check(self, systems: Collection[str], scenarios_of: Scenarios) -> None:
        """Raise Trouble for a profile of another system, for a name that no scenario has, and for duplicates.

        `systems` are those of this run. `scenarios_of` gives all scenarios of a system, those of the run first; only as
        many are read as are needed to find what the profile names.
        """
        for profile in self._profiles:
            if profile.system not in systems:
                raise Trouble(
                    f"The profile {profile.file} is for {profile.system}, but this run has features of "
                    f"{' and '.join(sorted(systems))} only. Omit the profile, or run features/{profile.system}."
                )
        wrong = [told for one in self._profiles for told in (*_unknown(one, scenarios_of(one.system)), *_twice(one))]
        if wrong:
            raise Trouble("\n".join(wrong))

    def _about(self, identity: Identity) -> Iterator[Profile]:
        """Return the profiles of a scenario's own system: others may have the same tags."""
        return (profile for profile in self._profiles if profile.system in identity.path.split("/")[:-1])


def not_explained(deviations: Sequence[Deviation], places: Sequence[str] = ()) -> str:
    """Name the unexplained deviations, by their `places` or else their scenarios; "" if all are explained."""
    named = places or [f"“{one.scenario}”" for one in deviations]
    ours = [name for one, name in zip(deviations, named, strict=True) if not one.explained]
    if not ours:
        return ""
    several = "1 known deviation is" if len(ours) == 1 else f"{len(ours)} known deviations are"
    shown = [*ours[:MOST_NAMED], *(["…"] if ours[MOST_NAMED:] else [])]
    return f"{several} not explained yet: {', '.join(shown)}"


def _unknown(profile: Profile, scenarios: Iterable[tuple[Any, Identity]]) -> Iterator[str]:
    """Suggest the nearest name for each that no scenario has."""
    wanted = {("not_made", number, "promise"): _plain(one.promise) for number, one in enumerate(profile.not_made)} | {
        ("deviations", number, "scenario"): _plain(one.scenario) for number, one in enumerate(profile.deviations)
    }
    missing, names, promises = dict(wanted), set[str](), set[str]()
    for scenario, identity in scenarios if wanted else ():
        names |= names_of(scenario, identity)
        promises |= promises_of(scenario, identity)
        missing = {
            at: name for at, name in missing.items() if name not in (names if at[0] == "deviations" else promises)
        }
        if not missing:
            return
    for place, name in missing.items():
        near = difflib.get_close_matches(name, names if place[0] == "deviations" else promises, n=1, cutoff=0.5)
        hint = f"Did you mean “{near[0]}”?" if near else "The report shows the name of each scenario."
        yield f"{profile.at(*place)}: No {place[2]} is called “{name}”. {hint}"


def _twice(profile: Profile) -> Iterator[str]:
    """Name the duplicate deviations. One scenario may have several, with other words."""
    seen: dict[tuple[str, str], str] = {}
    for number, one in enumerate(profile.deviations):
        mark, at = (_plain(one.scenario), " ".join(one.message.split())), profile.at("deviations", number)
        if mark in seen:
            yield f"{at}: This deviation is listed twice: see {seen[mark]}."
        seen[mark] = at


def names_of(scenario: Any, identity: Identity) -> set[str]:
    """Return a scenario's names: “feature › scenario”, with its rule too, and as an example by its outline."""
    feature, rule = scenario.feature.name, rule_of(scenario)
    own = {identity.name, readable_name(scenario)}
    if scenario.parent is not None and scenario.parent.type == "scenario_outline":
        own.add(scenario.parent.name)
    places = [feature, f"{feature}{SIGN}{rule.name}"] if rule else [feature]
    return {_plain(f"{place}{SIGN}{name}") for place in places for name in own}


def promises_of(scenario: Any, identity: Identity) -> set[str]:
    """Return the names under which a scenario's promise can be withdrawn: its own, its rule, feature, and tags."""
    feature, rule = scenario.feature.name, rule_of(scenario)
    around = {feature, f"{feature}{SIGN}{rule.name}"} if rule else {feature}
    tags = {f"@{tag}" for tag in scenario.effective_tags}
    return names_of(scenario, identity) | {_plain(name) for name in around} | tags


def _plain(name: str) -> str:
    """Return a name in its compared form: blanks do not count, and not every keyboard has the sign."""
    return " ".join(name.split()).replace(" > ", SIGN)
