"""The explorer says what plain Python says, whatever is asked of whatever small company."""

import os
import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest

from data.calendar import WEEKDAYS
from data.errors import BadInput
from data.settings import Settings
from metrics import read
from metrics.explore.answer import ask, members
from metrics.explore.members import Place
from metrics.explore.names import attributes, event_names
from metrics.explore.question import ALL, Question
from tests.metrics.explore.plainly import Company, Customer
from tests.metrics.facts import Facts

SEEDS = range(1, 1 + (40 if os.environ.get("HOLDFAST_LONG_TESTS") else 2))
AS_OF = datetime(2024, 7, 10, 12)
NAMES = ("login", "export", "a 'quoted' name", "$today; --")
HOSTILE = '"tier"; drop table x --'


def made(seed: int) -> tuple[Company, Facts, Settings]:
    random = Random(seed)
    week_start = random.randrange(7)
    customers = [customer(random, number) for number in range(40)]
    company = Company(customers, AS_OF.date(), week_start)
    settings = Settings(home=Path("unset"), segments=("plan",), week_start=WEEKDAYS[week_start])
    return company, told(company, settings), settings


def customer(random: Random, number: int) -> Customer:
    created = AS_OF - timedelta(seconds=random.randrange(1, 200 * 86_400))
    one = Customer(
        f"a{number}", created, random.choice(["pro", "free", None]), random.choice(["x", "y", None])
    )
    for _ in range(random.choice([0, 1, 3, 10, 40])):
        near = random.choice([0.3, 8, 200]) * random.random()
        when = created + timedelta(days=near - 0.1)
        if when <= AS_OF:
            one.events.append((when, random.choice(NAMES)))
    day = (created + timedelta(days=random.randrange(-5, 40))).date()
    while day < AS_OF.date() and random.random() < 0.6:
        one.mrr.append((day, Decimal(random.choice([0, 10, 20, 55]))))
        day += timedelta(days=random.randrange(1, 70))
    return one


def told(company: Company, settings: Settings) -> Facts:
    facts = Facts(settings)
    for one in company.customers:
        tier = f'{{"tier": "{one.tier}"}}' if one.tier else None
        facts.account(one.account_id, one.created_at, plan=one.plan, attributes=tier)
        for at, name in one.events:
            facts.event(one.account_id, at, name)
        for day, mrr in one.mrr:
            facts.change(one.account_id, datetime.combine(day, datetime.min.time()), mrr)
    return facts


