"""SQL files: a header of comments, then one SELECT; a folder of them is a registry."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOM = Path(__file__).resolve().parent
HEADER_LINE = re.compile(r"--\s*(?:metric (?P<metric>\S+)|(?P<key>[a-z_]+)):\s+(?P<text>.*)")
MORE_LINE = re.compile(r"--\s{2,}(?P<text>\S.*)")
TABLE_NAME = re.compile(r"\b(?:from|join)\s+([a-z_][a-z0-9_]*)", re.IGNORECASE)
PARAMETER = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class SqlFile:
    """`says`: the header's texts by key; `titles`: the titles of a family's metrics by name."""

    path: Path
    says: dict[str, str]
    titles: dict[str, str]
    sql: str

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def place(self) -> str:
        """The path as the repository shows it, for messages."""
        return f"{self.path.parent.parent.name}/{self.path.parent.name}/{self.path.name}"

    @cached_property
    def reads(self) -> frozenset[str]:
        """The tables after any `from` or `join`, common table expressions included."""
        return frozenset(name.lower() for name in TABLE_NAME.findall(without_comments(self.sql)))

    @cached_property
    def parameters(self) -> frozenset[str]:
        return frozenset(PARAMETER.findall(without_comments(self.sql)))


def without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql)


def read_folder(folder: Path) -> tuple[SqlFile, ...]:
    return tuple(read_file(path) for path in sorted(folder.glob("*.sql")))


def read_file(path: Path) -> SqlFile:
    return _parse(path, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def _parse(path: Path, text: str) -> SqlFile:
    lines = text.splitlines()
    body = next(
        (at for at, line in enumerate(lines) if line.strip() and not line.startswith("--")), len(lines)
    )
    says, titles = _header(lines[:body])
    return SqlFile(path, says, titles, "\n".join(lines[body:]).strip().rstrip(";"))


def _header(lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    says: dict[str, str] = {}
    titles: dict[str, str] = {}
    into, last = says, ""
    for line in lines:
        if found := HEADER_LINE.match(line):
            into, last = (titles, found["metric"]) if found["metric"] else (says, found["key"])
            into[last] = found["text"].strip()
        elif last and (more := MORE_LINE.match(line)):
            into[last] += " " + more["text"].strip()
    return says, titles
