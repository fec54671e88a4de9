"""What is installed and not used is not loaded."""

from __future__ import annotations

import subprocess
import sys


def test_the_application_is_put_together_without_what_nobody_uses() -> None:
    code = (
        "import sys\n"
        "from server.app import create_app\n"
        "from server.settings import Settings\n"
        "create_app(Settings())\n"
        "sys.exit([name for name in ('pydantic', 'cel', 'typer') if name in sys.modules] or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
