"""Mail through any SMTP server, the picture in its text."""

from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from pydantic import Field, SecretStr, StringConstraints, field_validator

from data import params
from data.speech import english

TITLE = "Mail"
ABOUT = "Mail through an SMTP server, to one or more people; the trend is shown in the text."
PICTURE = "in the text"
FORM = "html"
PACE = 0.2
MODES = {"starttls": "starttls", "tls": "ssl", "none": "insecure"}
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+$", max_length=254)]


class Params(params.Params):
    host: str = Field(
        pattern=r"^[A-Za-z0-9._\-:\[\]]+$", description="The SMTP server, such as smtp.example.com"
    )
    sender: Address = Field(description="The address it comes from, such as alerts@example.com")
    to: tuple[Address, ...] = Field(
        min_length=1, max_length=50, description="Whom it goes to, an address a line"
    )
    port: int | None = Field(
        None, ge=1, le=65535, description="Its port; unless given, 587, or 465 with tls, or 25 with none"
    )
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls, tls from the first byte, or none (only within your own network)"
    )
    user: str | None = Field(None, description="The name to log in with; unless given, nobody does")
    password: SecretStr | None = Field(None, description="The password to log in with")
    verify: bool = Field(True, description="Whether the server must prove who it is")

    @field_validator("password")
    @classmethod
    def password_can_be_sent(cls, password: SecretStr | None) -> SecretStr | None:
        if password is not None and not password.get_secret_value().isascii():
            raise ValueError(english("mail is logged in to with letters, digits and signs of ASCII alone"))
        return password


def reaches(params: Params) -> str:
    return f"{', '.join(params.to)} by {params.host}"


def url(params: Params) -> str:
    """One message to all: the first as its addressee, the others in copy."""
    first, *others = params.to
    query = {
        "from": f"Holdfast <{params.sender}>",
        "to": first,
        "mode": MODES[params.security],
        "smtp": params.host,
        "format": "html",
        "inline": "yes",
        "verify": "yes" if params.verify else "no",
    } | ({"cc": ",".join(others)} if others else {})
    password = params.password.get_secret_value() if params.password else ""
    login = f"{quote(params.user, safe='')}:{quote(password, safe='')}@" if params.user else ""
    port = f":{params.port}" if params.port else ""
    return f"mailto://{login}{params.host}{port}/?{urlencode(query)}"
