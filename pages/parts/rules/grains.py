"""How many periods, in words: 3 weeks, the last 12 complete weeks."""

from pages.parts.speech import later, say, several

WITH_BOUNDS = {
    "day": later("{title} by day, with the bounds of the rule"),
    "week": later("{title} by week, with the bounds of the rule"),
    "month": later("{title} by month, with the bounds of the rule"),
}


def counted(count: int, grain: str) -> str:
    """3 weeks."""
    if grain == "day":
        return several(count, "{count} day", "{count} days")
    if grain == "week":
        return several(count, "{count} week", "{count} weeks")
    return several(count, "{count} month", "{count} months")


def complete(count: int, grain: str) -> str:
    """3 complete weeks."""
    if grain == "day":
        return several(count, "{count} complete day", "{count} complete days")
    if grain == "week":
        return several(count, "{count} complete week", "{count} complete weeks")
    return several(count, "{count} complete month", "{count} complete months")


def shown(count: int, grain: str) -> str:
    """What a trend shows."""
    return say("The last {periods}, and what the rule makes of them", periods=complete(count, grain))


def with_bounds(title: str, grain: str) -> str:
    """The same for who cannot see it."""
    return say(WITH_BOUNDS[grain], title=title)


def in_a_row(said: str, count: int, grain: str) -> str:
    """falls below 35 %, 2 weeks in a row."""
    if grain == "day":
        return several(count, "{said}, {count} day in a row", "{said}, {count} days in a row", said=said)
    if grain == "week":
        return several(count, "{said}, {count} week in a row", "{said}, {count} weeks in a row", said=said)
    return several(count, "{said}, {count} month in a row", "{said}, {count} months in a row", said=said)


def it_fires(count: int, grain: str) -> str:
    """The end of a rule's sentence; the number stands in a field before it."""
    if grain == "day":
        return several(count, "complete day, it fires.", "complete days in a row, it fires.")
    if grain == "week":
        return several(count, "complete week, it fires.", "complete weeks in a row, it fires.")
    return several(count, "complete month, it fires.", "complete months in a row, it fires.")
