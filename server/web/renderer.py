"""Why: a virtual printer's page draws labels with the web app's own renderer; where that lies is said once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

RENDERER: Final = (
    Path(__file__).resolve().parents[2] / "pwa" / "node_modules" / "zpl-renderer-js" / "dist" / "index.umd.js"
)
"""A checkout whose PWA was set up has it; elsewhere the page shows the ZPL and says so."""
