"""What the roles are called, where they begin a line."""

from engine.desk.people import BY_CLAIM
from pages.parts.speech import later, say

NAMES = {
    "viewer": later("Viewer"),
    "analyst": later("Analyst"),
    "lead": later("Lead"),
    "admin": later("Admin"),
    BY_CLAIM: later("By claim"),
}


def called(role: str) -> str:
    return say(NAMES[role])
