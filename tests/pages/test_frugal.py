"""What Streamlit is spared at each run."""

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from pages import frugal

SECTIONS = (
    "theme",
    "theme.light",
    "theme.dark",
    "theme.sidebar",
    "theme.light.sidebar",
    "theme.dark.sidebar",
)


def test_streamlit_still_fills_in_the_theme_where_it_is_spared() -> None:
    assert hasattr(app_session, frugal.FILLS)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_theme_is_the_same_and_read_once(section: str) -> None:
    fill, asked = getattr(app_session, frugal.FILLS), []

    def counted(message: CustomThemeConfig, of: str) -> None:
        asked.append(of)
        fill(message, of)

    spared, plain = frugal.remembered(counted), CustomThemeConfig()
    fill(plain, section)
    for _ in range(3):
        filled = CustomThemeConfig()
        spared(filled, section)
        assert filled == plain
    assert asked == [section]


def test_our_theme_is_read_at_all() -> None:
    config.get_config_options()
    filled = CustomThemeConfig()
    frugal.remembered(getattr(app_session, frugal.FILLS))(filled, "theme.light")
    assert filled.primary_color == "#0B6E6E"


def test_sparing_twice_is_sparing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session, frugal.FILLS, getattr(app_session, frugal.FILLS))
    frugal.spare()
    once = getattr(app_session, frugal.FILLS)
    frugal.spare()
    assert getattr(app_session, frugal.FILLS) is once


def test_a_streamlit_that_does_it_otherwise_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(app_session, frugal.FILLS)
    frugal.spare()
    assert not hasattr(app_session, frugal.FILLS)
