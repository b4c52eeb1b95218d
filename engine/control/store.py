"""Opens the control store, brings it to the present revision and hands out sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from data.database import connect, file_key, migrate, refuse_closed_home
from data.errors import GiveUp, TryAgain
from data.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


class Control:
    """A handle on the control store, safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, settings: Settings) -> "Control":
        """The handle of this home; opened once a process, again if the file was replaced.

        Raises:
            GiveUp: the file is damaged, may not be written to, or was written by a newer Holdfast.
        """
        with _opening:
            control = _opened.get(file_key(_file(settings))) or cls(connect(settings, settings.control_url))
            if control not in _opened.values():
                control.bring_up_to_date(settings)
                _opened[file_key(_file(settings))] = control
            return control

    def bring_up_to_date(self, settings: Settings) -> None:
        try:
            lock = settings.home / "control.lock"
            migrate(self.engine, MIGRATIONS, lock, f"The control store {_file(settings)}")
        except DatabaseError as damaged:
            refuse_closed_home(settings, _file(settings))
            raise GiveUp(
                f"The control store {_file(settings)} cannot be read ({damaged.orig}); "
                "move it away and start again: only the record of past jobs is lost."
            ) from damaged

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction; what it reads stays readable after it ends."""
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except OperationalError as busy:
            raise TryAgain(f"The control store did not answer: {busy.orig}.") from busy


_opening = Lock()
_opened: dict[tuple[str, int], Control] = {}


def _file(settings: Settings) -> Path:
    return settings.home / "control.sqlite"


def is_sound(control: Control) -> bool:
    """Whether the file passes SQLite's own check."""
    with control.engine.connect() as connection:
        return connection.execute(text("pragma quick_check")).scalar() == "ok"
