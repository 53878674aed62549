"""What is wrong with the surroundings of a run, in a sentence, and what to do about it."""

# What to do where only some of the systems are deployed.
OTHER_SYSTEM = "name the features of the others: behave features/<system> …"


class Trouble(Exception):
    """The run cannot go on for a reason that is not the system's behaviour.

    The message is one or two sentences: `what` is wrong, and the `advice` what to do, where the two are told apart.
    """

    def __init__(self, what: str = "", advice: str = "") -> None:
        super().__init__(f"{what} {advice}".strip())
        self.what, self.advice = what, advice


class Inconclusive(Trouble):
    """What can be called neither kept nor broken; the message says why."""
