"""Why: everything that is said over the live socket is one of these; `docs/live-protocol.md` is made from them.

One JSON object a message, told apart by its `type`. Strict: what cannot be read is answered with an error frame.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

TopicName = Annotated[str, Meta(max_length=40, description="The topic's name.", examples=["queue"])]
KeyText = Annotated[str, Meta(max_length=100, description="Which one of the topic.", examples=["1"])]
Position = Annotated[int, Meta(ge=0)]
Positions = Annotated[
    dict[int, Position],
    Meta(max_length=64, description="Stream → position in its log.", examples=[{"1": 881}]),
]


# --- from the client -----------------------------------------------------------------------------------------------


class Subscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="subscribe"):
    """Follow a topic. With `after` (the positions one has) nothing is sent again where nothing has changed since."""

    topic: TopicName
    key: KeyText
    after: Annotated[
        Positions | None, Meta(description="The positions of what one still has, or null.", examples=[{"1": 881}])
    ] = None


class Unsubscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="unsubscribe"):
    """Follow it no more. What was already on its way may still come."""

    topic: TopicName
    key: KeyText


class Ping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="ping"):
    """Are you there? A browser cannot send the protocol's own ping."""


Incoming = Subscribe | Unsubscribe | Ping


# --- from the server -----------------------------------------------------------------------------------------------


class Snapshot(msgspec.Struct, frozen=True, tag_field="type", tag="snapshot"):
    """The whole of a topic as it was at these positions. It replaces whatever one had."""

    topic: TopicName
    key: KeyText
    positions: Positions
    data: Annotated[Any, Meta(description="The topic's projection.", examples=[{"tours": {}, "offers": {}}])]


class Changes(msgspec.Struct, frozen=True):
    """What is different: first every `set`, then every `gone`. Applying it twice does no harm: values are whole."""

    set: Annotated[
        dict[str, Any],
        Meta(description="Path → value. A path is names joined by `/`.", examples=[{"offers/0199…/version": 4}]),
    ] = {}
    gone: Annotated[list[str], Meta(description="Paths of what is no longer there.", examples=[["offers/0199…"]])] = []

    def __bool__(self) -> bool:
        return bool(self.set or self.gone)


class Delta(msgspec.Struct, frozen=True, tag_field="type", tag="delta", rename={"from_": "from"}):
    """What changed between two positions of a stream. Whoever is behind `from` asks anew, without `after`."""

    topic: TopicName
    key: KeyText
    stream: Annotated[int, Meta(description="The stream that moved on.", examples=[1])]
    from_: Annotated[Position, Meta(description="Behind this position.", examples=[881])]
    to: Annotated[Position, Meta(description="Up to and with this one.", examples=[885])]
    data: Annotated[Changes, Meta(description="What is different now.")]


class Pong(msgspec.Struct, frozen=True, tag_field="type", tag="pong"):
    """The answer to a ping: what one has is the truth up to these positions; one may remember them as one's own."""

    positions: Positions


class Error(msgspec.Struct, frozen=True, tag_field="type", tag="error", omit_defaults=True):
    """A message was not done. The socket stays open; `topic` and `key` name the subscription that does not stand."""

    code: Annotated[str, Meta(description="A code of the outcome catalogue.", examples=["not_allowed"])]
    topic: Annotated[str | None, Meta(description="Only where one topic is meant.", examples=["order"])] = None
    key: Annotated[str | None, Meta(description="Only where one topic is meant.", examples=["10481"])] = None


Outgoing = Snapshot | Delta | Pong | Error

FROM_CLIENT: Final = (Subscribe, Unsubscribe, Ping)
FROM_SERVER: Final = (Snapshot, Delta, Pong, Error)

_read: Final = msgspec.json.Decoder(Incoming)
_encoder: Final = msgspec.json.Encoder()


def read(text: str | bytes) -> Incoming:
    """A client's message; raises msgspec.DecodeError (also ValidationError) for what is none."""
    message: Incoming = _read.decode(text)
    return message


def written(frame: Outgoing) -> str:
    """A frame as the text that goes over the wire."""
    return _encoder.encode(frame).decode()
