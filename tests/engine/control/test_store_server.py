"""What is particular to a control store on PostgreSQL: a password to keep, and a server that may go away."""

import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from traceback import format_exception

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from data.errors import BadSettings, GiveUp, TryAgain
from data.settings import Settings, load
from engine.control import jobs
from engine.control.store import Control, is_sound, place_of
from engine.handover import told_settings

NOON = datetime(2025, 3, 1, 12)
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def settings(served_settings: Settings) -> Settings:
    return served_settings


def in_place_of_password(settings: Settings, other: str) -> Settings:
    assert settings.control
    url = settings.control.get_secret_value().replace("only%3Afor%40tests", other)
    return settings.model_copy(update={"control": SecretStr(url)})


def test_nothing_that_is_shown_holds_the_password(settings: Settings, control: Control) -> None:
    shown = f"{settings} {settings!r} {control.engine} {control.engine.url} {told_settings(settings)}"
    shown += place_of(settings) + settings.model_dump_json()
    assert "only" not in shown
    assert place_of(settings).endswith(" on 127.0.0.1")
    assert "control" not in told_settings(settings)


def test_a_wrong_password_is_told_without_it(settings: Settings) -> None:
    with pytest.raises(BadSettings, match=r"refuses us .*look at the setting control") as refused:
        Control.open(in_place_of_password(settings, "hush-hush"))
    assert "hush" not in str(refused.value)
    assert "only" not in str(refused.value)


def test_a_server_that_does_not_answer_is_asked_again_later(settings: Settings) -> None:
    silent = settings.model_copy(
        update={"control": SecretStr("postgresql://holdfast:hush@127.0.0.1:1/nothing")}
    )
    with pytest.raises(TryAgain, match=r"nothing on 127.0.0.1 did not answer") as refused:
        Control.open(silent)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_addresses_are_written_as_people_write_them(scheme: str) -> None:
    given = Settings(control=SecretStr(f"{scheme}://me:pa%2Fss@db.example:5433/holdfast?sslmode=require"))
    assert given.control_url == "postgresql+psycopg://me:pa%2Fss@db.example:5433/holdfast?sslmode=require"
    assert place_of(given) == "holdfast on db.example"


@pytest.mark.parametrize(
    "address", ["postgresql://db", "postgresql:///holdfast", "postgresql://me@[::1]:5432/x?host=/run/pg"]
)
def test_parts_of_an_address_may_be_left_out(address: str) -> None:
    assert Settings(control=SecretStr(address)).control_url == address.replace("://", "+psycopg://", 1)


@pytest.mark.parametrize(
    "address",
    [
        *("mysql://me:hush@db/holdfast", "me:hush@db", "hush", "", "postgresql://me:hush@db/a b"),
        *(
            "postgresql://me:hu/sh@db/holdfast",
            "postgresql://me:hu@sh@db/x",
            "postgresql://me:hush@db:port/x",
        ),
    ],
)
def test_another_address_is_refused_without_showing_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_CONTROL", address)
    with pytest.raises(BadSettings, match="written like postgresql://user:password@host") as refused:
        load()
    assert not re.search("hush|hu[@/]sh", str(refused.value))


def end_all_connections(settings: Settings) -> None:
    assert settings.control
    with psycopg.connect(settings.control.get_secret_value(), autocommit=True) as apart:
        apart.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )


def test_connections_that_the_server_closed_are_replaced(settings: Settings, control: Control) -> None:
    jobs.submit(control, "refresh", {}, NOON)
    end_all_connections(settings)
    assert is_sound(control)
    assert jobs.waiting(control) == 1


def test_a_transaction_that_the_server_broke_off_is_to_be_tried_again(
    settings: Settings, control: Control
) -> None:
    def broken_off() -> None:
        with control.begin() as session:
            session.execute(text("select 1"))
            end_all_connections(settings)
            session.execute(text("select 1"))

    with pytest.raises(TryAgain, match="did not answer"):
        broken_off()
    assert jobs.submit(control, "refresh", {}, NOON) == 1


def test_the_commands_work_on_it_and_doctor_names_it(settings: Settings, command: Command) -> None:
    told = command("doctor")
    assert (told.returncode, told.stderr) == (0, "")
    assert f"The control store, {place_of(settings)}, answers." in told.stdout
    assert "only" not in told.stdout
    assert "Activation stalls" in command("rules", "list").stdout
    assert not (settings.home / "control.sqlite").exists()


def test_work_is_handed_to_an_engine_over_it(
    settings: Settings, command: Command, engine: "subprocess.Popen[str]", company: Path
) -> None:
    assert command("import", company).returncode == 0
    told = command("doctor").stdout
    assert f"The engine runs (pid {engine.pid}" in told
    assert jobs.waiting(Control.open(settings)) == 0
    with Control.open(settings).begin() as session:
        (kind, pid) = session.execute(text("select kind, claimed_by from jobs")).one()
    assert (kind, pid) == ("import", engine.pid)


def test_faults_do_not_show_what_was_to_be_written(control: Control) -> None:
    """PostgreSQL tells the whole row that it refuses, and a channel's row holds passwords."""

    def write() -> None:
        with control.begin() as session:
            session.execute(
                text("insert into channels (name, params) values (:name, :params)"),
                {"name": "x", "params": '{"password": "hush"}'},
            )

    with pytest.raises(GiveUp, match="refused what was to be written") as refused:
        write()
    assert "hush" not in "".join(format_exception(refused.value))
