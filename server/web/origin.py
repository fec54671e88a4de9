"""Why: a browser sends our cookie from any page; these rules decide whose page it was. HTTP and WebSockets use both.

Pure: values in, yes or no out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

SESSION_COOKIE: Final = "pickwave_session"
CSRF_HEADER: Final = "X-Pickwave"
"""A page of another origin cannot set it without asking first, and nobody answers that it may."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OUR_SCHEMES: Final = frozenset({"bearer", "device"})
"""Of an Authorization header: a browser sends these for no page. Others (a proxy's Basic) it adds by itself."""


def host_known(host: str, known: Iterable[str]) -> bool:
    """Whether the Host header names this server; stops DNS rebinding. The port is not looked at."""
    names = frozenset(known)
    return "*" in names or _without_port(host).lower() in names


def same_origin(origin: str | None, scheme: str, host: str) -> bool:
    """Whether `Origin` is this server's own; a request without one came from no page of another site."""
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:  # a broken address, such as `http://[`, is nobody's
        return False
    secure = {"wss": "https", "ws": "http"}.get(scheme, scheme)
    return (parts.scheme, parts.netloc.lower()) == (secure, host.lower())


def may_bind_to_tls(scheme: str, host: str) -> bool:
    """Whether a browser may be told to call this host by TLS only: a name of its own, reached so. Never an address or
    this machine itself, where something else answers without TLS beside us.
    """
    name = _without_port(host).lower()
    return scheme == "https" and "." in name and not name.startswith("[") and not name.replace(".", "").isdigit()


def forgery(
    *, method: str, has_session: bool, authorization: str | None, csrf_header: str | None, own_origin: bool
) -> bool:
    """Whether a state-changing request may come from somebody else's page and must be refused."""
    if method in SAFE_METHODS:
        return False
    if not own_origin:
        return True
    ours = (authorization or "").partition(" ")[0].lower() in OUR_SCHEMES
    return has_session and not ours and csrf_header != "1"


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
