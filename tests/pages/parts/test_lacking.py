"""A page over an edition that lacks what it asks for."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from data.errors import NoEdition
    from pages.parts import lacking

    @st.fragment(key="page")
    @lacking.told
    def drawn() -> None:
        st.text("before")
        raise NoEdition("Edition <b>1</b> lacks it.")

    drawn()


def test_what_an_edition_lacks_is_said_in_place_of_what_would_be_shown() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert app.text[0].value == "before"
    assert "Edition &lt;b&gt;1&lt;/b&gt; lacks it." in app.get("html")[0].proto.body
