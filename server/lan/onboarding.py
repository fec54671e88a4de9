"""Why: before a device trusts the server it can be spoken to by plain HTTP only, so one page is, and nothing else.

It hands out the authority's certificate and says what to do with it, needs no script, sets no cookie and knows no
API. Whatever else is asked here is sent to the page; whatever somebody wants to do here is refused, since anybody on
the network could read along.
"""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from html import escape
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Receive, Scope, Send

from server.core.words import Language
from server.lan.keeper import Lan
from server.lan.words import DEVICES, Device, device_of, said
from server.web.origin import host_known
from server.web.problems import language

HEADERS: Final = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
     b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)  # fmt: skip
CERTIFICATE: Final = "application/x-x509-ca-cert"
PROFILE: Final = "application/x-apple-aspen-config"
HTML: Final = "text/html; charset=utf-8"
PLAIN: Final = "text/plain; charset=utf-8"

Answer = tuple[int, str, bytes]


class Onboarding:
    """ASGI: the page, the certificate in its forms, and the way to both."""

    def __init__(self, lan: Lan, port: int) -> None:
        self.lan = lan
        self.port = port
        """The port on which the server itself listens, with TLS."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await send({"type": "websocket.close", "code": 4403, "reason": "plain"})
            return
        status, kind, body = self._answer(scope)
        headers = [*HEADERS, (b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        if status == 303:
            headers.append((b"location", b"/"))
        if name := FILES.get(scope["path"]):
            headers.append((b"content-disposition", f'attachment; filename="{name}"'.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        sent = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": sent, "more_body": False})

    def _answer(self, scope: HTTPScope) -> Answer:
        host = _header(scope, b"host")
        if not host_known(host, self.lan.hosts):
            return 421, PLAIN, b"Wanted a name or an address of this server.\n"
        if scope["method"] not in ("GET", "HEAD"):
            return 405, PLAIN, f"Nothing is done without TLS: go to {self._secure(host)}\n".encode()
        path = scope["path"]
        if path == "/":
            return 200, HTML, self._page(host, language(scope), _header(scope, b"user-agent")).encode()
        if path == "/page.css":
            return 200, "text/css; charset=utf-8", STYLE.encode()
        if path in FILES:
            return 200, PROFILE if path.endswith(".mobileconfig") else CERTIFICATE, self._file(path)
        return 303, PLAIN, b"/\n"

    def _file(self, path: str) -> bytes:
        authority = self.lan.authority
        if path.endswith(".mobileconfig"):
            return profile(authority.der, authority.fingerprint)
        return authority.pem if path.endswith(".pem") else authority.der

    def _secure(self, host: str) -> str:
        return f"https://{_without_port(host)}:{self.port}/"

    def _page(self, host: str, tongue: Language, agent: str) -> str:
        standing, until = self.lan.standing, self.lan.authority.span.until
        trouble = f'<p class="bad" role="alert">{said(standing, tongue)}</p>' if standing in ("ended", "clock") else ""
        link = escape(self._secure(host), quote=True)
        links = " ".join(f'<a href="{path}">{path.rpartition(".")[2]}</a>' for path in FILES)
        return PAGE.format(
            language=tongue, trouble=trouble, link=link, shown=link, links=links,
            devices="".join(_devices(tongue, device_of(agent))),
            fingerprint="<wbr>".join(escape(self.lan.authority.fingerprint[at : at + 12]) for at in range(0, 95, 12)),
            until=said("ends", tongue, date=f"{until:%Y-%m-%d}"),
            **{key: escape(said(key, tongue)) for key in PHRASES},
        )  # fmt: skip


def profile(certificate: bytes, fingerprint: str) -> bytes:
    """An Apple configuration profile that brings this certificate; the same certificate is the same profile."""
    whole, part = (str(uuid5(NAMESPACE_URL, f"pickwave:{what}:{fingerprint}")).upper() for what in ("profile", "root"))
    content = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"pickwave.lan.{part}",
        "PayloadUUID": part,
        "PayloadDisplayName": "Pickwave",
        "PayloadCertificateFileName": "pickwave-ca.cer",
        "PayloadContent": certificate,
    }
    return plistlib.dumps({
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"pickwave.lan.{whole}",
        "PayloadUUID": whole,
        "PayloadDisplayName": "Pickwave",
        "PayloadContent": [content],
    })  # fmt: skip


def _devices(tongue: Language, mine: Device | None) -> Iterator[str]:
    """Steps for each device, the reader's own open and first."""
    for device in sorted(DEVICES, key=lambda each: each != mine):
        name, _, file, steps = DEVICES[device]
        link = f'<a class="get" href="{file}">{file[1:]}</a>'
        rows = "".join(f"<li>{escape(str(getattr(step, tongue))).format(ca=link)}</li>" for step in steps)
        shut = " open" if device == mine else ""
        yield f"<details{shut}><summary>{escape(str(getattr(name, tongue)))}</summary><ol>{rows}</ol></details>"


def _header(scope: HTTPScope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


def _without_port(host: str) -> str:
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


FILES: Final = {
    "/pickwave-ca.crt": "pickwave-ca.crt",
    "/pickwave-ca.pem": "pickwave-ca.pem",
    "/pickwave-ca.der": "pickwave-ca.der",
    "/pickwave.mobileconfig": "pickwave.mobileconfig",
}
"""What is handed out, and under what name it is kept."""
PHRASES: Final = ("title", "why", "one", "two", "compare", "three", "open", "warned", "files")
PAGE: Final = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title} · Pickwave</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/page.css"></head>
<body><main><h1>{title}</h1><p>{why}</p>{trouble}
<h2>{one}</h2>{devices}
<h2>{two}</h2><p>{compare}</p><p class="print">{fingerprint}</p><p class="soft">{until}</p>
<h2>{three}</h2><p><a class="go" href="{link}">{open}</a></p><p class="mono">{shown}</p><p>{warned}</p>
<h2>{files}</h2><p class="files">{links}</p>
</main></body></html>
"""
STYLE: Final = """
:root { color-scheme: light dark; --bg: #f4f6f8; --card: #fff; --ink: #0e1620; --soft: #4b5a6a; --line: #ccd4dd;
  --accent: #1f62d9; --on: #fff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --bg: #0b1017; --card: #151d27; --ink: #f2f6fa; --soft: #a9b7c6;
  --line: #2b3847; --accent: #7db0ff; --on: #06101f; --bad: #ff9c92; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); } .soft { color: var(--soft); }
details { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; margin: .5rem 0; }
summary { padding: .9rem 1rem; min-height: 3rem; font-weight: 600; cursor: pointer; }
ol { margin: 0; padding: 0 1rem 1rem 2.25rem; } li { margin: .5rem 0; }
.get, .files a { display: inline-block; padding: .6rem .2rem; overflow-wrap: anywhere; }
.files a { margin-right: 1rem; }
.go { display: block; padding: 1.1rem; border-radius: .75rem; background: var(--accent); color: var(--on);
  text-align: center; font-weight: 700; font-size: 1.15rem; text-decoration: none; }
.print, .mono { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.print { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .75rem 1rem;
  user-select: all; }
.bad { color: var(--bad); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""
