"""What is shipped: the wheel holds the built PWA, and a folder with only the runtime's lock serves it.

These are the make targets of the Dockerfile.
"""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `make site`."""
    folder = tmp_path_factory.mktemp("shipped") / "site"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "site", f"SITE={folder}"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.usefixtures("site")
def test_the_wheel_holds_code_data_and_the_built_pwa_and_no_tests() -> None:
    (wheel,) = (ROOT / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "server/web/dist/index.html" in names
    assert any(name.startswith("server/web/dist/assets/") for name in names)
    assert {"server/app.py", "printers/zpl.py", "seed/__init__.py", "printers/virtual/static/page.html"} <= set(names)
    assert {"server/db/migrations/versions/0001_first.sqlite.sql"} <= set(names)
    assert not any(name.startswith(("tests/", "pwa/")) for name in names)


def test_it_serves_the_pwa_and_is_healthy_without_the_checkout(site: Path, tmp_path: Path) -> None:
    pickwave = str(site / "bin" / "pickwave")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PICKWAVE_", "PYTHON", "VIRTUAL"))
    }
    environment = {**kept, "PICKWAVE_DATA_DIR": str(tmp_path / "data"), "PICKWAVE_PORT": "0"}
    with subprocess.Popen(
        [pickwave, "serve"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[-1]
            with urllib.request.urlopen(f"{address}/pick", timeout=10) as page:
                assert b"Pickwave" in page.read()
            asked = {**environment, "PICKWAVE_PORT": address.rpartition(":")[2]}
            assert subprocess.run([pickwave, "health"], env=asked, cwd=tmp_path, capture_output=True).returncode == 0
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)
    assert process.returncode == 0
    assert subprocess.run([pickwave, "health"], env=asked, cwd=tmp_path, capture_output=True).returncode == 1
