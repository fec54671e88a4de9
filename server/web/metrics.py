"""Why: whoever runs the house sees its load before the floor feels it. Counted at the edge, so that a 404 counts too.

Labels are route templates, never paths: a client cannot grow them. Other rooms declare their own figures at module
level with prometheus_client; `/metrics` shows all of the process.
"""

from __future__ import annotations

from typing import Final

from litestar import Response, get
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

REQUESTS: Final = Counter("pickwave_http_requests_total", "Requests answered", ("method", "route", "status"))
SECONDS: Final = Histogram(
    "pickwave_http_request_seconds",
    "From the first byte of a request to the last of its answer",
    ("method", "route"),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OPEN: Final = Gauge("pickwave_http_requests_open", "Requests being answered")
SOCKETS: Final = Gauge("pickwave_websockets_open", "WebSockets being served")

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Note one answered request."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(known, route, str(status)).inc()
    SECONDS.labels(known, route).observe(seconds)


@get("/metrics", opt={"permission": "metrics.read"}, include_in_schema=False, sync_to_thread=False)
def metrics() -> Response[bytes]:
    """The figures of this process for Prometheus: numbers only, no names. A scraper brings an operator's key."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
