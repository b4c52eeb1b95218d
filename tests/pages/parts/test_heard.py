from pages.parts.heard import every


def test_a_choice_is_known_in_each_language() -> None:
    assert every("History") == {"History", "Historia"}
