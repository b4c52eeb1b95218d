from typing import Literal

from pydantic import BaseModel, Field, SecretStr

from data.params import shown
from engine.forms import answers_of, asked_again, questions_of, text_of


class Params(BaseModel):
    every: int = Field(60, ge=1, le=3600, description="Seconds between two looks")
    url: SecretStr = Field(description="Where it is")
    table: str | None = Field(None, description="What to read")
    columns: dict[str, str] = Field({}, description="Which is which")
    leave_out: tuple[str, ...] = Field((), description="What not to read")
    mode: Literal["all", "new"] = Field("new", description="What of it")
    deep: bool = Field(False, description="Whether to go on")


ASKED = {question.name: question for question in questions_of(Params)}


def test_what_is_needed_is_asked_first() -> None:
    assert next(iter(ASKED)) == "url"
    assert [name for name, question in ASKED.items() if question.is_needed] == ["url"]


def test_the_kind_of_a_field_follows_its_type() -> None:
    assert {name: question.kind for name, question in ASKED.items()} == {
        "url": "secret",
        "every": "number",
        "table": "text",
        "columns": "pairs",
        "leave_out": "lines",
        "mode": "choice",
        "deep": "flag",
    }
    assert (ASKED["every"].least, ASKED["every"].most, ASKED["every"].default) == (1, 3600, 60)
    assert ASKED["mode"].choices == ("all", "new")


def test_answers_are_what_the_connector_reads() -> None:
    texts = {
        "url": " sqlite:///x ",
        "every": 30.0,
        "table": "",
        "columns": "account_id = cust_no\n\nname=title",
        "leave_out": "notes\n",
        "mode": "all",
        "deep": True,
    }
    answers = answers_of(ASKED.values(), texts)
    assert answers["columns"] == {"account_id": "cust_no", "name": "title"}
    assert "table" not in answers
    read = Params(**answers)
    assert (read.every, read.leave_out, read.mode, read.deep) == (30, ("notes",), "all", True)
    assert read.url.get_secret_value() == "sqlite:///x"


def test_values_are_shown_as_they_are_typed() -> None:
    assert text_of(ASKED["columns"], {"a": "b", "c": "d"}) == "a = b\nc = d"
    assert text_of(ASKED["leave_out"], ("x", "y")) == "x\ny"
    assert text_of(ASKED["table"], None) == ""


def test_a_secret_is_never_told_and_stays_what_it_was_unless_given_again() -> None:
    stored = {"url": "postgresql://u:secret@host/db", "every": 60}
    assert shown(stored, {"url"}) == {"every": 60}
    assert asked_again({"every": 5}, stored, {"url"}) == {"every": 5, "url": stored["url"]}
    assert asked_again({"url": "new"}, stored, {"url"})["url"] == "new"
