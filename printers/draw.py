"""Why: to see a label without a printer. Draws with the npm package zpl-renderer-js through Node, where both
are found.

Found means: Node on the path (or in PICKWAVE_NODE), and the renderer's `dist/index.cjs.js` in
PICKWAVE_ZPL_RENDERER or in `pwa/node_modules`. Nothing is downloaded, and nothing else in this library needs
it.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from printers.errors import CannotDraw

_IN_PROJECT: Final = Path("pwa/node_modules/zpl-renderer-js/dist/index.cjs.js")
_MAX_SECONDS: Final = 60.0

_SCRIPT: Final = """
const [, renderer, width, height, dots] = process.argv;
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", async () => {
  try {
    const { api } = await require(renderer).ready;
    const zpl = Buffer.concat(chunks).toString("utf8");
    const image = await api.zplToBase64Async(zpl, Number(width), Number(height), Number(dots));
    process.stdout.write(image, () => process.exit(0));
  } catch (error) {
    process.stderr.write(String(error), () => process.exit(1));
  }
});
"""


def find_renderer() -> Path | None:
    """The renderer's file, or None."""
    named = os.environ.get("PICKWAVE_ZPL_RENDERER")
    places = [Path(named)] if named else [Path(__file__).parent.parent / _IN_PROJECT, Path.cwd() / _IN_PROJECT]
    return next((place.resolve() for place in places if place.is_file()), None)


def find_node() -> str | None:
    """Node's command, or None."""
    return os.environ.get("PICKWAVE_NODE") or shutil.which("node")


def draw(zpl: bytes, width_mm: float, height_mm: float, dots_per_mm: int = 8) -> bytes:
    """The first label of `zpl` as PNG. Sizes in mm; `dots_per_mm` is 6, 8, 12 or 24 (12 for a 300 dpi head).

    Raises CannotDraw with a sentence that says what is missing, or what the renderer said.
    """
    node, renderer = find_node(), find_renderer()
    if node is None:
        raise CannotDraw("Labels are drawn by Node, and no Node was found. Install it or set PICKWAVE_NODE.")
    if renderer is None:
        raise CannotDraw(
            "Labels are drawn by the npm package zpl-renderer-js, which was not found. "
            "Run the PWA's npm install, or set PICKWAVE_ZPL_RENDERER to its dist/index.cjs.js."
        )
    command = [node, "-e", _SCRIPT, str(renderer), str(width_mm), str(height_mm), str(dots_per_mm)]
    try:
        done = subprocess.run(command, input=zpl, capture_output=True, timeout=_MAX_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotDraw(f"Node could not draw the label: {error}") from error
    if done.returncode:
        raise CannotDraw(f"The renderer refused the label: {done.stderr.decode('utf-8', 'replace')[-500:]}")
    return base64.b64decode(done.stdout)
