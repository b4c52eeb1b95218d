"""What a request may say: declared once, read by the same words that the OpenAPI document is made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.api.problems import Problem, quoted

Schema = dict[str, Any]
LONGEST_TEXT = 500
DAY = 10  # signs of 2025-01-31


class Wrong(ValueError):
    """A text that is not what its parameter takes; says what is."""


@dataclass(frozen=True)
class Form:
    """What a value looks like: how it is read from text, and as a JSON schema."""

    read: Callable[[str], Any]
    schema: Schema


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query; `many`: it may be given more than once, and any of its values fits."""

    name: str
    about: str
    form: Form
    many: bool = False
    default: Any = None
    example: Any = None

    def declared(self) -> Schema:
        """As OpenAPI has it."""
        schema = dict(self.form.schema)
        if self.default is not None:
            schema["default"] = self.default
        if self.many:
            schema = {"type": "array", "items": schema}
        told: Schema = {"name": self.name, "in": "query", "required": False, "description": self.about}
        return told | {"schema": schema} | ({"example": self.example} if self.example is not None else {})


def text(pattern: Callable[[str], bool] = bool) -> Form:
    def read(given: str) -> str:
        if not pattern(given) or len(given) > LONGEST_TEXT:
            raise Wrong(f"a text of 1 to {LONGEST_TEXT} signs")
        return given

    return Form(read, {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT})


def choice(allowed: Sequence[str]) -> Form:
    def read(given: str) -> str:
        if given not in allowed:
            raise Wrong("one of " + ", ".join(allowed))
        return given

    return Form(read, {"type": "string", "enum": list(allowed)})


def _day(given: str) -> date:
    try:
        if len(given) != DAY:
            raise ValueError(given)
        return date.fromisoformat(given)
    except ValueError:
        raise Wrong("a day such as 2025-01-31") from None


def _flag(given: str) -> bool:
    if given not in ("true", "false"):
        raise Wrong("true or false")
    return given == "true"


def whole(least: int, most: int) -> Form:
    def read(given: str) -> int:
        is_whole = given.isascii() and given.isdigit() and len(given) <= len(str(most))
        if not is_whole or not least <= int(given) <= most:
            raise Wrong(f"a whole number from {least} to {most}")
        return int(given)

    return Form(read, {"type": "integer", "minimum": least, "maximum": most})


day = Form(_day, {"type": "string", "format": "date"})
flag = Form(_flag, {"type": "boolean"})


@dataclass
class Query:
    """What a request asked for, by the names of its parameters; of what was not given, the default."""

    values: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def without(self, *names: str) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name not in names}


def read_query(declared: Sequence[Parameter], given: Iterable[tuple[str, str]]) -> Query:
    """Read a query.

    Raises:
        Problem: 400 for a parameter that there is not, or that is given twice; 422 for a value of no use.
    """
    known = {parameter.name: parameter for parameter in declared}
    found: dict[str, list[Any]] = {}
    for name, value in given:
        if name not in known:
            raise unknown(name, known)
        found.setdefault(name, []).append(read_one(known[name], value))
    return Query({parameter.name: settled(parameter, found) for parameter in declared})


def unknown(name: str, known: Mapping[str, Parameter]) -> Problem:
    sentence = f"There is no parameter {quoted(name)}; there are {', '.join(sorted(known)) or 'none'}."
    return Problem(400, "unknown_parameter", sentence, parameter=name[:LONGEST_TEXT])


def read_one(parameter: Parameter, value: str) -> Any:
    try:
        return parameter.form.read(value)
    except Wrong as wrong:
        sentence = f"{parameter.name} = {quoted(value)} is not allowed; it is {wrong}."
        raise Problem(422, "bad_value", sentence, parameter=parameter.name) from None


def settled(parameter: Parameter, found: Mapping[str, list[Any]]) -> Any:
    values = found.get(parameter.name, [])
    if parameter.many:
        return tuple(values)
    if len(values) > 1:
        sentence = f"{parameter.name} may be given once, not {len(values)} times."
        raise Problem(400, "given_twice", sentence, parameter=parameter.name)
    return values[0] if values else parameter.default
