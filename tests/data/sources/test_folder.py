"""The connector to folders: which files are new, which are quiet, which cannot be taken."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BadInput
from data.sources import connector, folder
from data.sources.watched import ledger, units
from data.sources.watched.ledger import Asked, Ledger, Seen, Taken

NOW = datetime(2025, 6, 1, 12)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    made = tmp_path / "exports"
    made.mkdir()
    return made


def params(place: Path, **given: Any) -> folder.Params:
    found = connector("folder").read({"folder": str(place)} | given)
    assert isinstance(found, folder.Params)
    return found


class Looks:
    """Looks into a folder, one after the other, each with the cursor of the one before."""

    def __init__(self, how: folder.Params) -> None:
        self.how = how
        self.cursor: str | None = None

    def at(self, second: float) -> list[str]:
        found = folder.find(self.how, self.cursor, NOW + timedelta(seconds=second))
        self.cursor = found.cursor
        return [due.name for due in found.due]

    def take(self, *names: str) -> None:
        """As the engine does once they are imported."""
        known = ledger.read(self.cursor)
        for unit in units.read(self.how.place).units:
            if unit.name in names:
                known = known.with_taken(unit.name, Taken(unit.looks, "stamp"))
        self.cursor = ledger.write(known)


def test_a_file_is_due_once_it_was_quiet(exports: Path) -> None:
    looks = Looks(params(exports, quiet=10))
    (exports / "events.csv").write_text("account_id\n")
    assert looks.at(0) == []
    assert looks.at(9) == []
    (exports / "events.csv").write_text("account_id,name\n")
    assert looks.at(12) == []
    assert looks.at(21) == []
    assert looks.at(22) == ["events.csv"]


def test_a_file_that_grows_with_its_old_time_is_still_being_written(exports: Path) -> None:
    looks, file = Looks(params(exports, quiet=10)), exports / "events.csv"
    for second in range(0, 40, 5):
        with file.open("a") as opened:
            opened.write("a line\n")
        os.utime(file, ns=(10**18, 10**18))
        assert looks.at(second) == []
    assert looks.at(45) == ["events.csv"]


def test_what_was_taken_is_due_again_only_when_it_changed(exports: Path) -> None:
    looks = Looks(params(exports, quiet=0))
    (exports / "events.csv").write_text("account_id\n")
    assert looks.at(0) == ["events.csv"]
    looks.take("events.csv")
    assert looks.at(100) == []
    (exports / "events.csv").write_text("account_id,name\n")
    assert looks.at(200) == ["events.csv"]


def test_a_clock_that_goes_back_makes_a_file_wait_from_anew(exports: Path) -> None:
    looks = Looks(params(exports, quiet=10))
    (exports / "events.csv").write_text("account_id\n")
    assert looks.at(1000) == []
    assert looks.at(0) == []
    assert looks.at(10) == ["events.csv"]


def test_files_are_due_in_the_order_of_loading_and_by_shape(exports: Path) -> None:
    for name in (
        "events.csv", "Events-2025-03.ndjson.gz", "accounts_1.parquet", "account_updates 2.csv",
        "invoices.csv", "invoice_lines.csv", "fx_rates.CSV", ".accounts.csv",
        "events.csv.part", "eventsx.csv", "notes.txt", "customers.tsv",
    ):  # fmt: skip
        (exports / name).write_text("x\n")
    (exports / "empty").mkdir()
    (exports / "payments.csv").touch()  # its first bytes are still to come
    found = units.read(exports)
    assert [(unit.name, *unit.files) for unit in found.units] == [
        ("fx_rates.CSV", "fx_rates.csv"),
        ("accounts_1.parquet", "accounts.parquet"),
        ("account_updates 2.csv", "account_updates.csv"),
        ("invoices.csv", "invoices.csv"),
        ("invoice_lines.csv", "invoice_lines.csv"),
        ("Events-2025-03.ndjson.gz", "events.ndjson.gz"),
        ("events.csv", "events.csv"),
    ]
    assert found.problems == ("customers.tsv is named for no shape", "eventsx.csv is named for no shape")


def test_a_mapping_is_due_when_anything_that_it_reads_changed(exports: Path) -> None:
    looks = Looks(params(exports, quiet=0))
    (exports / "events.sql").write_text("select 1")
    (exports / "accounts.csv").write_text("account_id\n")
    (exports / "2025").mkdir()
    (exports / "2025" / "01.json").write_text("{}")
    assert looks.at(0) == ["accounts.csv", "events.sql"]
    looks.take("accounts.csv", "events.sql")
    (exports / "2025" / "02.json").write_text("{}")
    assert looks.at(1) == ["events.sql"]
    (due,) = folder.find(looks.how, looks.cursor, NOW).due
    assert sorted(due.files) == ["2025/01.json", "2025/02.json", "accounts.csv", "events.sql"]


def test_what_leads_out_of_the_folder_is_not_taken(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("x\n")
    (exports / "events.csv").symlink_to(tmp_path / "secret.csv")
    found = folder.find(params(exports, quiet=0), None, NOW)
    assert found.due == ()
    assert found.problems == ("events.csv leads out of the folder and was not taken",)


def test_a_file_that_comes_back_as_it_was_is_known(exports: Path) -> None:
    looks, file = Looks(params(exports, quiet=0)), exports / "events.csv"
    file.write_text("x\n")
    looks.at(0)
    looks.take("events.csv")
    file.rename(exports / ".away")
    assert looks.at(1) == []
    (exports / ".away").rename(file)
    assert looks.at(2) == []


def test_a_check_says_what_lies_there(exports: Path) -> None:
    assert folder.check(params(exports)) == f"{exports} holds nothing that can be imported yet."
    (exports / "events.csv").write_text("x\n")
    assert folder.check(params(exports)) == f"{exports} holds events.csv."
    with pytest.raises(BadInput, match="nowhere is not a folder"):
        folder.check(params(exports / "nowhere"))
    with pytest.raises(BadInput, match="folder = 'exports' is not allowed: write the whole path"):
        params(Path("exports"))


TEXTS = st.text(max_size=9)
TIMES = st.datetimes()


@given(
    st.builds(
        Ledger,
        seen=st.dictionaries(TEXTS, st.builds(Seen, TEXTS, TIMES)),
        asked=st.dictionaries(TEXTS, st.builds(Asked, TEXTS, TEXTS, st.integers(), TEXTS)),
        taken=st.dictionaries(TEXTS, st.builds(Taken, TEXTS, TEXTS)),
        wrong=st.dictionaries(TEXTS, TEXTS),
    )
)
def test_a_ledger_is_read_as_it_was_written(known: Ledger) -> None:
    assert ledger.read(ledger.write(known)) == known


def test_taken_files_that_are_long_gone_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_GONE", 2)
    taken = {f"events-{n}.csv": Taken("looks", "stamp") for n in range(5)}
    known = Ledger(taken=taken).with_sight({"events-0.csv": "looks"}, NOW)
    assert sorted(known.taken) == ["events-0.csv", "events-3.csv", "events-4.csv"]
