"""Why: what asks the server from its own machine (a health check, the demo's people) trusts its authority as a
handheld does. Nobody is told to look away.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from server.lan.keeper import files
from server.settings import Settings


def own_url(settings: Settings) -> str:
    """Where this machine's server answers on this machine."""
    return f"{'https' if settings.lan else 'http'}://127.0.0.1:{settings.port}"


def trust(data_dir: Path) -> ssl.SSLContext:
    """The ordinary trust, and besides it the house's own authority where there is one."""
    context = ssl.create_default_context()
    authority, _ = files(data_dir)
    if authority.exists():
        context.load_verify_locations(cadata=_certificate(authority.read_text()))
    return context


def _certificate(pem: str) -> str:
    return pem[pem.index("-----BEGIN CERTIFICATE") :]
