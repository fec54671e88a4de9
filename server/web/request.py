"""Why: Litestar decodes a JSON body leniently and late; ours is decoded once, strictly, to the type that is wanted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import ClientException, InternalServerException

from server.core.refusal import Fault, Refusal
from server.web.body import decode

JSON = "application/json"
_GONE = "client disconnected prematurely"
"""How the framework says it: no exception of its own tells it from our faults."""


class StrictRequest(Request[Any, Any, State]):
    """A request whose `json()` is already the handler's `data` type; raises Refusal, never a framework's error."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body in pieces. Who goes away in the middle of it made no error of ours, and hears no answer."""
        try:
            async for piece in super().stream():
                yield piece
        except InternalServerException as error:
            if error.detail != _GONE:
                raise
            raise ClientException("The client went away before its request was whole.") from error

    async def json(self) -> Any:
        """The body as the type of the handler's `data` parameter, or as plain values when it has none."""
        given = self.content_type[0].lower()
        if given != JSON and not given.endswith("+json"):
            shown = given or "nothing"
            fault = Fault("Content-Type", "Wanted {wanted}.", JSON, shown)
            raise Refusal("media_type_wrong", fault, wanted=JSON, got=shown)
        field = self.route_handler.parsed_data_field
        return decode(await self.body(), field.raw if field is not None else object)
