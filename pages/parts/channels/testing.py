"""A test message: sent at once, and what became of it."""

import streamlit as st

from data.errors import HoldfastError
from engine.desk import channels as desk
from engine.desk.channels import Channel
from pages.parts import asked, numbers, person, windows, words
from pages.parts.channels import reaching
from pages.parts.speech import later, retold, say

ABOUT = later("It looks like a message of an alert, with its picture, and says that it is a test.")


@windows.dialog(later("Send a test message"), on_dismiss=asked.forget)
def dialog(channel: Channel) -> None:
    person.require_whole("lead")
    st.text(say("By {channel}, to {whom}.", channel=channel.name, whom=reaching.reached(channel)))
    st.markdown(say(ABOUT))
    if st.button(say("Send it"), icon=":material/send:", type="primary", key="channels_do_test"):
        send(channel.name)


def send(name: str) -> None:
    try:
        with st.spinner(say("Sending; it may take forty seconds …")):
            told = desk.send_test(numbers.settings(), name, who=person.require_whole("lead").key)
    except HoldfastError as wrong:
        st.error(words.literal(retold(str(wrong))), icon=":material/error:")
    else:
        st.success(words.literal(retold(told)), icon=":material/check_circle:")
