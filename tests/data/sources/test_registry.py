"""The connectors as a registry: what every file must have, and what is said of one that lacks it."""

from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import SecretStr

from data.errors import BadDefinition, BadInput
from data.params import stored
from data.sources import Connector, Params, connector, connectors, defined

ROOM = Path(__file__).parents[3] / "data" / "sources"
NAMES = sorted(path.stem for path in ROOM.glob("*.py") if path.stem != "__init__")


def test_every_file_of_the_room_is_a_connector() -> None:
    assert sorted(connectors()) == NAMES
    assert len(NAMES) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_a_connector_says_what_it_is_and_has_tests(name: str) -> None:
    found = connector(name)
    assert found.title
    assert found.title[0].isupper()
    assert found.about.endswith(".")
    assert bool(found.pull) != bool(found.find)
    assert Path(__file__).with_name(f"test_{name}.py").exists()


@pytest.mark.parametrize("name", NAMES)
def test_every_param_is_described_for_the_form(name: str) -> None:
    for param, field in connector(name).params.model_fields.items():
        assert field.description, param
        assert not field.description.endswith("."), param


@pytest.mark.parametrize("name", NAMES)
def test_what_a_password_may_stand_in_is_a_secret(name: str) -> None:
    for param, field in connector(name).params.model_fields.items():
        if any(word in param for word in ("key", "password", "token", "url")):
            assert field.annotation is SecretStr, param


class Told(Params):
    word: SecretStr
    number: int = 1


def check(params: Told) -> str:
    return params.word.get_secret_value()


def pull(_params: Told, _cursor: str | None, _now: datetime) -> Any:
    return iter(())


def module(**parts: Any) -> ModuleType:
    made = ModuleType("data.sources.x")
    whole = {"TITLE": "X", "ABOUT": "X.", "Params": Told, "check": check, "pull": pull}
    for name, part in (whole | parts).items():
        if part is not None:
            setattr(made, name, part)
    return made


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"TITLE": None}, "data.sources.x must define TITLE."),
        ({"TITLE": None, "Params": None, "pull": None}, "data.sources.x must define TITLE, Params, pull."),
        ({"pull": None}, "data.sources.x must define pull."),
        ({"Params": dict}, "data.sources.x.Params must be made from data.sources.Params."),
    ],
)
def test_a_bad_file_says_what_it_lacks(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(BadDefinition) as told:
        defined(module(**parts))
    assert str(told.value) == said


def test_a_file_that_finds_instead_of_pulling_is_a_connector_too() -> None:
    found = defined(module(pull=None, find=pull))
    assert isinstance(found, Connector)
    assert found.pull is None


def test_params_are_kept_with_their_secrets_and_never_shown_with_them() -> None:
    given = defined(module()).read({"word": "hush", "number": 5})
    assert stored(given) == {"every": 60, "word": "hush", "number": 5}
    assert "hush" not in repr(given)
    assert "hush" not in given.model_dump_json()


def test_a_connector_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadInput, match="There is no connector 'fax'; there is: folder, sql, stripe"):
        connector("fax")


def test_what_stands_in_a_secret_is_not_repeated_when_it_is_refused() -> None:
    with pytest.raises(BadInput) as told:
        defined(module()).read({"word": ["hush"]})
    assert str(told.value) == "word is not allowed: Input should be a valid string."
