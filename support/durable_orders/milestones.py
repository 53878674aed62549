"""The progress of an order, by the results of its execution's steps."""

from collections.abc import Sequence

from acceptance.aws.durable import DurableExecution

# The status that the result of each of these steps carries.
STATUSES = ("validated", "paid", "confirmed")


def milestones(seen: DurableExecution) -> Sequence[str]:
    """Return the sequence in which an order was validated, paid, awaiting confirmation, confirmed and stored.

    A step's name is its author's choice; the status in its result is not. The step after the confirmation
    is the storing, regardless of its result.
    """
    came: list[str] = []
    for event in seen.events:
        if event["EventType"] in ("WaitStarted", "CallbackStarted"):
            came.append("held for its confirmation")
        elif event["EventType"] == "StepSucceeded":
            told = str((event.get("StepSucceededDetails", {}).get("Result") or {}).get("Payload"))
            words = [status for status in STATUSES if f'"{status}"' in told]
            if len(words) == 1:
                came += words
            elif "confirmed" in came and "stored" not in came:
                came.append("stored")
    return came
