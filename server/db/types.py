"""Why: the same Python values on both databases: ids, moments and JSON never depend on the driver's taste."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from server.core.ids import id_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Id(sa.types.TypeDecorator[UUID]):
    """A UUIDv7: 16 bytes on SQLite, `uuid` on PostgreSQL. Takes and gives `uuid.UUID` only."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(16)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(sa.LargeBinary(16))

    def bind_processor(self, dialect: Dialect) -> Callable[[UUID | None], Any]:
        return _id_as_is if dialect.name == "postgresql" else _id_to_bytes

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None]:
        return _id_from_driver if dialect.name == "postgresql" else _id_from_bytes


class Utc(sa.types.TypeDecorator[datetime]):
    """A moment, aware, in UTC, to the microsecond: BIGINT on SQLite, `timestamptz` on PostgreSQL."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _moment_as_is if dialect.name == "postgresql" else _moment_to_number

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _moment_from_driver if dialect.name == "postgresql" else _moment_from_number


class Json(sa.types.TypeDecorator[Any]):
    """A value kept as JSON text. `Json(Shape)` reads it back as that type, without it as dicts and lists."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, shape: Any = Any) -> None:
        super().__init__()
        self.shape = shape
        self._decode = msgspec.json.Decoder(shape).decode

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _json_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        decode = self._decode

        def read(text: str | None) -> Any:
            return None if text is None else decode(text)

        return read

    def __repr__(self) -> str:
        return "Json()"


class HasStates(Protocol):
    """Anything that knows its states, above all a lifecycle."""

    @property
    def states(self) -> Any: ...


def lifecycle_check(lifecycle: HasStates, column: str = "state") -> sa.CheckConstraint:
    """The named CHECK that keeps `column` inside the states of a lifecycle."""
    listed = ", ".join(f"'{state}'" for state in lifecycle.states)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def state_column(lifecycle: HasStates, name: str = "state", **options: Any) -> sa.Column[str]:
    """A NOT NULL text column that holds a state of a lifecycle, with its named CHECK."""
    return sa.Column(name, sa.String(32), lifecycle_check(lifecycle, name), nullable=False, **options)


def _id_as_is(value: UUID | None) -> UUID | None:
    if value is not None and not isinstance(value, UUID):
        raise TypeError(f"an id column wants a UUID, got {value!r}")
    return value


def _id_to_bytes(value: UUID | None) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, UUID):
        raise TypeError(f"an id column wants a UUID, got {value!r}")
    return value.bytes


def _id_from_driver(value: Any) -> UUID | None:
    return None if value is None else id_of(value.int)


def _id_from_bytes(value: bytes | None) -> UUID | None:
    return None if value is None else id_of(int.from_bytes(value))


def _aware(value: datetime) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(f"a moment column wants an aware datetime, got {value!r}")
    return value


def _moment_as_is(value: datetime | None) -> datetime | None:
    """In UTC; what lies outside the years that can be written is the first or the last moment of them."""
    if value is None:
        return None
    try:
        return _aware(value).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if value.year == 1 else datetime.max.replace(tzinfo=UTC)


def _moment_to_number(value: datetime | None) -> int | None:
    return None if value is None else (_aware(value) - _EPOCH) // _MICROSECOND


def _moment_from_driver(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _moment_from_number(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + value * _MICROSECOND


def _json_text(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
