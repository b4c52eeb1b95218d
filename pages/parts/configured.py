"""The settings, read once."""

import streamlit as st

from data import settings as settings_file
from data.settings import Settings


@st.cache_resource
def settings() -> Settings:
    return settings_file.load()
