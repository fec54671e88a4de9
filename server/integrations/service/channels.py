"""Why: what a channel's words mean is set up by people, checked before anything comes, and kept in editions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.integrations.kinds import KINDS
from server.integrations.rules import channels as rules
from server.integrations.rules import mapped
from server.integrations.rules.channels import Answers, Back, House, Settings, Table, Way
from server.integrations.schemas.channels import ChannelList, EditionList, PutChannel
from server.integrations.schemas.imports import ChannelName
from server.integrations.service import backs
from server.integrations.store import channels as store
from server.integrations.store import endpoints
from server.orders.store import carriers

MOST: Final = 200
"""Channels of which one is chosen."""


def listed(conn: sa.Connection, behind: str, most: int) -> ChannelList:
    """A page of channels, and what their settings may name."""
    offered = house(conn).services
    names = {code: name for code, name in sorted(carriers.names(conn).items()) if code in offered}
    found = store.channels(conn, behind, most + 1)
    following = found[most - 1].code if len(found) > most else None
    found = [msgspec.structs.replace(each, back=endpoints.back_of(conn, each.code)) for each in found[:most]]
    return ChannelList(found, names, {name: field.what for name, field in mapped.FIELDS.items()}, following)


def named(conn: sa.Connection) -> list[ChannelName]:
    """The channels by code, as somebody chooses one of them."""
    return [ChannelName(each.code, each.name) for each in store.channels(conn, "", MOST)]


def house(conn: sa.Connection) -> House:
    """What orders of a channel may name."""
    return House({row[0] for row in carriers.services(conn) if row[4]}, carriers.time_zones(conn).keys())


def put(work: Work, code: str, body: PutChannel) -> None:
    """A channel, or how it is heard from now on; refuses `changed_since` where somebody else was faster. Stream 0."""
    check(work.conn, body.kind, body.settings)
    known = store.channel(work.conn, code)
    if (None if known is None else known.version) != body.version:
        raise Refusal("changed_since")
    secret = body.secret or (known.secret if known else "")
    if not secret and body.kind in rules.HEARD:
        raise _invalid(Fault("secret", "A channel proves by it what it sends.", "its secret", "nothing"))
    if known is not None and known.kind != body.kind:
        raise _invalid(Fault("kind", "A channel stays what it is: make another.", known.kind, body.kind))
    token = body.token if body.token is not None else (known.token if known else "")
    version = store.last_edition(work.conn, code) + 1
    facts = store.Facts(body.kind, body.name, secret, token, body.settings, version)
    if known is None:
        store.add_channel(work.conn, {"code": code, **facts._asdict(), "created_at": work.now})
    else:
        store.change_channel(work.conn, code, facts)
    _keep_edition(work, code, facts)
    backs.follow(work, code, body.kind, body.settings.back)


def _keep_edition(work: Work, code: str, facts: store.Facts) -> None:
    row = {"code": code, "version": facts.version, "kind": facts.kind, "settings": facts.settings}
    store.add_edition(work.conn, {**row, "by": work.actor.name, "at": work.now})


def check(conn: sa.Connection, kind: str, settings: Settings) -> None:
    """Refuses `invalid` with everything that the settings name and that is not here, and a mapping that cannot work."""
    here = house(conn)
    found = [*rules.faults(settings, here)]
    if kind == "json":
        found += mapped.faults(settings, here)
    if kind == "csv" and settings.back.url:
        found.append(Fault("back.url", "Files have no way back.", "nothing", settings.back.url[:60]))
    if kind == "csv":
        found += _columns(settings)
    if found:
        raise _invalid(*(msgspec.structs.replace(each, field=f"settings.{each.field}") for each in found))


def _columns(settings: Settings) -> Iterator[Fault]:
    names = {column.name for column in KINDS["orders"].columns}
    table = settings.table or Table()
    named = {f"table.columns[{header}]": column for header, column in table.columns.items()}
    for field, column in {**named, **{f"table.constants[{name}]": name for name in table.constants}}.items():
        if column not in names:
            yield Fault(field, "There is no such column.", ", ".join(sorted(names)), column[:60])


def _invalid(*faults: Fault) -> Refusal:
    return Refusal("invalid", *faults, count=len(faults))


def remove(work: Work, code: str) -> None:
    """A channel is heard no more; what it sent and how it was set up stays. Stream 0."""
    facts = facts_of(work.conn, code)
    backs.follow(work, code, facts.kind, Back())
    store.remove_channel(work.conn, code)


def facts_of(conn: sa.Connection, code: str, kind: str | None = None) -> store.Facts:
    """A channel (of this kind); refuses `channel_unknown`."""
    found = store.channel(conn, code)
    if found is None or kind not in (None, found.kind):
        raise Refusal("channel_unknown", channel=code[:60])
    return found


def editions(conn: sa.Connection, code: str, before: int, most: int) -> EditionList:
    """How a channel was set up, the newest first."""
    found = store.editions(conn, code, before, most + 1)
    return EditionList(found[:most], found[most - 1].version if len(found) > most else None)


def way(conn: sa.Connection, code: str, settings: Settings, answers: Answers | None = None) -> Way:
    """How a channel's orders are taken in."""
    return Way(code, settings, frozenset(house(conn).services), answers or Answers())


def remember(work: Work, code: str, answers: Answers) -> None:
    """What a person said that words of a channel mean holds for what comes later, too. Stream 0."""
    known = facts_of(work.conn, code)
    settings = rules.remembering(known.settings, answers)
    check(work.conn, known.kind, settings)
    facts = known._replace(settings=settings, version=store.last_edition(work.conn, code) + 1)
    store.change_channel(work.conn, code, facts)
    _keep_edition(work, code, facts)
