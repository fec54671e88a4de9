"""Why: whoever needs the whole schema at once (migrations, backups, tests) finds it here, and nobody else looks.

This is composition, like `app.py`: the one file of this room that knows the others, and it knows only their tables.
"""

from __future__ import annotations

import server.auth.models
import server.catalog.models
import server.customers.models
import server.fanout.models
import server.integrations.models
import server.inventory.models
import server.locations.models
import server.notify.models
import server.orders.models
import server.packing.models
import server.payments.models
import server.policies.models
import server.shipping.models
import server.spooler.models
import server.tasks.models
import server.waves.models  # noqa: F401
from server.db.base import metadata

__all__ = ["metadata"]
