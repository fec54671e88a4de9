"""Why: the schema of the first release, as frozen DDL beside this file, one for each database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import op

revision: Final = "0001"
down_revision: Final = None


def upgrade() -> None:
    """Creates every table."""
    conn = op.get_bind()
    text = Path(__file__).with_name(f"0001_first.{conn.dialect.name}.sql").read_text()
    for statement in text.split("\n;\n"):
        if statement.strip():
            conn.exec_driver_sql(statement)
