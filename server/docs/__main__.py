"""`python -m server.docs`: write the generated pages; with `--check`, only say which are stale."""

from __future__ import annotations

import sys

from server.docs import stale, write


def main(argv: list[str]) -> int:
    """Write or check; 1 when something is stale."""
    if "--check" in argv:
        old = list(stale())
        print(f"docs: stale, run `make docs`: {', '.join(old)}" if old else "docs: fresh")
        return 1 if old else 0
    for name in write():
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
