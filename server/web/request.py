"""Why: Litestar decodes a JSON body leniently and late; ours is decoded once, strictly, to the type that is wanted."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import State

from server.core.refusal import Fault, Refusal
from server.web.body import decode

JSON = "application/json"


class StrictRequest(Request[Any, Any, State]):
    """A request whose `json()` is already the handler's `data` type; raises Refusal, never a framework's error."""

    async def json(self) -> Any:
        """The body as the type of the handler's `data` parameter, or as plain values when it has none."""
        given = self.content_type[0].lower()
        if given != JSON and not given.endswith("+json"):
            shown = given or "nothing"
            fault = Fault("Content-Type", f"Wanted {JSON}.", JSON, shown)
            raise Refusal("media_type_wrong", fault, wanted=JSON, got=shown)
        field = self.route_handler.parsed_data_field
        return decode(await self.body(), field.raw if field is not None else object)
