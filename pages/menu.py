"""The Streamlit script: the frame and the menu, one line a page."""

from pathlib import Path

import streamlit as st

from pages.parts import frame

HERE = Path(__file__).parent

st.set_page_config(page_title="Holdfast", page_icon=str(HERE / "static" / "mark.png"), layout="wide")
menu = st.navigation(
    {
        "Watch": [
            st.Page(
                HERE / "watch" / "overview.py", title="Overview", icon=":material/monitoring:", default=True
            ),
            st.Page(HERE / "watch" / "activation.py", title="Activation", icon=":material/rocket_launch:"),
            st.Page(HERE / "watch" / "cohorts.py", title="Cohorts", icon=":material/grid_on:"),
            st.Page(HERE / "watch" / "revenue.py", title="Revenue", icon=":material/payments:"),
        ],
        "Act": [
            st.Page(HERE / "act" / "alerts.py", title="Alerts", icon=":material/notifications:"),
        ],
        "Set up": [
            st.Page(HERE / "set_up" / "rules.py", title="Rules", icon=":material/rule:"),
            st.Page(HERE / "set_up" / "channels.py", title="Channels", icon=":material/outgoing_mail:"),
            st.Page(HERE / "set_up" / "sources.py", title="Sources", icon=":material/input:"),
            st.Page(
                HERE / "set_up" / "metrics.py",
                title="Metrics",
                icon=":material/menu_book:",
                url_path="definitions",  # /metrics is what Prometheus asks for
            ),
        ],
    }
)
frame.draw()
menu.run()
