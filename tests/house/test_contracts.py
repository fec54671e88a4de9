"""The house's own rules, held by a machine: who may import whom, who may call what, and what may be tracked."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports
from litestar import Litestar
from litestar.handlers import BaseRouteHandler

from server.app import create_app
from server.docs import PAGES, stale, write
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r'"resolved": *"http|--(extra-)?index-url|registry *= *"?http')
LARGEST = 1_000_000


def tracked(*patterns: str) -> list[Path]:
    """The tracked files that are there, by these patterns."""
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def handlers(app: Litestar) -> Iterator[tuple[str, BaseRouteHandler]]:
    """Every handler with its path; the framework's own OPTIONS answers say only which methods there are."""
    for route in app.routes:
        found = route.route_handlers if hasattr(route, "route_handlers") else [route.route_handler]
        for handler in found:
            if getattr(handler, "http_methods", None) != {"OPTIONS"}:
                yield route.path, handler


def test_every_import_goes_down(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = lint_imports(no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_every_route_names_the_permission_it_needs(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    without = [path for path, handler in handlers(app) if not handler.opt.get("permission")]
    assert without == []
    assert any(path == "/api/health/live" for path, _ in handlers(app))


def test_the_generated_pages_are_fresh() -> None:
    assert list(stale()) == []


def test_writing_the_pages_mends_what_is_stale_and_removes_what_nobody_writes(tmp_path: Path) -> None:
    assert set(write(tmp_path)) == set(PAGES)
    (tmp_path / "docs/generated/settings.md").write_text("old")
    (tmp_path / "docs/generated/gone.md").write_text("nobody's")
    assert set(write(tmp_path)) == {"docs/generated/settings.md", "docs/generated/gone.md"}
    assert list(stale(tmp_path)) == []


def test_no_tracked_file_names_a_registry() -> None:
    files = (file for file in tracked() if file != Path(__file__) and file.stat().st_size < LARGEST)
    assert [file.name for file in files if ADDRESS.search(file.read_text("utf-8", "ignore"))] == []


def test_no_tracked_file_is_over_a_megabyte() -> None:
    assert [file.name for file in tracked() if file.stat().st_size > LARGEST] == []


def test_the_readme_names_both_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in text
    assert "make test" in text


def test_every_module_says_why_it_exists() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in tracked("*.py")
        if file.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert silent == []


def test_every_make_target_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    shown = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    wanted = {"setup", "run", "test", "lint", "types", "contracts", "docs", "bench", "soak", "lock", "chromium"}
    assert wanted | {"image", "clean"} <= shown
