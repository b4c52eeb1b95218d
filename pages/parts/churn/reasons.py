"""Why an account may leave, and why no probabilities are shown: an edition says it in English."""

from pages.parts.retold import Found, Saying, counted, numeral, retold, saying
from pages.parts.speech import say, several

WORD = "associated with: "


def reason(text: str) -> str:
    """What goes with an account's risk, without the words that stand before each."""
    return retold(text.removeprefix(WORD), REASONS)


def in_full(text: str) -> str:
    """The same with the words before it."""
    return say("associated with: {reason}", reason=reason(text)) if text.startswith(WORD) else text


def gate(text: str) -> str:
    """Why the model may not show probabilities."""
    return retold(text, GATE)


def beside(name: str) -> str:
    return rf"(?: \(usual (?P<{name}>[^)]*)\))?"


def usually(told: str, figure: str) -> str:
    return say("{reason} (usual {figure})", reason=told, figure=numeral(figure)) if figure else told


def recency(found: Found) -> str:
    told = several(counted(found["days"]), "last active {count} day ago", "last active {count} days ago")
    return usually(told, found["usual"])


def usage(found: Found) -> str:
    days = say("active on {days} of the last 28 days", days=found["days"])
    events = several(counted(found["events"]), "{count} event", "{count} events")
    return f"{usually(days, found['usual'])}, {usually(events, found['usual_events'])}"


def trend(found: Found) -> str:
    return say(
        "active on {days} of the last 28 days after {before} in the 28 before",
        days=found["days"],
        before=found["before"],
    )


def tenure(found: Found) -> str:
    told = several(counted(found["days"]), "paying for {count} day", "paying for {count} days")
    return usually(told, found["usual"])


def seats(found: Found) -> str:
    people = several(
        counted(found["people"]), "{count} person seen in 28 days", "{count} people seen in 28 days"
    )
    places = several(counted(found["seats"]), "{count} seat", "{count} seats")
    return f"{usually(people, found['usual'])}, {usually(places, found['usual_seats'])}"


def value(found: Found) -> str:
    told = several(
        counted(found["hours"]), "first value after {count} hour", "first value after {count} hours"
    )
    return usually(told, found["usual"])


def payments(found: Found) -> str:
    failed = several(
        counted(found["failed"]),
        "{count} failed payment in 90 days",
        "{count} failed payments in 90 days",
    )
    overdue = several(counted(found["overdue"]), "{count} invoice overdue", "{count} invoices overdue")
    return f"{usually(failed, found['usual'])}, {usually(overdue, found['usual_overdue'])}"


def support(found: Found) -> str:
    opened = several(counted(found["tickets"]), "{count} ticket in 90 days", "{count} tickets in 90 days")
    tickets = usually(opened, found["usual"])
    return several(
        counted(found["open"]), "{tickets}, {count} open", "{tickets}, {count} open", tickets=tickets
    )


def messages(found: Found) -> str:
    told = several(
        counted(found["messages"]),
        "{count} message in 90 days, opened about {share} %",
        "{count} messages in 90 days, opened about {share} %",
        share=found["share"],
    )
    if not found["usual"]:
        return told
    return say("{reason} (usual {share} %)", reason=told, share=numeral(found["usual"]))


