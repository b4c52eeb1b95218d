import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data.settings import Settings
from engine import desk
from metrics import read

Command = Callable[..., "subprocess.CompletedProcess[str]"]

COUNTS = """shape                        read        added     repeated      waiting  quarantined
accounts                        3            3            0            0            0
events                          6            5            0            1            1
subscription_changes            2            2            0            0            0
"""


def rows(told: str) -> set[str]:
    return set(told.splitlines())


def test_import_tells_what_became_of_every_row(process: Command, company: Path) -> None:
    first = process("import", company)
    assert first.returncode == 0
    assert rows(first.stdout) == rows(COUNTS)
    assert "export quarantine" in first.stderr
    again = [line.split()[1:4] for line in process("import", company).stdout.splitlines()[1:]]
    assert sorted(again) == [["2", "0", "2"], ["3", "0", "3"], ["6", "0", "5"]]


def test_refresh_tells_one_line_about_the_edition(imported: Path, process: Command) -> None:
    done = process("refresh", "--as-of", "2025-02-15")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"edition \S+ · as of 2025-02-15T00:00:00Z · 3 accounts · 5 events · \d+\.\d\d s\n", done.stdout
    )


def test_export_writes_the_same_table_in_every_format(
    published: Path, process: Command, tmp_path: Path
) -> None:
    exported = process("export", "metrics")
    assert (exported.returncode, exported.stderr) == (0, "")
    csv = pl.read_csv(io.StringIO(exported.stdout), infer_schema_length=None)
    read = {
        "csv": csv,
        "json": pl.DataFrame(json.loads(process("export", "metrics", "--format", "json").stdout)),
    }
    file = tmp_path / "metrics.parquet"
    assert process("export", "metrics", "--format", "parquet", "--output", file).stdout == ""
    parquet = pl.read_parquet(file)
    mrr = parquet.filter(pl.col("metric") == "mrr", pl.col("grain") == "month", pl.col("dimension") == "all")
    assert mrr["value"].to_list() == [50.0, 80.5]
    for frame in read.values():
        assert frame.columns == parquet.columns
        assert frame.height == parquet.height
        assert frame["as_of"][0] == "2025-02-15T00:00:00.000000Z"
        assert frame["value"].to_list() == parquet["value"].to_list()


def test_export_of_an_unknown_table_tells_the_known_ones(published: Path, command: Command) -> None:
    refused = command("export", "metric")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "'metric'" in refused.stderr
    assert "metrics, cohorts, movements" in refused.stderr


def test_export_to_a_folder_that_is_not_there_is_refused(
    published: Path, command: Command, tmp_path: Path
) -> None:
    refused = command("export", "metrics", "--output", tmp_path / "none" / "metrics.csv")
    assert refused.returncode == 1
    assert refused.stderr == f"Cannot write {tmp_path / 'none' / 'metrics.csv'}: No such file or directory.\n"


def test_export_before_any_edition_says_what_to_do(command: Command) -> None:
    refused = command("export", "metrics")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "python -m engine refresh" in refused.stderr


def test_rows_set_aside_are_listed_before_anything_is_published(
    imported: Path, command: Command, start: Callable[..., object]
) -> None:
    alone = command("export", "quarantine")
    (row,) = pl.read_csv(io.StringIO(alone.stdout)).to_dicts()
    assert (row["shape"], row["file"], row["field"]) == ("events", "events.csv", "occurred_at")
    assert row["value"] == "not a time"
    start("run")
    assert command("export", "quarantine").stdout == alone.stdout


def test_export_works_while_the_engine_runs(
    published: Path, command: Command, engine: "subprocess.Popen[str]"
) -> None:
    assert command("export", "cohorts").returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("import",),
        ("export", "metrics", "--format", "xls"),
        ("demo", "--accounts", "0"),
        ("refresh", "--as-of"),
    ],
)
def test_wrong_usage_ends_with_two(command: Command, words: tuple[str, ...]) -> None:
    refused = command(*words)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "/nowhere"), "/nowhere is not a folder.\n"),
        (("import", ".", "--zone", "Mars/Base"), "--zone 'Mars/Base' is not an IANA time zone"),
        (("refresh", "--as-of", "soon"), "'soon' is not an instant; write "),
    ],
)
def test_bad_input_ends_with_one_and_a_sentence(
    command: Command, words: tuple[str, ...], sentence: str
) -> None:
    refused = command(*words)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(sentence)
    assert len(refused.stderr.splitlines()) == 1


def test_a_bad_setting_ends_with_one_and_a_sentence(process: Command) -> None:
    refused = process("refresh", HOLDFAST_TIMEZONE="Nowhere")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Setting timezone = 'Nowhere' is not allowed")


def test_a_fault_of_ours_is_one_sentence_and_its_traceback_is_kept(
    settings: Settings, process: Command, company: Path
) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / "tmp").write_text("a file where a folder should be")
    refused = process("import", company)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_demo_makes_imports_and_publishes_a_company_that_lives_on(
    settings: Settings, command: Command, start: Callable[..., object], eventually: Callable[..., None]
) -> None:
    small = ("demo", "--accounts", "60", "--months", "3")
    made = command(*small)
    assert (made.returncode, made.stderr) == (0, "")
    assert "accounts                       60           60" in made.stdout
    assert "edition " in made.stdout
    again = command(*small)
    assert again.stdout == f"This demo company is in {settings.home} already.\n"
    other = command(*small, "--seed", "8")
    assert other.returncode == 1
    assert "holds another demo company (accounts 60, months 3, seed 7)" in other.stderr
    first = desk.status(settings).edition
    start("run")
    eventually(lambda: desk.status(settings).edition not in (None, first), "the engine publishes its life")


def test_demo_is_not_mixed_with_facts_of_yours(imported: Path, command: Command) -> None:
    refused = command("demo", "--accounts", "10", "--months", "1")
    assert refused.returncode == 1
    assert "holds imported facts" in refused.stderr
    assert command("demo", "--if-empty").returncode == 0


@pytest.mark.parametrize("sign_of_work", ["tmp/*", "published/*.part"])
def test_killing_a_refresh_leaves_an_edition_that_can_be_read(
    *,
    published: Path,
    start: Callable[..., "subprocess.Popen[str]"],
    settings: Settings,
    eventually: Callable[..., None],
    sign_of_work: str,
) -> None:
    before = whole(settings)
    refreshing = start("refresh", "--as-of", "2025-02-15")
    eventually(lambda: refreshing.poll() is not None or any(settings.home.glob(sign_of_work)), "it works")
    refreshing.kill()
    refreshing.wait()
    assert whole(settings).equals(before)
    assert start("refresh", "--as-of", "2025-02-15").wait(60) == 0
    assert whole(settings).equals(before)


def whole(settings: Settings) -> pl.DataFrame:
    return read.table(settings, read.current(settings) or "", "metrics")
