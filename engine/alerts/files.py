"""Rules as TOML, for those who keep them in git."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from data.errors import BadInput
from data.settings import Settings
from engine.alerts.fitting import Home
from engine.alerts.rule import Rule

TABLE = "rule"
ALWAYS = ("name", "metric", "grain", "dimension", "segment", "kind", "params", "severity", "channels")
EXACT = 2.0**53  # up to which every whole number is a float
MOST_TOLD = 10  # faults of one file


def text_of(rules: Iterable[Rule]) -> str:
    """Rules as a file: what is not said in it is as it would be by default."""
    return "\n".join(table_of(rule) for rule in rules)


def table_of(rule: Rule) -> str:
    told = rule.model_dump(mode="json")
    usual = {name: field.get_default(call_default_factory=True) for name, field in Rule.model_fields.items()}
    lines = [
        f"{name} = {literal(value)}\n"
        for name, value in told.items()
        if value is not None and (name in ALWAYS or value != usual[name])
    ]
    return f"[[{TABLE}]]\n{''.join(lines)}"


def literal(value: Any) -> str:
    """A value on one line, as TOML has it."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key_of(name)} = {literal(one)}" for name, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        value = int(value)  # it is read as the kind has it, and 30 is how people write it
    return tomli_w.dumps({"value": value}).removeprefix("value = ").removesuffix("\n")


def key_of(name: str) -> str:
    return tomli_w.dumps({name: 0}).removesuffix(" = 0\n")


def read_file(path: Path, settings: Settings) -> list[Rule]:
    """The rules of a file.

    Raises:
        BadInput: it cannot be read, or one of its rules cannot be; the sentences name each, and its key.
    """
    try:
        return read_text(path.read_text(encoding="utf-8"), settings, str(path))
    except OSError as refused:
        raise BadInput(f"{path} cannot be read: {refused.strerror}.") from refused
    except UnicodeDecodeError as bad:
        raise BadInput(f"{path} is not UTF-8 text.") from bad


def read_text(text: str, settings: Settings, place: str) -> list[Rule]:
    """The rules of a text; `place` says in sentences where it is from."""
    found, faults, home = [], [], Home(settings)
    for number, table in enumerate(tables_of(text, place), start=1):
        try:
            found.append(home.fitted(table))
        except BadInput as bad:
            named = isinstance(table.get("name"), str) and table["name"]
            faults.append(str(bad) if named else f"Rule number {number}: {str(bad).removeprefix('A rule: ')}")
    twice = [name for name, count in Counter(rule.name for rule in found).items() if count > 1]
    faults += [f"Rule {name!r} is there more than once." for name in twice]
    if faults:
        raise BadInput(f"{place}: nothing was imported. {' '.join(told(faults))}")
    return found


def tables_of(text: str, place: str) -> list[dict[str, Any]]:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise BadInput(f"{place} is not valid TOML: {bad}.") from bad
    tables = given.pop(TABLE, [])
    if given:
        raise BadInput(f"{place} has a key {next(iter(given))!r}; there is only [[{TABLE}]], once a rule.")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadInput(f"{place} must hold each rule as a table [[{TABLE}]], with double brackets.")
    return tables


def told(faults: list[str]) -> list[str]:
    more = len(faults) - MOST_TOLD
    return [*faults[:MOST_TOLD], *([f"And {more} more."] if more > 0 else [])]