REASONS: tuple[Saying, ...] = (
    saying(rf"last active (?P<days>\d+) days? ago{beside('usual')}", recency),
    saying(
        rf"not active in the last 90 days{beside('usual')}",
        lambda found: usually(say("not active in the last 90 days"), found["usual"]),
    ),
    saying(
        rf"active on (?P<days>\d+) of the last 28 days{beside('usual')}, "
        rf"(?P<events>\d+) events?{beside('usual_events')}",
        usage,
    ),
    saying(r"active on (?P<days>\d+) of the last 28 days after (?P<before>-?\d+) in the 28 before", trend),
    saying(rf"paying for (?P<days>\d+) days?{beside('usual')}", tenure),
    saying(
        rf"pays (?P<price>[\d.]+) a month{beside('usual')}",
        lambda found: usually(say("pays {price} a month", price=numeral(found["price"])), found["usual"]),
    ),
    saying(r"pays month by month", lambda _: say("pays month by month")),
    saying(r"plan (?P<plan>.+)", lambda found: say("plan {plan}", plan=found["plan"])),
    saying(
        rf"(?P<people>\d+) (?:people|person) seen in 28 days{beside('usual')}, "
        rf"(?P<seats>\d+) seats?{beside('usual_seats')}",
        seats,
    ),
    saying(
        r"renews in (?P<days>\d+) days?",
        lambda found: several(counted(found["days"]), "renews in {count} day", "renews in {count} days"),
    ),
    saying(rf"first value after (?P<hours>\d+) hours?{beside('usual')}", value),
    saying(r"first value not reached yet", lambda _: say("first value not reached yet")),
    saying(
        rf"(?P<failed>\d+) failed payments? in 90 days{beside('usual')}, "
        rf"(?P<overdue>\d+) invoices? overdue{beside('usual_overdue')}",
        payments,
    ),
    saying(
        rf"(?P<tickets>\d+) tickets? in 90 days{beside('usual')}, (?P<open>\d+) open",
        support,
    ),
    saying(
        rf"last score (?P<score>-?[\d.]+){beside('usual')}",
        lambda found: usually(say("last score {score}", score=numeral(found["score"])), found["usual"]),
    ),
    saying(
        r"feedback sounds (?P<score>-?[\d.]+) on −1 to 1",
        lambda found: say("feedback sounds {score} on −1 to 1", score=numeral(found["score"])),
    ),
    saying(r"gave no feedback", lambda _: say("gave no feedback")),
    saying(
        r"(?P<messages>\d+) messages? in 90 days, opened about (?P<share>\d+) %"
        r"(?: \(usual (?P<usual>[\d,]+) %\))?",
        messages,
    ),
    saying(r"its segment", lambda _: say("its segment")),
)


def few_left(found: Found) -> str:
    return several(
        counted(found["left"]),
        "{count} account left in the weeks that can be looked back on; {least} are needed.",
        "{count} accounts left in the weeks that can be looked back on; {least} are needed.",
        least=found["least"],
    )


def few_to_learn_from(found: Found) -> str:
    return several(
        counted(found["left"]),
        "{count} account has left so far; from 30 on there is enough to learn from.",
        "{count} accounts have left so far; from 30 on there is enough to learn from.",
    )


def near_chance(found: Found) -> str:
    return say(
        "AUC may be as low as {auc}; above {least} is needed to say more than chance.",
        auc=numeral(found["auc"]),
        least=numeral(found["least"]),
    )


def no_lift(found: Found) -> str:
    return say(
        "The riskiest tenth held {lift} times its share of those who left; {least} is needed.",
        lift=numeral(found["lift"]),
        least=numeral(found["least"]),
    )


GATE: tuple[Saying, ...] = (
    saying(
        r"(?P<left>\d+) accounts? left in the weeks that can be looked back on; (?P<least>\d+) are needed\.",
        few_left,
    ),
    saying(
        r"(?P<left>\d+) accounts? (?:have|has) left so far; from 30 on there is enough to learn from\.",
        few_to_learn_from,
    ),
    saying(
        r"AUC may be as low as (?P<auc>-?[\d.]+); "
        r"above (?P<least>[\d.]+) is needed to say more than chance\.",
        near_chance,
    ),
    saying(
        r"The riskiest tenth held (?P<lift>-?[\d.]+) times its share of those who left; "
        r"(?P<least>[\d.]+) is needed\.",
        no_lift,
    ),
    saying(
        r"Too few of the snapshots that have matured are of accounts that left\.",
        lambda _: say("Too few of the snapshots that have matured are of accounts that left."),
    ),
    saying(r"No model has been trained yet\.", lambda _: say("No model has been trained yet.")),
)
