"""What became of a send: it arrived, it may arrive later, or it never will."""

from dataclasses import dataclass

from data.speech import english


@dataclass(frozen=True, slots=True)
class Arrived:
    """The other side took it; `note` is what it said to that, if anything is worth keeping."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It did not arrive, and trying again may help; `after` are the seconds that the other side asks for."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It was refused, and would be again: somebody has to change something."""

    reason: str


Outcome = Arrived | Later | Refused
PASSING = (408, 425, 429)


def of_status(status: int, said: str = "", after: float | None = None) -> Outcome:
    """What an HTTP status means: 2xx is arrival, 408, 425, 429 and 5xx pass, all else is refusal."""
    if 200 <= status < 300:
        return Arrived(f"answered {status}")
    answer = english("It answered {status}.", status=status)
    if said:
        answer = english("It answered {status}: {said}.", status=status, said=said)
    if status in PASSING or status >= 500:
        return Later(answer, after)
    if 300 <= status < 400:
        return Refused(
            english("It answered {status}: it has moved. Set the address that it has now.", status=status)
        )
    return Refused(answer)
