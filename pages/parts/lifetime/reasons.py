"""Why no lifetime value is estimated: an edition says it in English."""

from pages.parts.retold import Found, Saying, counted, retold, saying
from pages.parts.speech import say, several


def reason(text: str) -> str:
    return retold(text, REASONS)


def few_months(found: Found) -> str:
    return several(
        counted(found["months"]),
        "Too short a history: {count} month of paying customers, {least} are needed.",
        "Too short a history: {count} months of paying customers, {least} are needed.",
        least=found["least"],
    )


def short_sight(found: Found) -> str:
    return several(
        counted(found["months"]),
        "Too short a history: customers were seen for {count} month, and {ahead} months ahead need {least}.",
        "Too short a history: customers were seen for {count} months, and {ahead} months ahead need {least}.",
        ahead=found["ahead"],
        least=found["least"],
    )


def few_days(found: Found) -> str:
    return several(
        counted(found["days"]),
        "Too short a history: {count} day, {least} are needed.",
        "Too short a history: {count} days, {least} are needed.",
        least=found["least"],
    )


def few_left(found: Found) -> str:
    return say("Too few have left: {found}, {least} are needed.", **found)


def few_buyers(found: Found) -> str:
    return say("Too few have bought: {found}, {least} are needed.", **found)


def few_returned(found: Found) -> str:
    return say("Too few have bought again: {found}, {least} are needed.", **found)


COUNTS = r"(?P<found>\d+), (?P<least>\d+) are needed\."
REASONS: tuple[Saying, ...] = (
    saying(
        r"Too short a history: (?P<months>\d+) months? of paying customers, (?P<least>\d+) are needed\.",
        few_months,
    ),
    saying(
        r"Too short a history: customers were seen for (?P<months>\d+) months?, "
        r"and (?P<ahead>\d+) months ahead need (?P<least>\d+)\.",
        short_sight,
    ),
    saying(r"Too short a history: (?P<days>\d+) days?, (?P<least>\d+) are needed\.", few_days),
    saying(rf"Too few have left: {COUNTS}", few_left),
    saying(rf"Too few have bought: {COUNTS}", few_buyers),
    saying(rf"Too few have bought again: {COUNTS}", few_returned),
    saying(r"Nobody paid a subscription then\.", lambda _: say("Nobody paid a subscription then.")),
    saying(r"Nobody has paid a subscription yet\.", lambda _: say("Nobody has paid a subscription yet.")),
    saying(
        r"Nobody in this segment has bought yet\.", lambda _: say("Nobody in this segment has bought yet.")
    ),
    saying(
        r"Only the segments with the most paying accounts are estimated\.",
        lambda _: say("Only the segments with the most paying accounts are estimated."),
    ),
)
