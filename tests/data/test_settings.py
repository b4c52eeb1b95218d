from pathlib import Path

import pytest

from data.errors import BadSettings
from data.settings import Settings, load


def write(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "holdfast.toml").write_text(text)
    monkeypatch.setenv("HOLDFAST_CONFIG", str(folder / "holdfast.toml"))


def test_settings_come_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'timezone = "Europe/Warsaw"\n[activation]\nsteps = ["a", "b"]', monkeypatch)
    settings = load()
    assert (settings.timezone, settings.activation.steps, settings.activation.within_days) == (
        "Europe/Warsaw",
        ("a", "b"),
        7,
    )


def test_a_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'timezone = "Europe/Warsaw"', monkeypatch)
    monkeypatch.setenv("HOLDFAST_TIMEZONE", "Asia/Kolkata")
    monkeypatch.setenv("HOLDFAST_ACTIVATION__WITHIN_DAYS", "14")
    monkeypatch.setenv("HOLDFAST_SEGMENTS", '["plan"]')
    settings = load()
    assert settings.timezone == "Asia/Kolkata"
    assert settings.activation.within_days == 14
    assert settings.segments == ("plan",)


def test_an_empty_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_HOME", "")
    with pytest.raises(BadSettings, match="Setting home = '' is not allowed: name a folder"):
        load()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('timezone = "Mars/Base"', "timezone = 'Mars/Base'"),
        ('segments = ["plan", "plan"]', "segments"),
        ("[activation]\nwithin_days = 0", "activation.within_days = 0"),
        ("[activation]\nsteps = []", "activation.steps"),
        ('base_currency = "dollars"', "base_currency = 'dollars'"),
        ('time_zone = "UTC"', "no setting 'time_zone'"),
        ("[value]\nevent = 3", "value.event"),
        ('[sources.stripe]\nzone = "CEST"', "sources.stripe.zone = 'CEST'"),
        ("timezone = ", "not valid TOML"),
    ],
)
def test_a_bad_setting_is_named_in_one_sentence(
    text: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, text, monkeypatch)
    with pytest.raises(BadSettings) as bad:
        load()
    assert named in str(bad.value)
    assert "\n" not in str(bad.value)


def test_a_config_in_another_encoding_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.toml").write_text('timezone = "UTC"  # Zürich', encoding="latin-1")
    monkeypatch.setenv("HOLDFAST_CONFIG", str(tmp_path / "other.toml"))
    with pytest.raises(BadSettings, match=r"other.toml is not UTF-8 text"):
        load()


def test_a_config_path_that_is_no_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_CONFIG", "/nowhere/holdfast.toml")
    with pytest.raises(BadSettings, match="not a file"):
        load()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_says_what_it_means(name: str) -> None:
    field = Settings.model_fields[name]
    parts = getattr(field.annotation, "model_fields", {})
    assert field.description or all(part.description for part in parts.values())


DOOR = (
    '[sign_in]\nmetadata_url = "https://id.example/x"\nclient_id = "holdfast"\n'
    'client_secret = "s3cret-of-ours"\ncookie_secret = "k3y-of-ours-k3y-of-ours-k3y-of-ours"\n'
)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('client_id = "holdfast"\n', "", "sign_in.client_id"),
        ('"k3y-of-ours-k3y-of-ours-k3y-of-ours"', '"k3y-of-ours"', "sign_in.cookie_secret"),
        ('"s3cret-of-ours"', '["s3cret-of-ours"]', "sign_in.client_secret"),
        ("https://id.example", "http://id.example", "metadata_url begins with https"),
        ('"https://id.example/x"', '"id.example"', "sign_in.metadata_url"),
        ("client_id", "client", "sign_in.client"),
    ],
)
def test_a_bad_setting_of_the_sign_in_is_named_without_its_secrets(
    old: str, new: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, DOOR.replace(old, new, 1), monkeypatch)
    with pytest.raises(BadSettings, match=named) as refused:
        load()
    assert "s3cret" not in str(refused.value)
    assert "k3y" not in str(refused.value)


def test_secrets_of_the_sign_in_are_not_printed_and_its_way_back_follows_the_public_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 'public_url = "https://numbers.example/"\n' + DOOR, monkeypatch)
    settings = load()
    assert "of-ours" not in repr(settings)
    assert settings.redirect == "https://numbers.example/oauth2callback"
