"""Why: a body that is proved is understood by its channel's kind and its topic, or every fault of it has a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from server.core.refusal import Fault
from server.integrations.rules import mapped, shopify, woocommerce
from server.integrations.rules.channels import Settings, Way
from server.integrations.rules.mapped import Mapped
from server.integrations.rules.sold import NotOurs, Read, Wrong
from server.web.body import fault_of

Understand = Callable[[bytes, Way], Read]
FIRST: Final[Mapping[str, str]] = {"shopify": "orders/create", "woocommerce": "order.created", "json": "order"}
"""The topic that brings a new order, by kind."""


def read(kind: str, topic: str, body: bytes, way: Way) -> Read:
    """What a body of this topic says."""
    understand = _understand(kind, topic, way.settings)
    if understand is None:
        return NotOurs("topic_unwanted")
    try:
        return understand(body, way)
    except msgspec.ValidationError as error:
        return Wrong((fault_of(str(error), body),))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Wrong((Fault("", "The body is no JSON that can be read.", "JSON", "{count} bytes",
                            {"count": len(body)}),))  # fmt: skip


def _understand(kind: str, topic: str, settings: Settings) -> Understand | None:
    if kind == "json":
        return _mapped(msgspec.json.encode(settings)).read
    topics = {"shopify": shopify.TOPICS, "woocommerce": woocommerce.TOPICS}.get(kind, {})
    return topics.get(topic)


@lru_cache(maxsize=64)
def _mapped(settings: bytes) -> Mapped:
    return mapped.Mapped(msgspec.json.decode(settings, type=Settings))
