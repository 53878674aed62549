"""Which scenarios a profile names: promises that are not made, and known deviations."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from acceptance.profile import Profile
from acceptance.trouble import Trouble


def refuse_other_systems(profiles: Iterable[Profile], systems: Collection[str]) -> None:
    """Raise Trouble where a profile is about a system of which this run has no feature."""
    for profile in profiles:
        if profile.system not in systems:
            raise Trouble(
                f"The profile {profile.file} is about {profile.system}, and this run has features of "
                f"{' and '.join(sorted(systems))} only. Leave the profile out, or name features/{profile.system}."
            )
