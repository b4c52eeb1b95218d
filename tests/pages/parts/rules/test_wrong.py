"""What is wrong with a rule, as its reader sees it."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    from data.speech import speaking
    from pages.parts.rules import wrong

    with speaking("pl"):
        wrong.say("recover = 0.2 must not lie under below = 0.9")
        wrong.say("<b>nobody's pattern</b>")


def test_it_is_said_in_the_readers_language_and_as_text() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    one, other = (element.proto.body for element in app.get("html"))
    assert "nie może leżeć poniżej" in one
    assert "&lt;b&gt;nobody" in other
