"""Why: what an operator may choose stands in one place, with its help, and is read once.

Every setting is an environment variable with the prefix `PICKWAVE_`. A wrong value is one sentence with the name,
what was wanted and what was got. `docs/generated/settings.md` is made from this table.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

PREFIX = "PICKWAVE_"

OF_THE_TESTS = ("TEST_", "SOAK", "BENCH", "CHROMIUM")
"""Beginnings (after the prefix) of variables that belong to make and the tests, not to the server."""

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ALONE = frozenset({*LOOPBACK, "::1"})

_ATOM: Final = r"[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+"
"""What stands between the dots of a mailbox's name (RFC 5322): of anything else no head of a mail can be made."""

SECRET: Final = {"secret": True}
"""A setting that is never shown, however wrong it is."""


class SettingWrong(Exception):
    """A setting has a value that cannot be used; the text is one sentence for the operator."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The choices of one process. Made by `read`, or by hand in a test."""

    host: Annotated[
        str,
        Meta(
            min_length=1,
            description="Address to listen on. Handhelds need TLS in front of any other. With `LAN`: all of them, "
            "unless another is named.",
        ),
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one and prints it.")] = (
        8300
    )
    lan: Annotated[
        bool,
        Meta(
            description="Be there for scanners on the local network: listen on all addresses, with TLS by an authority "
            "of the house's own, and show devices how to trust it."
        ),
    ] = False
    onboarding_port: Annotated[
        int,
        Meta(
            ge=0,
            le=65535,
            description="With `LAN`: the port of the page, without TLS, that a new device is led to; 0 takes a free "
            "one and prints it.",
        ),
    ] = 8380
    data_dir: Annotated[
        Path,
        Meta(
            description="Folder for the SQLite file, secrets, pictures and the sandbox gateway's books; made when "
            "missing. Processes at one PostgreSQL share it."
        ),
    ] = Path("data")
    database_url: Annotated[
        str,
        Meta(
            pattern=r"^((sqlite|postgresql)(\+[a-z0-9]+)?://.+)?$",
            description="`postgresql://user@host/name`; empty: an SQLite file in the data folder.",
        ),
    ] = ""
    demo: Annotated[
        bool, Meta(description="Load the demo warehouse on the first start and run its virtual printers.")
    ] = False
    allowed_hosts: Annotated[
        tuple[str, ...],
        Meta(
            description="Host names (comma-separated) under which the server may be called; `*` for any. "
            "Empty: this machine's loopback names and `HOST`."
        ),
    ] = ()
    proxies: Annotated[
        tuple[str, ...],
        Meta(description="Addresses (comma-separated) of proxies whose X-Forwarded-For and -Proto are believed."),
    ] = ()
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least serious log line that is written.")
    ] = "info"
    log_format: Annotated[Literal["json", "text"], Meta(description="`json`: one object a line; `text`: for eyes.")] = (
        "json"
    )
    session_hours: Annotated[
        int, Meta(ge=1, le=24, description="A sign-in ends after this many hours, whatever happens.")
    ] = 12
    idle_minutes: Annotated[
        int, Meta(ge=1, le=240, description="A sign-in locks to the PIN after this many minutes without a scan.")
    ] = 15
    max_body_bytes: Annotated[
        int, Meta(ge=1024, le=64 * 1024 * 1024, description="Largest request body; more is answered with 413.")
    ] = 1024 * 1024
    max_import_bytes: Annotated[
        int,
        Meta(ge=1024, le=64 * 1024**3, description="Largest file that may be imported; more is answered with 413."),
    ] = 1024**3
    event_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days that events are kept before they are exported and cut.")
    ] = 90
    warehouse: Annotated[
        int, Meta(ge=1, le=32767, description="Number of the warehouse that a new administrator and device belong to.")
    ] = 1
    printer_addresses: Annotated[
        tuple[str, ...],
        Meta(
            description="Where printers may be (comma-separated): a network such as `10.20.0.0/24` (ports 9100, 6101, "
            "9300) or an exact `address:port`."
        ),
    ] = ()
    slip_prices: Annotated[bool, Meta(description="Packing slips say what each item cost.")] = False
    printer_patience_seconds: Annotated[
        int,
        Meta(
            ge=0,
            le=3600,
            description="A label whose printer cannot print for so long comes out of its station's second printer; "
            "0: only when its packer says so.",
        ),
    ] = 30
    webhook_networks: Annotated[
        tuple[str, ...],
        Meta(
            description="Networks (comma-separated), such as `10.20.0.0/24`, in which webhook endpoints may be though "
            "they are not public; loopback and link-local only where they are listed themselves."
        ),
    ] = ()
    webhook_http: Annotated[
        bool, Meta(description="Let endpoints in those networks be called by plain http. For trying things out.")
    ] = False
    stripe_key: Annotated[
        str,
        Meta(
            pattern=r"^((sk|rk)_[A-Za-z0-9_]{8,250})?$",
            extra=SECRET,
            description="Stripe's secret (or restricted) key; with it cards are paid there. Never logged, never kept.",
        ),
    ] = ""
    stripe_webhook_secret: Annotated[
        str,
        Meta(
            pattern=r"^(whsec_[A-Za-z0-9+/=_-]{8,250})?$",
            extra=SECRET,
            description="Proves what Stripe sends to `/api/payments/webhooks/stripe`. Empty: nothing is taken there.",
        ),
    ] = ""
    stripe_url: Annotated[
        str,
        Meta(
            pattern=r"^(https://[^/@\s]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?)$",
            description="Where Stripe is: `https://`, or plain `http://` on this machine for a stand-in.",
        ),
    ] = "https://api.stripe.com"
    sandbox_webhook_secret: Annotated[
        str,
        Meta(
            pattern=r"^([!-~]{16,200})?$",
            extra=SECRET,
            description="The same for the sandbox gateway, at `/api/payments/webhooks/sandbox`.",
        ),
    ] = ""
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^/@\s]+/?)?$",
            description="Where customers reach this server, `https://HOST`: links to the tracking page in messages "
            "begin with it. Empty: messages have no link.",
        ),
    ] = ""
    smtp_host: Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9.:_-]*$", description="The mail server by which customers are written to.")
    ] = ""
    smtp_port: Annotated[int, Meta(ge=1, le=65535, description="Its port: 587 with `starttls`, 465 with `tls`.")] = 587
    smtp_security: Annotated[
        Literal["starttls", "tls", "none"],
        Meta(description="How it is spoken to; `none` only on this machine or in a network that is trusted."),
    ] = "starttls"
    smtp_user: Annotated[str, Meta(description="Who signs in there; empty: nobody.")] = ""
    smtp_password: Annotated[str, Meta(extra=SECRET, description="The password for it. Never logged, never shown.")] = (
        ""
    )
    mail_from: Annotated[
        str,
        Meta(
            pattern=rf"^({_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*)?$",
            description="The address that mails come from. With `SMTP_HOST` and this one, mails go out. A domain with "
            "other letters than a to z stands in its `xn--` form.",
        ),
    ] = ""
    sms_url: Annotated[
        str,
        Meta(
            extra=SECRET,
            description="A gateway for text messages as Apprise writes it, with `{to}` where the number goes, such as "
            "`vonage://KEY:SECRET@FROM/{to}`. Needs `pip install pickwave[sms]`.",
        ),
    ] = ""
    shutdown_seconds: Annotated[
        int, Meta(ge=1, le=60, description="How long running requests may take to finish after Ctrl-C or SIGTERM.")
    ] = 4

    def __post_init__(self) -> None:
        """Name the SQLite file of the data folder when no database is given."""
        if not self.database_url:
            file = (self.data_dir / "pickwave.sqlite").absolute()
            msgspec.structs.force_setattr(self, "database_url", f"sqlite:///{file}")

    def __repr__(self) -> str:
        """Without what is secret, wherever it may be printed."""
        shown = (f"{name}={'…' if is_secret(name) else repr(getattr(self, name))}" for name in self.__struct_fields__)
        return f"Settings({', '.join(shown)})"

    @property
    def listens_on(self) -> tuple[str, ...]:
        """The addresses to listen on."""
        return ("0.0.0.0", "::") if self.lan and self.host in ALONE else (self.host,)

    @property
    def reachable(self) -> bool:
        """Whether others than this machine's own people may come: then nothing that is known to everybody lets in."""
        return self.lan or self.host not in ALONE or bool(self.proxies) or not {*self.allowed_hosts} <= ALONE

    @property
    def hosts(self) -> frozenset[str]:
        """The host names under which the server may be called."""
        return frozenset(self.allowed_hosts or (*LOOPBACK, self.host))


