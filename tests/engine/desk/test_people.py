from collections.abc import Iterator

import pytest

from engine.desk import people


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Who it is, is looked up once a process."""
    people.who.cache_clear()
    yield
    people.who.cache_clear()


def test_the_author_is_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert people.who() == "ada"


def test_a_user_without_a_name_is_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(people, "getuser", nameless)
    assert people.who() == people.NOBODY
