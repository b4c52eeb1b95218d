"""Targets on cards: how far a figure is from its own, in words, and the button that sets one."""

from html import escape
from typing import Literal

from pages.parts import words
from pages.parts.numbers import Figure

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
    if goal is None:
        hint = f'aria-label="Set a target for {escape(figure.metric.title)}"'
        button = f'<button class="hf-aim-set" data-open="target:{name}" {hint}>Set a target</button>'
        return button if may_aim else "&nbsp;"
    mark, look = MARKS[standing(figure, goal)]
    text = f'<span class="{look}"><i>{mark}</i>{told(figure, goal, code)}</span>'
    change = f'aria-label="Change the target for {escape(figure.metric.title)}"'
    return (
        f'<button class="hf-aim-set" data-open="target:{name}" {change}>{text}</button>' if may_aim else text
    )


def told(figure: Figure, goal: float, code: str) -> str:
    aim = words.value(goal, figure.unit, code)
    stands = standing(figure, goal)
    if stands == "unknown" or figure.last is None or figure.last.value is None:
        return f"target {aim}, not known yet"
    gap = distance(figure.last.value - goal, figure.unit, code)
    if stands == "met":
        return f"target {aim}, met"
    if stands == "beside":
        return f"target {aim}, {gap} off"
    return f"target {aim}, {gap} {'short' if figure.metric.better == 'up' else 'over'}"


def distance(gap: float, unit: str, code: str) -> str:
    """2.1 pp, $1.2k: without a sign."""
    if unit == "rate":
        return words.points(abs(gap)).lstrip("+")
    return words.value(abs(gap), unit, code)
