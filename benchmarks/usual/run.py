"""Serves the overview as it is usually written."""

import sys
from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("overview.py"))
if __name__ == "__main__":
    app.run(config={"server.port": int(sys.argv[2]), "server.address": "127.0.0.1"})
