"""Hamcrest matchers in the words of the shop that makes offers. Each says what it expects and what is there instead."""

from collections.abc import Collection, Mapping
from typing import Generic, TypeVar

from acceptance.matchers import Says, how_often
from support.retail.driver import Heard

# So many are named; of more it is said how many there are.
NAMED = 3
Key = TypeVar("Key")


class Tally(Generic[Key]):
    """How often each of many things was heard, beside those that were to be heard."""

    def __init__(self, wanted: Collection[Key], heard: Mapping[Key, int], services: Heard) -> None:
        self.missing = [one for one in wanted if not heard.get(one)]
        self.several = {one: number for one, number in heard.items() if number > 1}
        self.unwanted = [one for one in heard if one not in wanted]
        self.of = len(wanted)
        self._services = services

    def dead_end(self) -> str | None:
        """Say why no more can come."""
        return self._services.dead_end()

    @property
    def words(self) -> str:
        """What is wrong with it."""
        several = [f"{one} {how_often(number)}" for one, number in list(self.several.items())[:NAMED]]
        told = [
            f"{len(self.missing)} of {self.of} are missing" if self.missing else "",
            f"{len(self.several)} came more than once ({', '.join(several)})" if self.several else "",
            f"{len(self.unwanted)} came that should not ({self.unwanted[:NAMED]})" if self.unwanted else "",
        ]
        return "; ".join(one for one in told if one) or f"all {self.of} are there"


def is_there(what: str) -> Says:
    """Something that was heard at least once."""
    return Says(what, bool, lambda heard: f"there is {'one' if heard else 'none'}")


def was_put_aside_with_its_reason() -> Says:
    """What was heard of a message that cannot be read: one dead letter, which says in a header why it is one."""
    return Says(
        "a dead letter that says why it is one",
        lambda heard: len(heard) == 1 and _tells_why(heard[0].headers),
        lambda heard: f"there are {len(heard)}, with these headers: {[dict(one.headers) for one in heard]}",
    )


def _tells_why(headers: Mapping[str, str]) -> bool:
    """Whether there is a sentence, whatever its header is called: one word would be a code for somebody else."""
    return any(len(words.split()) > 1 for words in headers.values())


def comes_more_than_once(what: str) -> Says:
    """Something that was heard more than once."""
    return Says(f"more than one {what}", lambda heard: len(heard) > 1, lambda heard: f"there are {len(heard)}")


def come(number: int, what: str) -> Says:
    """Something that was heard so many times."""
    return Says(
        f"{number} {what}{'s' if number != 1 else ''}",
        lambda heard: len(heard) == number,
        lambda heard: f"there are {len(heard)}: {heard.words}",
    )


def are_all_about(product: str) -> Says:
    """Offers that all name what is offered."""
    return Says(
        f"offers of the {product} plan",
        lambda heard: all(product.encode() in (message.value or b"") for message in heard),
        lambda heard: f"there are: {heard.words}",
    )


def has_all(what: str) -> Says:
    """A tally in which nothing is missing."""
    return Says(f"all {what}", lambda tally: not tally.missing, lambda tally: tally.words)


def has_all_once(what: str) -> Says:
    """A tally in which everything that is wanted came once, and nothing else."""
    return Says(
        f"all {what}, each once, and no others",
        lambda tally: not (tally.missing or tally.several or tally.unwanted),
        lambda tally: tally.words,
    )
