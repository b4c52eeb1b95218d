"""Spares Streamlit what it would make anew at every run though it is always the same: the theme."""

from collections.abc import Callable

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

FILLS = "_populate_theme_msg"  # reads some two hundred options, at each run six times
Fill = Callable[..., None]


def spare() -> None:
    """From here on the theme is read once; a Streamlit that does it otherwise is left as it is."""
    fill = getattr(app_session, FILLS, None)
    if fill is not None and not hasattr(fill, "spared"):
        setattr(app_session, FILLS, remembered(fill))


def remembered(fill: Fill) -> Fill:
    """The same, filling in what it filled in before; by the section of the configuration."""
    made: dict[str, CustomThemeConfig] = {}

    def filled(message: CustomThemeConfig, section: str = "theme") -> None:
        if section not in made:
            fresh = CustomThemeConfig()
            fill(fresh, section)
            made[section] = fresh
        message.MergeFrom(made[section])

    filled.spared = True  # type: ignore[attr-defined]
    return filled
