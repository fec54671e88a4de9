"""Why: until the first release the first revision follows the models; this writes it down as frozen DDL.

    python -m server.db.migrations.freeze

After the first release it is never run again: what was shipped stays as it is, and changes are new revisions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from server.db import fulltext
from server.db.tables import metadata

FOLDER: Final = Path(__file__).parent / "versions"
DIALECTS: Final[dict[str, type[Dialect]]] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


def frozen(tables: sa.MetaData, dialect: Dialect) -> str:
    """The DDL of all tables, parents first, each followed by its indexes in the order of their names."""
    statements: list[object] = [*fulltext.statements_before(dialect.name)]
    for table in tables.sorted_tables:
        statements.append(CreateTable(table).compile(dialect=dialect))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        here = [index for index in indexes if index.info.get("only", dialect.name) == dialect.name]
        statements.extend(CreateIndex(index).compile(dialect=dialect) for index in here)
        statements.extend(fulltext.statements_beside(table, dialect.name))
    lines = (line.rstrip() for statement in statements for line in [*str(statement).strip().splitlines(), ";"])
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes the files."""
    for name, dialect in DIALECTS.items():
        (FOLDER / f"0001_first.{name}.sql").write_text(frozen(metadata, dialect()))


if __name__ == "__main__":
    main()
