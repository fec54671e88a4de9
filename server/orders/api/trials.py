"""Why: rules are tried on the last orders before they go live."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from litestar import Router, post
from litestar.params import FromPath, JSONBody

from server.auth.guards import Db
from server.orders.schemas.trials import NewTrial, Trial
from server.orders.service import trials
from server.policies import service as policies
from server.policies.schemas import KindName


@post("/{kind:str}/trial", opt={"permission": "policies.edit"}, summary="Try rules on the last orders", status_code=200)
async def trial(db: Db, kind: FromPath[KindName], data: JSONBody[NewTrial]) -> Trial:
    """What these rules would have done to the last orders, beside what is live. Changes nothing."""
    tried = await asyncio.to_thread(policies.tried, kind, data.rules)
    gathered = await db.snapshot(partial(trials.gather, tried=tried, most=data.orders))
    return await asyncio.to_thread(trials.judge, tried, gathered)


router: Final = Router("/api/policies", route_handlers=[trial], tags=["Rules"])