def questions(random: Random) -> list[Question]:
    """Every choice at least once, in combinations drawn at random."""
    choose = random.choice
    return [
        Question(
            start=choose(["signup", "active", "paid", "event"]),
            event=choose(NAMES),
            by=choose(["all", "attribute", "behaviour"]),
            attribute=choose(["plan", "tier"]),
            behaviour=choose(NAMES),
            times=choose([1, 2, 5]),
            days=choose([1, 3, 7, 30]),
            measure=measure,
            kind=kind,
            clock=clock,
            grain=grain,
            newest=choose([3, ALL]),
        )
        for measure in ("accounts", "net", "gross", "events")
        for kind in (("bounded", "unbounded", "rolling") if measure == "accounts" else ("bounded",))
        for clock in ("calendar", "own")
        for grain in ("week", "month")
        for _ in range(2)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_question_is_answered_as_plain_python_does(seed: int, tmp_path: Path) -> None:
    company, facts, settings = made(seed)
    settings = settings.model_copy(update={"home": tmp_path / "home"})
    facts.settings = settings
    edition = facts.figures(AS_OF.isoformat()).edition
    for question in questions(Random(seed)):
        answer = ask(settings, edition, question)
        expected = company.cells(question)
        shown = {
            (row["segment"], row["cohort_start"], row["period_index"]): (
                row["size"], Decimal(row["part"]), Decimal(row["whole"]), row["complete"]
            )
            for row in answer.cells.iter_rows(named=True)
        }  # fmt: skip
        newest = {key: cell for key, cell in expected.items() if question.newest == ALL or key in shown}
        assert shown == newest, question
        check_sums(answer.total(), ask(settings, edition, question.of_one_group()).cells, question)
        check_members(settings, edition, question, answer.cells, answer.named)


def check_sums(total: pl.DataFrame, whole: pl.DataFrame, question: Question) -> None:
    """The parts add up to the whole; a behaviour leaves out who is too young to tell."""
    columns = ["cohort_start", "period_index", "size", "part", "whole", "complete"]
    if question.by != "behaviour":
        sorted_so = [frame.select(columns).sort(columns[:2]) for frame in (total, whole)]
        assert sorted_so[0].rows() == sorted_so[1].rows(), question


def check_members(
    settings: Settings, edition: str, question: Question, cells: pl.DataFrame, named: tuple[str, ...]
) -> None:
    """The accounts behind a cell are as many as it says, and what counts of them comes to its part."""
    if cells.is_empty():
        return
    row = cells.row(len(cells) // 2, named=True)
    place = Place(row["cohort_start"], row["period_index"], row["segment"], named)
    found = members(settings, edition, question, place)
    counted = {
        "accounts": lambda: sum(found["is_active"]),
        "net": lambda: sum(found["mrr_k"]),
        "gross": lambda: sum(min(pair) for pair in found.select("mrr_0", "mrr_k").iter_rows()),
        "events": lambda: sum(found["events"]),
    }[question.measure]()
    assert (len(found), Decimal(counted)) == (row["size"], Decimal(row["part"])), question


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """Three accounts, worked out by hand below."""
    settings = Settings(home=tmp_path_factory.mktemp("small"), segments=("plan",))
    facts = Facts(settings)
    facts.account("a", "2024-01-10T12:00:00", plan="pro").account("b", "2024-01-31T12:00:00", plan="free")
    facts.account("c", "2024-02-20T12:00:00", plan="pro", attributes='{"tier": "gold", "n": 3}')
    for day in ("01-10T11:00:00", "01-10T13:00:00", "01-11T00:00:00", "02-09T00:00:00", "03-31T23:59:59"):
        facts.event("a", f"2024-{day}", "login")
    facts.event("b", "2024-03-01T00:00:00", "export").event("c", "2024-02-20T12:00:00", "login")
    facts.change("a", "2024-01-20T00:00:00", "10").change("a", "2024-03-05T00:00:00", "25")
    facts.change("b", "2024-02-02T00:00:00", "10").change("b", "2024-03-20T00:00:00", "0", "canceled")
    return settings, facts.figures("2024-04-10T06:00:00").edition


def parts(small: tuple[Settings, str], question: Question, cohort: str = "2024-01-01") -> list[float]:
    cells = ask(*small, question).cells.filter(pl.col("cohort_start") == date.fromisoformat(cohort))
    return [float(part) for part in cells.sort("period_index")["part"]]


def test_bounded_counts_the_period_itself_and_later_ones_do_not(small: tuple[Settings, str]) -> None:
    assert parts(small, Question()) == [1, 1, 2, 0]  # b first does something in March
    assert parts(small, Question(kind="unbounded")) == [2, 2, 2, 0]
    assert parts(small, Question(kind="rolling")) == [1, 1, 2, 2]


def test_an_accounts_own_clock_begins_on_its_first_day(small: tuple[Settings, str]) -> None:
    cells = ask(*small, Question(clock="own")).cells.filter(pl.col("cohort_start") == date(2024, 1, 1))
    # a: days 0 and 1 | 30 | 81; b: day 30. The youngest can have begun on 31 January.
    assert cells["part"].to_list() == [1, 2, 1, 0]
    assert cells["complete"].to_list() == [True, True, False, False]


def test_first_payment_and_first_event_start_cohorts_of_their_own(small: tuple[Settings, str]) -> None:
    assert parts(small, Question(start="paid")) == [0, 1, 1, 0]  # a paid on the 20th, after its January days
    assert parts(small, Question(start="event", event="export"), "2024-03-01") == [1, 0]
    assert parts(small, Question(start="active"), "2024-03-01") == [1, 0]


def test_revenue_is_kept_net_or_at_most_what_was_paid_first(small: tuple[Settings, str]) -> None:
    assert parts(small, Question(measure="net")) == [10, 20, 25, 25]
    assert parts(small, Question(measure="gross")) == [10, 10, 10, 10]


def test_a_behaviour_is_counted_from_the_instant_of_sign_up_on(small: tuple[Settings, str]) -> None:
    question = Question(by="behaviour", behaviour="login", times=2, days=2)
    sizes = ask(*small, question).cells.filter(pl.col("period_index") == 0)
    assert sizes.select("segment", "cohort_start", "size").rows() == [
        ("did", date(2024, 1, 1), 1),
        ("did not", date(2024, 1, 1), 1),
        ("did not", date(2024, 2, 1), 1),
    ]


def test_events_are_counted_on_active_days(small: tuple[Settings, str]) -> None:
    assert parts(small, Question(measure="events")) == [3, 1, 2, 0]  # all of a's on its day of sign-up


def test_any_attribute_groups_not_the_configured_ones_alone(small: tuple[Settings, str]) -> None:
    assert {"plan", "region", "tier", "n"} <= set(attributes(*small))
    assert ask(*small, Question(by="attribute", attribute="tier")).segments == ["(none)", "gold"]


def test_the_largest_groups_are_named_and_the_others_put_together(small: tuple[Settings, str]) -> None:
    answer = ask(*small, Question(by="attribute", attribute="plan", most_groups=1))
    assert answer.segments == ["pro", None]
    found = members(*small, answer.question, Place(date(2024, 1, 1), 0, None, answer.named))
    assert found["account_id"].to_list() == ["b"]


def test_only_accounts_within_a_segment_are_seen(small: tuple[Settings, str]) -> None:
    within = Question(within=("plan", "pro"))
    assert ask(*small, within).cells.filter(pl.col("period_index") == 0)["size"].to_list() == [1, 1]
    assert members(*small, within, Place(date(2024, 1, 1), 0))["account_id"].to_list() == ["a"]
    with pytest.raises(BadInput, match="There is no segment by 'tier'"):
        ask(*small, Question(within=("tier", "gold")))


@pytest.mark.parametrize("text", ["x'); drop table account; --", HOSTILE, "$today", "żółć\x00", '"'])
def test_names_from_outside_are_values_never_sql(small: tuple[Settings, str], text: str) -> None:
    for question in (
        Question(start="event", event=text),
        Question(by="attribute", attribute=text),
        Question(by="behaviour", behaviour=text),
        Question(within=("plan", text)),
    ):
        assert ask(*small, question).cells is not None


def test_the_default_question_says_what_the_published_triangle_says(small: tuple[Settings, str]) -> None:
    settings, edition = small
    for grain in ("week", "month"):
        published = read.cohorts(settings, edition, grain=grain).sort("cohort_start", "period_index")
        for measure, column in (("accounts", "retained"), ("net", "mrr_k"), ("gross", "gross_mrr_k")):
            cells = ask(settings, edition, Question(grain=grain, measure=measure, newest=ALL)).cells
            cells = cells.sort("cohort_start", "period_index")
            keys = ["cohort_start", "period_index", "size", "complete"]
            assert cells.select(keys).rows() == published.select(keys).rows()
            assert cells["part"].to_list() == published[column].to_list()


def test_the_sql_that_is_shown_runs_on_the_editions_file_and_tells_no_path(
    small: tuple[Settings, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, edition = small
    question = Question(
        by="behaviour", behaviour="login", start="event", event="a 'quoted' name", clock="own"
    )
    answer = ask(settings, edition, question)
    copy = shutil.copy(
        settings.published / f"{edition}.duckdb", tmp_path
    )  # the file itself is held open here
    assert str(settings.home) not in answer.script
    monkeypatch.chdir(settings.published)
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute(answer.script).fetchall() == answer.cells.rows()


def test_of_one_segment_only_what_its_accounts_did_and_have_is_named(small: tuple[Settings, str]) -> None:
    assert event_names(*small, ("plan", "pro")) == (["login"], 0)
    assert event_names(*small, ("plan", "free")) == (["export"], 0)
    assert event_names(*small, ("plan", "nobody's")) == ([], 0)
    assert set(attributes(*small, ("plan", "pro"))) == {"plan", "tier", "n"}
    assert attributes(*small, ("plan", "free")) == ["plan"]
    with pytest.raises(BadInput, match="There is no segment by 'x'"):
        event_names(*small, ("x", "y"))


def test_event_names_beyond_two_hundred_are_said_to_be_left_out(small: tuple[Settings, str]) -> None:
    assert event_names(*small) == (["login", "export"], 0)


def test_what_is_not_allowed_is_said_in_a_sentence() -> None:
    for wrong in ({"start": "x"}, {"days": 31}, {"times": 0}, {"newest": 0}):
        with pytest.raises(BadInput):
            Question(**wrong)  # type: ignore[arg-type]
