"""Why: a shift releases the same waves each day; a filter gets a name and the time of day that it means.

Today's cut-off is a moment that the warehouse's clock decides: a template of 16:00 means another one tomorrow, and
another one where the clocks go forward.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from server.core.editions import unchanged
from server.core.refusal import Fault, Refusal
from server.db.binds import WAREHOUSE, id_
from server.db.work import Work
from server.locations import service as locations
from server.waves.models import wave_template as kept
from server.waves.schemas import NewTemplate, Template, TemplateList, WaveFilter

MOST: Final = 100
"""Templates of a warehouse: more than that nobody finds again."""

_COLUMNS: Final = (kept.c.id, kept.c.name, kept.c.cutoff, kept.c.services, kept.c.carrier, kept.c.zone, kept.c.most)
_ALL: Final = sa.select(*_COLUMNS).where(kept.c.warehouse_id == WAREHOUSE).order_by(kept.c.name)
_ADD: Final = sa.insert(kept)
_CHANGE: Final = (
    sa.update(kept)
    .where(kept.c.warehouse_id == WAREHOUSE, kept.c.id == id_("of"))
    .values({each.name: sa.bindparam(f"new_{each.name}", type_=each.type) for each in _COLUMNS[1:]})
)
_REMOVE: Final = sa.delete(kept).where(kept.c.warehouse_id == WAREHOUSE, kept.c.id == id_("of"))


def today(template: Template, zone: ZoneInfo, now: datetime) -> WaveFilter:
    """What a template asks for now. Its cut-off counts to the end of its minute."""
    before = None
    if template.cutoff is not None:
        hour, minute = map(int, template.cutoff.split(":"))
        here = now.astimezone(zone).date()
        before = (datetime.combine(here, time(hour, minute), zone) + timedelta(minutes=1)).astimezone(now.tzinfo)
    return WaveFilter(
        cutoff_before=before,
        services=template.services,
        carrier=template.carrier,
        zone=template.zone,
        limit=template.most,
    )


def templates(conn: sa.Connection, warehouse: int, now: datetime) -> TemplateList:
    """The templates of a warehouse with what each asks for now."""
    zone = ZoneInfo(locations.warehouse_of(conn, warehouse).time_zone)
    return TemplateList(
        [msgspec.structs.replace(each, filter=today(each, zone, now)) for each in _every(conn, warehouse)]
    )


def add(work: Work, warehouse: int, new: NewTemplate) -> Template:
    """Keeps a template; refuses `name_taken`, and `invalid` beyond a hundred."""
    known = _every(work.conn, warehouse)
    if len(known) >= MOST:
        fault = Fault("name", "Delete one first.", "at most {most}", str(len(known) + 1), {"most": MOST})
        raise Refusal("invalid", fault, count=1)
    _free(known, new.name, None)
    template_id = work.new_id()
    work.execute(_ADD, {"id": template_id, "warehouse_id": warehouse, **_said(new)})
    return _shown(work, warehouse, template_id)


def change(work: Work, warehouse: int, template_id: UUID, new: NewTemplate) -> Template:
    """Says another thing of a template; refuses `name_taken`, `template_unknown`, `changed_meanwhile`."""
    known = _every(work.conn, warehouse)
    unchanged(new.edition, _of(known, template_id))
    _free(known, new.name, template_id)
    work.execute(
        _CHANGE,
        {"warehouse": warehouse, "of": template_id, **{f"new_{name}": value for name, value in _said(new).items()}},
    )
    return _shown(work, warehouse, template_id)


def remove(work: Work, warehouse: int, template_id: UUID) -> None:
    """Forgets a template; waves that it released stay. Refuses `template_unknown`."""
    _of(_every(work.conn, warehouse), template_id)
    work.execute(_REMOVE, {"warehouse": warehouse, "of": template_id})


def _shown(work: Work, warehouse: int, template_id: UUID) -> Template:
    """As it is in this very unit: a moment later somebody else may have forgotten it."""
    return _of(templates(work.conn, warehouse, work.now).items, template_id)


def _every(conn: sa.Connection, warehouse: int) -> list[Template]:
    return [Template(**row._mapping) for row in conn.execute(_ALL, {"warehouse": warehouse})]


def _of(known: list[Template], template_id: UUID) -> Template:
    found = next((each for each in known if each.id == template_id), None)
    if found is None:
        raise Refusal("template_unknown")
    return found


def _free(known: list[Template], name: str, but: UUID | None) -> None:
    if any(each.name == name and each.id != but for each in known):
        raise Refusal("name_taken", field="name", got=name)


def _said(new: NewTemplate) -> dict[str, object]:
    said = msgspec.structs.asdict(new)
    del said["edition"]
    return said
