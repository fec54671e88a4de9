"""How generated pages are put together: tables of Markdown, constants of TypeScript."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

NOTE = "Written by `make docs`; change the table it comes from."


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


def markdown(title: str, *lines: str) -> str:
    """A page of Markdown."""
    return "\n".join([f"# {title}", "", f"<!-- {NOTE} -->", "", *lines, ""])


def constant(name: str, value: object, kind: str = "") -> str:
    """An exported TypeScript constant."""
    written = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return f"export const {name}{f': {kind}' if kind else ''} = {written}{'' if kind else ' as const'};"


def typescript(why: str, *parts: str) -> str:
    """A TypeScript module."""
    return "\n\n".join([f"// {why}\n// {NOTE}", *parts]) + "\n"
