"""A person of a scenario, whoever they are to the café."""

from dataclasses import dataclass, field

from acceptance.service_levels.levels import Judgement


@dataclass
class Person:
    """A person in a scenario. Their user id is unique to this run; app users have the app's.

    `judgements`: the service levels checked for this person's orders.
    """

    name: str
    user_id: str
    judgements: list[Judgement] = field(default_factory=list)
