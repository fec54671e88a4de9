"""Why: what a gateway says by itself comes late, twice, out of order, or from somebody else. It is never believed.

It only makes us ask: each intent that it speaks of is due at once, and what becomes of it is the answer to our own
question. So nothing that comes here can move money, and no order of coming can put it wrong.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from server.db.work import Work
from server.payments.lifecycle import NEWS
from server.payments.port import News
from server.payments.rules import SET_ASIDE, Intent
from server.payments.store import news as store
from server.payments.store import payments

KEPT: Final = timedelta(days=30)
"""So long it is known what was said: longer than any gateway repeats itself."""
WORTH_ASKING: Final = SET_ASIDE | {"refund"}
"""Of these a yes may be taken back."""


def heard(work: Work, gateway: str, news: News) -> str:
    """Keeps what a gateway said, once, and makes what it speaks of due; gives its state. Stream 0."""
    before = store.known(work.conn, gateway, news.id)
    if before is not None:
        return before
    ours = [each for each in _spoken_of(work, news) if _asks(work, gateway, each)] if news.known else []
    state = NEWS.initial if ours else "ignored"
    store.add(work.conn, {
        "id": work.new_id(), "gateway": gateway, "event": news.id, "kind": news.kind, "state": state, "at": work.now,
    })  # fmt: skip
    return state


def _spoken_of(work: Work, news: News) -> list[Intent]:
    """The intents that it names, and what is under way about the authorisations that it names."""
    named = {key for text in news.keys if (key := _uuid(text)) is not None}
    for reference in news.references:
        named |= set(payments.by_reference(work.conn, reference))
    found = [each for key in sorted(named) if (each := payments.intent(work.conn, key)) is not None]
    about = [
        other
        for each in found
        if each.kind in SET_ASIDE
        for key in payments.about(work.conn, each.payment, each.id)
        if (other := payments.intent(work.conn, key)) is not None and key not in named
    ]
    return [*found, *about]


def _asks(work: Work, gateway: str, intent: Intent) -> bool:
    """Makes an intent due that was asked of this gateway; whether it is one."""
    if payments.by_id(work.conn, intent.payment).gateway != gateway:
        return False
    if intent.state in ("asked", "pending") or (intent.state == "succeeded" and intent.kind in WORTH_ASKING):
        payments.set_due(work.conn, intent.id, work.now)
    return True


def drop_old(work: Work) -> int:
    """Forgets what was said long ago; how much it was."""
    return store.drop(work.conn, work.now - KEPT)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
