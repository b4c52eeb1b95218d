"""A company whose every name is meant to do harm, opened on every page: text stays text."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine.desk import annotations, notes, people, views
from engine.desk.annotations import Happening
from engine.desk.people import Person
from pages.parts import rooms
from tests.pages.company import STEPS, write_company
from tests.pages.serving import engine
from tests.pages.test_pages import go

Open = Callable[[Path], AppTest]
TAG, MARK = "<img src=//evil.example/x onerror=alert(1)>", "![p](//evil.example/y)"
NAMED = {"name", "plan", "region", "channel", "account_id"}
SHOWN = ("caption", "markdown", "button", "expander", "checkbox", "toggle", "warning", "info", "error")
NAMELESS = ("wall", "rules", "channels", "sources", "metrics", "guide")  # or tested for themselves
PAGES = [
    room.path for group in rooms.ROOMS.values() for room in group if Path(room.path).stem not in NAMELESS
]


def harmful(text: str) -> str:
    return f"{text}{TAG}{MARK}\"'`$x"


def spoil(file: Path) -> None:
    """Every name in a file of facts becomes a harmful one."""
    with file.open(newline="", encoding="utf-8") as found:
        rows = list(csv.DictReader(found))
    spoilt = [
        {key: harmful(text) if key in NAMED and text not in STEPS else text for key, text in row.items()}
        for row in rows
    ]
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(spoilt)


def decide(home: Path) -> None:
    """What people wrote, as harmful as what came in."""
    settings = Settings(home=home)
    eve = Person(harmful("eve"), harmful("Eve"), "lead")
    state = {"cohorts_measure": json.dumps(TAG), "segment": json.dumps(TAG)}
    views.save(settings, page="cohorts", name=MARK + TAG[:30], state=state, is_shared=True, by=eve)
    annotations.add(settings, Happening("release", harmful("4.2"), datetime.now(UTC).date()), who=eve.key)
    notes.add(settings, harmful("acc-001"), "note", harmful("called"), who=eve.key)
    people.add(settings, "eve@example.com", "viewer", who=eve.key, name=harmful("Eve"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("hostile")
    write_company(base / "files", datetime.now(UTC))
    for file in (base / "files").glob("*.csv"):
        spoil(file)
    engine(base / "home", "import", str(base / "files"))
    engine(base / "home", "refresh")
    decide(base / "home")
    return base / "home"


def drawn(app: AppTest) -> str:
    """All that is taken for HTML."""
    return "\n".join(part.proto.body for part in app.get("html") if not part.proto.body.startswith("<style>"))


def marked(app: AppTest) -> str:
    """All that is taken for Markdown."""
    parts = [part for kind in SHOWN for part in app.get(kind)]
    return "\n".join(str(getattr(part, name, "")) for part in parts for name in ("label", "value", "help"))


@pytest.mark.parametrize("page", PAGES)
def test_no_name_is_markup_on_any_page(open_menu: Open, hostile: Path, page: str) -> None:
    app = open_menu(hostile)
    app.query_params["segment"] = f"plan:{harmful('Team')}"
    app.query_params["cohorts_by"] = "by:plan"
    app.query_params["id"] = harmful("acc-001")
    app = go(app, page)
    assert not app.exception
    # what these name depends on the hour: who is stuck, what fires
    assert "&lt;img" in drawn(app) or page in ("act/alerts.py", "watch/activation.py")
    assert "<img" not in drawn(app)
    assert "![p](" not in marked(app)
