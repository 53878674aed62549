"""An environment error of a run, in a sentence, with what to do about it."""

# What to do if only some of the systems are deployed.
OTHER_SYSTEM = "name the features of the others: behave features/<system> …"


class Trouble(Exception):
    """The run cannot continue for a reason that is not the system's behaviour: an environment error.

    The message is one or two sentences: `what` is wrong, and the `advice` what to do, where the two are separate.
    """

    def __init__(self, what: str = "", advice: str = "") -> None:
        super().__init__(f"{what} {advice}".strip())
        self.what, self.advice = what, advice


class Lost(Trouble):
    """What a run depends on has ended or does not answer any more, which explains any other error at that time."""


class Inconclusive(Trouble):
    """A promise that can be called neither kept nor broken; the message says why."""
