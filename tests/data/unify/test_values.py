"""What each kind of value reads as, and what it refuses."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.shapes import SHAPES
from data.speech import speaking
from data.speech.retelling import retold
from data.store.local_time import day_of, utc_of
from data.store.warehouse import Warehouse
from data.unify.check import checks
from data.unify.parse import Clock


def test_time_reads_in_every_form(desk) -> None:
    forms = {
        "2024-01-05T10:00:00Z": datetime(2024, 1, 5, 10),
        "2024-01-05T10:00:00+02:00": datetime(2024, 1, 5, 8),
        "2024-01-05 10:00:00-0330": datetime(2024, 1, 5, 13, 30),
        "2024-01-05 10:00:00+02": datetime(2024, 1, 5, 8),
        "2024-01-05T10:00Z": datetime(2024, 1, 5, 10),
        "2024-01-05 10:00:00 UTC": datetime(2024, 1, 5, 10),
        "2024-01-05 10:00:00 +0200": datetime(2024, 1, 5, 8),
        "2024-01-05T10:00:00.123456789Z": datetime(2024, 1, 5, 10, 0, 0, 123456),
        "2024-01-05T10:00:00.5": datetime(2024, 1, 5, 8, 0, 0, 500000),
        "2024-01-05 10:00:00": datetime(2024, 1, 5, 8),
        "2024-01-05": datetime(2024, 1, 4, 22),
        "1704448800": datetime(2024, 1, 5, 10),
        "1704448800.25": datetime(2024, 1, 5, 10, 0, 0, 250000),
        "1704448800123": datetime(2024, 1, 5, 10, 0, 0, 123000),
        "1704448800123.0": datetime(2024, 1, 5, 10, 0, 0, 123000),
        "1704448800123456": datetime(2024, 1, 5, 10, 0, 0, 123456),
    }
    rows = "".join(f"a{place},{form}\n" for place, form in enumerate(forms))
    desk.take("accounts.csv", "account_id,created_at\n" + rows, zone="Asia/Jerusalem")
    assert desk.set_aside() == []
    assert desk.column("select created_at from accounts order by seq") == list(forms.values())


@pytest.mark.parametrize(
    "form",
    [
        "infinity", "epoch", "now", "2024-1-5", "2024-01-05 24:00:00", "2024-01-05T10", "2024/01/05",
        "20240105", "05.01.2024", "01/05/2024", "2024-02-30", "2024-01-05 10:00:00 Europe/Warsaw",
        "2024-01-05 (BC)",
        "2024-01-05T10:00:60Z", "2024-01-05T10:00:00+25:00", " 2024-01-05",
        "2024-01-05T 1:00:00Z", "12345678901", "1,704,448,800", "-2024-01-05",
    ],
)  # fmt: skip
def test_what_is_no_time_is_set_aside(desk, form: str) -> None:
    text = f'account_id,created_at\na1,"{form}"\na2,2024-01-05\n'
    assert desk.take("accounts.csv", text) == (2, 1, 0, 0, 1)
    assert desk.set_aside() == [
        (2, "created_at", form, f"created_at '{form}' is not a time such as 2024-05-31T13:45:00Z")
    ]


@pytest.mark.parametrize("form", ["1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "9999-12-31", "0001-01-01"])
def test_times_outside_1970_to_2200_are_set_aside(desk, form: str) -> None:
    assert desk.take("accounts.csv", f"account_id,created_at\na1,{form}\n") == (1, 0, 0, 0, 1)
    assert desk.set_aside()[0][3] == f"created_at '{form}' is outside the years 1970 to 2200"


def test_odd_hours_of_daylight_saving_read_as_python_reads_them(desk) -> None:
    # In Warsaw 02:30 came twice on 2024-10-27: the first is meant. On 2024-03-31 it never came: the offset
    # from before the jump counts.
    text = "account_id,created_at\n"
    text += "twice,2024-10-27 02:30:00\nnever,2024-03-31 02:30:00\nlater,2024-10-27 03:00:00\n"
    desk.take("accounts.csv", text, zone="Europe/Warsaw")
    assert desk.column("select created_at from accounts order by seq") == [
        datetime(2024, 10, 27, 0, 30),
        datetime(2024, 3, 31, 1, 30),
        datetime(2024, 10, 27, 2, 0),
    ]


ZONES = ["Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca",
         "America/Sao_Paulo", "Pacific/Apia", "Asia/Gaza"]  # fmt: skip


@given(
    zone=st.sampled_from(ZONES),
    times=st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), min_size=1, max_size=20),
)
def test_local_time_agrees_with_zoneinfo(bare: Warehouse, zone: str, times: list[datetime]) -> None:
    where, utc = ZoneInfo(zone), ZoneInfo("UTC")
    bare.connection.register("times", pl.DataFrame({"t": times}, schema={"t": pl.Datetime("us")}).to_arrow())
    found = bare.rows(f"select t, {utc_of('t', zone)}, {day_of('t', zone)} from times")
    for time, instant, day in found:
        assert instant == time.replace(tzinfo=where).astimezone(utc).replace(tzinfo=None)
        assert day == time.replace(tzinfo=utc).astimezone(where).date()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory):
    from data.settings import Settings

    with Warehouse.open(Settings(home=tmp_path_factory.mktemp("bare"))) as warehouse:
        yield warehouse


CHANGES = "subscription_id,account_id,effective_at,mrr\n"


def test_money_is_exact_and_rounds_half_away_from_zero(desk) -> None:
    amounts = {"10": "10", "10.5": "10.5", "-3.25": "-3.25", "+7": "7", "0.00005": "0.0001",
               "-0.00005": "-0.0001", "0.00004999": "0",
               "99999999999999.9999": "99999999999999.9999"}  # fmt: skip
    rows = "".join(f"s{place},a,2024-01-0{place + 1},{text}\n" for place, text in enumerate(amounts))
    desk.take("subscription_changes.csv", CHANGES + rows)
    stored = desk.column("select mrr from subscription_changes order by seq")
    assert stored == [Decimal(value) for value in amounts.values()]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10,5", "has a decimal comma; write 10.5"),
        ("10,500", "has a comma; write 10500 or 10.500"),
        ("1,234.56", "has thousands separators; write 1234.56"),
        ("1 234", "has thousands separators; write 1234"),
        ("1e3", "is not an amount such as 10.5"),
        (" 12 ", "is not an amount such as 10.5"),
        ("NaN", "is not an amount such as 10.5"),
        ("inf", "is not an amount such as 10.5"),
        ("0x10", "is not an amount such as 10.5"),
        ("$5", "is not an amount such as 10.5"),
        ("１２", "is not an amount such as 10.5"),
        (".5", "is not an amount such as 10.5"),
        ("99999999999999.99995", "has too many digits"),
        ("123456789012345", "has too many digits"),
    ],
)
def test_what_is_no_money_is_set_aside_with_its_reason(desk, text: str, reason: str) -> None:
    assert desk.take("subscription_changes.csv", f'{CHANGES}s,a,2024-01-01,"{text}"\n') == (1, 0, 0, 0, 1)
    assert desk.set_aside() == [(2, "mrr", text, f"mrr '{text}' {reason}")]
    with speaking("pl"):
        assert reason not in retold(f"mrr '{text}' {reason}")


def test_columns_without_a_value_have_their_reasons(desk) -> None:
    text = (
        "subscription_id,account_id,effective_at,mrr,status,currency\n"
        ",a,2024-01-01,1,,\n"
        "s,  ,2024-01-01,1,,\n"
        "s,a,2024-01-01,1,Active,\n"
        "s,a,2024-01-01,1,,US\n"
        "s,a,2024-01-01,1,paused,usd\n"
    )
    assert desk.take("subscription_changes.csv", text) == (5, 1, 0, 1, 4)
    assert [(row, field, reason) for row, field, _, reason in desk.set_aside()] == [
        (2, "subscription_id", "subscription_id is missing"),
        (3, "account_id", "account_id is missing"),
        (4, "status", "status 'Active' is not one of trialing, active, past_due, paused, canceled"),
        (5, "currency", "currency 'US' is not a currency code such as EUR"),
    ]
    assert desk.rows("select status, currency from subscription_changes") == [("paused", "USD")]


def test_numbers_keep_within_their_bounds(desk) -> None:
    head = "feedback_id,account_id,given_at,score,sentiment\n"
    rows = "f1,a,2024-01-01,9,-1\nf2,a,2024-01-01,1e1,1.01\nf3,a,2024-01-01,nan,\nf4,a,2024-01-01,7,\n"
    assert desk.take("feedback.csv", head + rows) == (4, 2, 0, 2, 2)
    assert [reason for *_, reason in desk.set_aside()] == [
        "sentiment '1.01' is not between -1 and 1",
        "score 'nan' is not a number such as 10.5",
    ]


def test_parquet_types_read_as_what_they_are(desk) -> None:
    frame = pl.DataFrame(
        {
            "subscription_id": [1, 2, 3],
            "account_id": ["a", "a", "a"],
            "effective_at": [datetime(2024, 7, 1, 12)] * 3,
            "renews_at": pl.Series([datetime(2024, 8, 1)] * 3).dt.replace_time_zone("Europe/Warsaw"),
            "mrr": [0.1, 0.00015, 1e20],
            "seats": [1, None, 3],
        }
    )
    frame.write_parquet(desk.folder / "subscription_changes.parquet")
    report = desk.load(zone="Europe/Warsaw")
    assert (report.counts[0].added, report.counts[0].quarantined) == (2, 1)
    assert desk.rows(
        "select effective_at, renews_at, mrr, properties from subscription_changes order by seq"
    ) == [
        (datetime(2024, 7, 1, 10), datetime(2024, 7, 31, 22), Decimal("0.1"), '{"seats":1}'),
        (datetime(2024, 7, 1, 10), datetime(2024, 7, 31, 22), Decimal("0.0002"), None),
    ]
    assert desk.set_aside()[0][:2] == (3, "mrr")


def test_an_empty_end_in_a_typed_parquet_column_keeps_the_span_open(desk) -> None:
    spans = pl.DataFrame(
        {
            "subscription_id": ["s1", "s2"],
            "account_id": ["a1", "a1"],
            "mrr": ["10", "20"],
            "started_at": pl.Series([datetime(2024, 1, 1)] * 2, dtype=pl.Datetime("us", "UTC")),
            "ended_at": pl.Series([None, datetime(2024, 3, 1)], dtype=pl.Datetime("us", "UTC")),
        }
    )
    spans.write_parquet(desk.folder / "subscriptions.parquet")
    desk.load()
    assert desk.rows(
        "select subscription_id, effective_at, ends_span from subscription_changes order by all"
    ) == [
        ("s1", datetime(2024, 1, 1), False),
        ("s2", datetime(2024, 1, 1), False),
        ("s2", datetime(2024, 3, 1), True),
    ]


def test_a_blank_time_does_not_hide_the_clock_changes_of_other_years(desk) -> None:
    times = ["2018-05-05T12:00:00", "", "2024-05-05T12:00:00"]
    lines = [f'{{"account_id": "a{place}", "created_at": "{time}"}}\n' for place, time in enumerate(times)]
    assert desk.take("accounts.ndjson", "".join(lines), zone="Europe/Warsaw") == (3, 2, 0, 0, 1)
    assert desk.column("select created_at from accounts order by seq") == [
        datetime(2018, 5, 5, 10),
        datetime(2024, 5, 5, 10),
    ]


def test_parquet_dates_and_epochs_are_times(desk) -> None:
    times = {
        "dates": pl.Series([datetime(2024, 1, 5)]).cast(pl.Date),
        "seconds": pl.Series([1704448800]),
        "milliseconds": pl.Series([1704448800123]),
        "doubles": pl.Series([1704448800123.0]),
        "nanoseconds": pl.Series([datetime(2024, 1, 5, 10)]).cast(pl.Datetime("ns")),
    }
    for name, series in times.items():
        pl.DataFrame({"account_id": [name], "created_at": series}).write_parquet(
            desk.folder / "accounts.parquet"
        )
        desk.load()
    assert desk.set_aside() == []
    assert dict(desk.rows("select account_id, created_at from accounts")) == {
        "dates": datetime(2024, 1, 5),
        "seconds": datetime(2024, 1, 5, 10),
        "milliseconds": datetime(2024, 1, 5, 10, 0, 0, 123000),
        "doubles": datetime(2024, 1, 5, 10, 0, 0, 123000),
        "nanoseconds": datetime(2024, 1, 5, 10),
    }


def test_extra_columns_are_kept_without_blanks(desk) -> None:
    desk.put("accounts.csv", "account_id,created_at,industry,seats\na,2024-01-01,tech,\nb,2024-01-01,,\n")
    events = [
        '{"account_id":"a","occurred_at":1704448800,"name":"x","properties":{"k":1},"page":"home","gone":null}',
        '{"account_id":"a","occurred_at":1704448800,"name":"y","properties":[1]}',
        '{"account_id":"a","occurred_at":1704448800,"name":"z","properties":"{oops"}',
    ]
    desk.put("events.ndjson", "\n".join(events))
    desk.load()
    assert desk.column("select attributes from accounts order by seq") == ['{"industry":"tech"}', None]
    assert desk.column("select properties from events order by name_key") == ['{"page":"home","k":1}', "[1]"]
    assert desk.set_aside() == [(3, "properties", "{oops", "properties '{oops' is not JSON")]


def test_every_column_of_every_shape_has_its_check() -> None:
    for shape in SHAPES.values():
        found = checks(shape, dict.fromkeys(shape.names, "VARCHAR"), Clock("UTC"))
        assert [check.column.name for check in found] == list(shape.names)


def test_every_shape_rests_in_a_table_with_its_columns(bare: Warehouse) -> None:
    renamed = {"event_id": "fact_id", "name": "name_key", "into_id": "into_key"}
    for shape in SHAPES.values():
        stored = {name for name, *_ in bare.rows(f"describe {shape.rests_in}")}
        named = {
            renamed.get(column.name, column.name) if shape.name in ("events", "identities") else column.name
            for column in shape.columns
            if column.name not in ("account_id", "started_at", "ended_at")
        }
        assert named | {shape.extras} <= stored
