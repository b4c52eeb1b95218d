"""Targets on cards: how far a figure is from its own, in words, and the button that sets one."""

from html import escape
from typing import Literal

from metrics.titles import title as title_of
from pages.parts import words
from pages.parts.numbers import Figure
from pages.parts.speech import say

Standing = Literal["met", "missed", "beside", "unknown"]
MARKS = {"met": ("✓", "hf-better"), "missed": ("✗", "hf-worse"), "beside": ("◎", ""), "unknown": ("◎", "")}


def standing(figure: Figure, goal: float) -> Standing:
    """Whether the last complete figure is where it should be; `beside`: neither way is better."""
    last = figure.last.value if figure.last else None
    if last is None:
        return "unknown"
    if figure.metric.better == "none":
        return "beside"
    is_met = last >= goal if figure.metric.better == "up" else last <= goal
    return "met" if is_met else "missed"


def line(figure: Figure, goal: float | None, code: str, may_aim: bool) -> str:
    """Target 40 %, 2.1 pp short; without one, where to set it."""
    name = escape(figure.metric.name)
    title = escape(title_of(figure.metric))
    if goal is None:
        hint = f'aria-label="{say("Set a target for {metric}", metric=title)}"'
        button = f'<button class="hf-aim-set" data-open="target:{name}" {hint}>{say("Set a target")}</button>'
        return button if may_aim else "&nbsp;"
    mark, look = MARKS[standing(figure, goal)]
    text = f'<span class="{look}"><i>{mark}</i>{told(figure, goal, code)}</span>'
    change = f'aria-label="{say("Change the target for {metric}", metric=title)}"'
    return (
        f'<button class="hf-aim-set" data-open="target:{name}" {change}>{text}</button>' if may_aim else text
    )


def told(figure: Figure, goal: float, code: str) -> str:
    aim = words.value(goal, figure.unit, code)
    stands = standing(figure, goal)
    if stands == "unknown" or figure.last is None or figure.last.value is None:
        return say("target {aim}, not known yet", aim=aim)
    gap = distance(figure.last.value - goal, figure.unit, code)
    if stands == "met":
        return say("target {aim}, met", aim=aim)
    if stands == "beside":
        return say("target {aim}, {gap} off", aim=aim, gap=gap)
    if figure.metric.better == "up":
        return say("target {aim}, {gap} short", aim=aim, gap=gap)
    return say("target {aim}, {gap} over", aim=aim, gap=gap)


def distance(gap: float, unit: str, code: str) -> str:
    """2.1 pp, $1.2k: without a sign."""
    if unit == "rate":
        return words.points(abs(gap)).lstrip("+")
    return words.value(abs(gap), unit, code)
