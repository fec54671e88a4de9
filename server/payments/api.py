"""Why: a declined card is tried again by the desk, with the same means or another."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Router, post
from litestar.params import JSONBody, PathParameter

from server.auth.guards import ByActor, Db
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.unit import Command
from server.db.work import Work
from server.orders import intake
from server.orders.service import lookup
from server.payments import service
from server.payments.schemas import Retried, Retry


@post("/{number:int}/payment/retry", opt={"permission": "orders.release_hold"}, summary="Try a declined payment again",
      status_code=200)  # fmt: skip
async def retry(
    db: Db,
    actor: ByActor,
    number: Annotated[int, PathParameter(ge=1, le=2**53, description="The order's number.")],
    data: JSONBody[Retry],
) -> Retried:
    """Asks the gateway again for a declined payment; a good answer lets the order go on by itself."""
    if len(data.token) > 200 or intake.looks_like_a_card(data.token):
        fault = Fault("token", "This is no token.", "the gateway's token", "a card number or too long a text")
        raise Refusal("invalid", fault, count=1)

    def run(work: Work) -> Retried:
        return Retried(number, service.retry(work, lookup.id_of(work.conn, number), data.token))

    return (await db.write(Command(run, frozenset({CORE}), actor, "payments.retry"))).answer


router: Final = Router("/api/orders", route_handlers=[retry], tags=["Orders"])
