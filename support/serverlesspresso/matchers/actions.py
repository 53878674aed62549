"""What people have tried, and the café's responses."""

from acceptance.matchers import Says
from support.serverlesspresso.orders import SeenAction


def _outcome(seen: SeenAction) -> str:
    if seen.refused:
        return f"it was refused ({seen.reason})"
    if seen.broke_down:
        return f"the café broke down ({seen.reason})"
    return "the café did as it was asked" if seen.accepted else "the café has not answered yet"


def is_answered() -> Says:
    """An action that the café carried out, refused, or crashed on."""
    return Says("the café to answer", lambda seen: not seen.execution.running, _outcome)


def is_refused(*because: str) -> Says:
    """An action that the café has refused, for a reason with the words of one of `because` (case and blanks aside)."""
    wanted = [words.replace(" ", "").lower() for words in because] or [""]
    return Says(
        f"the café to refuse{f' because of: {because[0]}' if because else ''}",
        lambda seen: seen.refused and any(words in seen.reason.replace(" ", "").lower() for words in wanted),
        _outcome,
    )


def is_accepted() -> Says:
    """An action that the café has carried out."""
    return Says("the café to do as it was asked", lambda seen: seen.accepted, _outcome)


def exactly_one_is_accepted() -> Says:
    """Several actions of which the café has carried out one and refused all others."""
    return Says(
        "the café to accept one and to refuse the other",
        lambda seen: (
            [a.accepted for a in seen].count(True) == 1 and [a.refused for a in seen].count(True) == len(seen) - 1
        ),
        lambda seen: " / ".join(map(_outcome, seen)),
    )
