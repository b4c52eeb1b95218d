"""`python -m pages.locale`: the texts that a language lacks, as entries to fill in."""

import sys
from argparse import ArgumentParser
from textwrap import indent

from data.speech import ENGLISH, LANGUAGES
from pages.locale.found import Text, lacking, room_of


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def entry(text: Text, places: tuple[str, ...]) -> str:
    """An entry as a .po file has it."""
    lines = [f"#: {' '.join(places)}"]
    if text.meaning:
        lines.append(f"msgctxt {quoted(text.meaning)}")
    lines.append(f"msgid {quoted(text.one)}")
    if not text.many:
        return "\n".join([*lines, 'msgstr ""'])
    forms = [f'msgstr[{form}] ""' for form in range(3)]
    return "\n".join([*lines, f"msgid_plural {quoted(text.many)}", *forms])


def show(language: str, wanted: str | None) -> int:
    missing = lacking(language)
    rooms: dict[str, list[str]] = {}
    for text, places in missing.items():
        rooms.setdefault(room_of(places), []).append(entry(text, places))
    for room, found in sorted(rooms.items()):
        if wanted in (None, room):
            print(f"# ---- data/speech/locale/{language}/{room}.po: {len(found)} to add\n")
            print("\n\n".join(found) + "\n")
    print(indent(f"{len(missing):,} texts lack an entry in {LANGUAGES[language]}.", "# "))
    return 1 if missing else 0


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m pages.locale", description="Print the texts that lack an entry.")
    parser.add_argument("room", nargs="?", help="of one file only: overview, shared, …")
    parser.add_argument("--language", default="pl", choices=[each for each in LANGUAGES if each != ENGLISH])
    given = parser.parse_args()
    sys.exit(show(given.language, given.room))
