"""Who acts: until people sign in, the user whose machine this is."""

from getpass import getuser

NOBODY = "somebody"


def who() -> str:
    """The author of what is decided on a page or a command line."""
    try:
        return getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return NOBODY
