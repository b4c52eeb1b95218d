"""Names from outside, as messages may show them: what customers and sources call themselves is hostile."""

import re

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
CALL = re.compile(r"(?<!\w)@(?=\w)")
LONGEST = 80
JOIN = "\u2060"  # takes no room, and breaks what a program would read as a call or a link


def tame(name: str) -> str:
    """A name as one short line that hides nothing, calls nobody and links nowhere."""
    line = one_line(UNSEEN.sub(" ", name))
    line = line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
    line = line.replace("<", "‹").replace(">", "›").replace("://", f":{JOIN}//")
    return CALL.sub(f"@{JOIN}", line)


def one_line(text: str) -> str:
    return " ".join(text.split())
