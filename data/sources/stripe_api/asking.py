"""Asks Stripe's API for lists, through Stripe's own library, and tells what goes wrong in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.errors import BadInput, TryAgain
from data.intake.billing.node import Node, document
from data.speech import english

if TYPE_CHECKING:
    import stripe

MOST = 100  # objects that Stripe gives at once
SECONDS = 60
RETRIES = 4  # of the library, with pauses of its own that grow to five seconds


class Gone(Exception):
    """The object after which to go on was deleted meanwhile."""


@dataclass(frozen=True)
class Listed:
    """A page of a list: the newest objects first, each as Stripe wrote it."""

    objects: tuple[Node, ...]
    has_more: bool


class Api:
    """Stripe's API, as one key may read it."""

    def __init__(self, key: str, base: str) -> None:
        import stripe  # noqa: PLC0415 (a second and a half that only those pay who ask Stripe)

        self.client: stripe.StripeClient = stripe.StripeClient(
            key,
            base_addresses={"api": base.rstrip("/")},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=SECONDS),
        )

    def page(self, path: str, *, limit: int = MOST, **given: Any) -> Listed:
        """A page of a list; fractions in it are decimals.

        Raises:
            Gone: `starting_after` names what is no longer there.
            BadInput: the key is wrong, or may not read this.
            TryAgain: Stripe does not answer, or wants to be asked later.
        """
        wanted = {name: value for name, value in given.items() if value is not None}
        with in_sentences(path):
            response = self.client.raw_request("get", path, limit=limit, **wanted)
        found = document(response.body.encode())
        return Listed(tuple(Node(one.value) for one in found.at("data").each()), found.at("has_more").is_true)

    def rest(self, path: str, after: str | None, **given: Any) -> list[Any]:
        """All that follows in a list that an object holds only the beginning of."""
        found: list[Any] = []
        while True:
            page = self.page(path, starting_after=after, **given)
            found += [one.value for one in page.objects]
            if not page.has_more or not page.objects:
                return found
            after = page.objects[-1].at("id").text()


@contextmanager
def in_sentences(path: str) -> Iterator[None]:
    import stripe  # noqa: PLC0415

    what = path.removeprefix("/v1/")
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as refused:
        raise BadInput(
            english("Stripe does not let this key read {what}: {told}", what=what, told=_told(refused))
        ) from None
    except stripe.InvalidRequestError as wrong:
        if wrong.code == "resource_missing" and wrong.param == "starting_after":
            raise Gone from None
        raise BadInput(
            english("Stripe refuses to list {what}: {told}", what=what, told=_told(wrong))
        ) from None
    except stripe.StripeError as passing:
        raise TryAgain(
            english("Stripe did not give {what}: {told}", what=what, told=_told(passing))
        ) from None


def _told(fault: "stripe.StripeError") -> str:
    """Stripe's own first sentence; of a key it shows the last signs at most."""
    told = " ".join((fault.user_message or type(fault).__name__).split())
    return told.partition(". ")[0].rstrip(".") + "."
