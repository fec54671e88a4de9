"""Why: the page of the docs that shows who may do what is made from the table that decides it."""

from __future__ import annotations

from typing import Final

from server.auth.permissions import DEVICE_ALONE, LOCKED_OUT, PERMISSIONS, ROLES

EVERYWHERE: Final = "¹"
"""What marks a permission that nobody has who works in one warehouse."""


def permissions_page() -> str:
    """`docs/generated/permissions.md`: the roles, then every permission with a mark under each role that has it."""
    roles = [f"| `{name}` | {sentence} |" for name, sentence in ROLES.items()]
    head = f"| permission | what it allows | {' | '.join(ROLES)} |"
    rows = [
        f"| `{row.name}`{EVERYWHERE if row.everywhere else ''} | {row.sentence} |"
        f" {' | '.join('●' if role in row.roles else '' for role in ROLES)} |"
        for row in PERMISSIONS.values()
    ]
    alone = ", ".join(f"`{row}`" for row in PERMISSIONS if row in DEVICE_ALONE)
    locked_out = ", ".join(f"`{row}`" for row in PERMISSIONS if row in LOCKED_OUT)
    return "\n".join((
        "# Roles and permissions",
        "",
        "Every route and every live topic names one permission. People and API keys have roles.",
        "",
        "| role | what it is for |",
        "|---|---|",
        *roles,
        "",
        head,
        f"|---|---|{'---|' * len(ROLES)}",
        *rows,
        "",
        f"{EVERYWHERE} Only for who works in every warehouse: it changes what is the same in all of them."
        " A session on a device is in the device's warehouse.",
        "",
        f"An enrolled device on which nobody is signed in may only: {alone}.",
        f"One that was locked out may only: {locked_out}; what it brings in is set aside.",
        "",
    ))  # fmt: skip
