"""Why: who may do what, from which device, is stored once, in the core stream."""

from __future__ import annotations

import sqlalchemy as sa

from server.auth.lifecycle import DEVICE
from server.db.base import table
from server.db.types import Id, Json, Utc, state_column

person = table(
    "person",
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("badge", sa.Text, nullable=False, unique=True),
    sa.Column("roles", Json(tuple[str, ...]), nullable=False),  # names of roles, see auth/permissions
    sa.Column("language", sa.Text, nullable=False, server_default="en"),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=True),  # where they work; None: everywhere
    sa.Column("pin_hash", sa.Text, nullable=True),
    sa.Column("pin_once", sa.Boolean, nullable=False, server_default=sa.false()),  # must be changed at sign-in
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("created_at", Utc, nullable=False),
    stream="core",
)

device = table(
    "device",
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False, server_default="handheld"),  # handheld | station | desk
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("station_id", Id, nullable=True),
    state_column(DEVICE),
    sa.Column("enrolment_hash", sa.LargeBinary, nullable=True),
    sa.Column("enrolment_until", Utc, nullable=True),
    sa.Column("secret_hash", sa.LargeBinary, nullable=True, unique=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("enrolled_at", Utc, nullable=True),
    sa.Column("seen_at", Utc, nullable=True),  # when it last said how it is
    sa.Column("battery_percent", sa.Integer, nullable=True),
    sa.Column("charging", sa.Boolean, nullable=True),
    stream="core",
)

session = table(
    "session",
    sa.Column("id", Id, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("person_id", Id, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), nullable=True, index=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("seen_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False, index=True),
    sa.Column("ended_at", Utc, nullable=True),
    stream="core",
)

api_key = table(
    "api_key",
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("prefix", sa.Text, nullable=False),  # the first characters, shown in lists
    sa.Column("key_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("roles", Json(tuple[str, ...]), nullable=False),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("revoked_at", Utc, nullable=True),
    stream="core",
)

throttle = table(
    "throttle",
    sa.Column("scope", sa.Text, primary_key=True),  # person:…, device:…, address:…
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("until", Utc, nullable=True),
    sa.Column("last_at", Utc, nullable=False),
    stream="core",
)

secret = table(
    "secret",
    sa.Column("name", sa.Text, primary_key=True),  # e.g. ticket: the key that signs upload tickets
    sa.Column("value", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    stream="core",
)
