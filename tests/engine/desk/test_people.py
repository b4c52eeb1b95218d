import pytest

from engine.desk import people


def test_the_author_is_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert people.who() == "ada"


def test_a_user_without_a_name_is_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(people, "getuser", nameless)
    people.who.cache_clear()
    assert people.who() == people.NOBODY
    people.who.cache_clear()
