"""Why: the schema of the first release, as frozen DDL beside this file, one for each database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op

revision: Final = "0001"
down_revision: Final = None
OFFERED: Final = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
OF_TRIGRAMS: Final = ("CREATE EXTENSION", "gin_trgm_ops")


def upgrade() -> None:
    """Creates every table; without the indexes of texts where PostgreSQL has no pg_trgm to offer."""
    conn = op.get_bind()
    text = Path(__file__).with_name(f"0001_first.{conn.dialect.name}.sql").read_text()
    trigrams = conn.dialect.name == "sqlite" or conn.exec_driver_sql(OFFERED).first() is not None
    for statement in statements(text, trigrams=trigrams):
        conn.exec_driver_sql(statement)


def statements(text: str, *, trigrams: bool) -> list[str]:
    """The statements of a file; `trigrams`: with those that need PostgreSQL's extension."""
    found = [each for each in text.split("\n;\n") if each.strip()]
    return [each for each in found if trigrams or not any(mark in each for mark in OF_TRIGRAMS)]
