"""Shows requests to their door before anything else looks at them."""

from starlette.types import ASGIApp, Receive, Scope, Send

from data.intake.doors import Doors


class Entrance:
    """An ASGI application around another: what asks for a door by its exact path goes straight there.

    Doors need no session, no compression and no search through the routes of pages; at a thousand calls a
    second that is a sixth of the work. Addresses with a part that varies are found among the routes as ever.
    """

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self.app = app
        self.exact = {route.path: route.app for route in doors.routes if "{" not in route.path}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.exact.get(scope["path"], self.app) if scope["type"] == "http" else self.app
        await app(scope, receive, send)
