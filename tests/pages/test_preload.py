"""Pages tell of the code they need soon, and it is there."""

import re
from urllib.request import urlopen

from pages import preload
from tests.pages.serving import Server


def test_a_page_tells_of_code_that_is_there_and_nothing_else_does(server: Server) -> None:
    with urlopen(f"{server.url}/revenue") as page:
        named = re.findall(r"<\./(static/js/[^>]+)>; rel=modulepreload", page.headers["link"])
    assert len(named) == len(preload.SOON)
    for path in named:
        with urlopen(f"{server.url}/{path}") as code:
            assert "javascript" in code.headers["content-type"]
            assert code.headers["link"] is None