def read(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment; raises SettingWrong with one sentence."""
    given = {name: environ.get(PREFIX + name.upper()) for name in Settings.__struct_fields__}
    return Settings(**{name: _value(name, text) for name, text in given.items() if text is not None})


def unknown(environ: Mapping[str, str]) -> Iterator[str]:
    """One sentence for each variable with our prefix that is no setting, with the nearest one that is."""
    names = [PREFIX + name.upper() for name in Settings.__struct_fields__]
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in names or name.removeprefix(PREFIX).startswith(OF_THE_TESTS):
            continue
        near = difflib.get_close_matches(name, names, n=1)
        yield f"{name} is no setting" + (f", {near[0]} is" if near else "") + "; it is ignored."


def _value(name: str, text: str) -> Any:
    hint = _HINTS[name]
    try:
        return msgspec.convert(_parts(text) if _is_list(hint) else text.strip(), hint, strict=False, dec_hook=_path)
    except msgspec.ValidationError:
        got = re.sub(r"//[^/@]*@", "//…@", text)  # an address may carry a password
        if is_secret(name):
            got = "another text"
        raise SettingWrong(f"{PREFIX}{name.upper()}: wanted {wanted(name)}, got {got!r}.") from None


def _path(wanted_type: type, value: Any) -> Any:
    if wanted_type is Path and value:
        return Path(value).expanduser()
    raise msgspec.ValidationError(f"wanted {wanted_type.__name__}")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_list(hint: Any) -> bool:
    return get_origin(get_args(hint)[0]) is tuple


def wanted(name: str) -> str:
    """What a setting may be, in words."""
    kind, meta = _kind(name), _meta(name)
    if kind is bool:
        return "true or false"
    if kind is int:
        return f"a whole number from {meta.ge} to {meta.le}"
    if kind is Path:
        return "the path of a folder"
    if get_origin(kind) is Literal:
        *most, last = get_args(kind)
        return ", ".join(most) + f" or {last}"
    if get_origin(kind) is tuple:
        return "a comma-separated list"
    return _FORMS.get(name, "text")


_FORMS: Final = {
    "database_url": "sqlite:///FILE or postgresql://USER@HOST/NAME",
    "stripe_key": "a key that begins with sk_ or rk_",
    "stripe_webhook_secret": "a secret that begins with whsec_",
    "stripe_url": "https://HOST, or http://127.0.0.1:PORT",
    "public_url": "https://HOST",
    "smtp_host": "a host name or an address",
    "mail_from": "NAME@DOMAIN in ASCII, a domain with other letters as xn--…",
    "sandbox_webhook_secret": "16 to 200 visible characters",
}


def is_secret(name: str) -> bool:
    """Whether nobody is to read what it is set to."""
    return bool((_meta(name).extra or {}).get("secret"))


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Every setting for the docs: its variable, what it may be, its default, what it does."""
    for name in Settings.__struct_fields__:
        yield f"`{PREFIX}{name.upper()}`", wanted(name), _shown(name), str(_meta(name).description)


def _shown(name: str) -> str:
    default = _DEFAULTS[name]
    if isinstance(default, tuple):
        default = ",".join(default)
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else ""


def _kind(name: str) -> Any:
    return get_args(_HINTS[name])[0]


def _meta(name: str) -> Meta:
    meta: Meta = get_args(_HINTS[name])[1]
    return meta


_HINTS: dict[str, Any] = get_type_hints(Settings, include_extras=True)
_DEFAULTS = dict(zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True))
