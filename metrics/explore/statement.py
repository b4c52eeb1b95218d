"""A SELECT with what its parameters are bound to, and the same written out."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data.store.warehouse import quoted

PARAMETER = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class Statement:
    """SELECT and what its parameters are bound to."""

    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def script(self) -> str:
        """The same with its values written out, for people to run."""
        return PARAMETER.sub(lambda found: literal(self.parameters[found[1]]), self.sql)


def literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, date):
        return f"date '{value}'"
    return quoted(value) if isinstance(value, str) else str(value)


def bound(sql: str, given: dict[str, Any]) -> Statement:
    """The statement with those of the values that it asks for."""
    return Statement(sql, {name: given[name] for name in PARAMETER.findall(sql)})
