"""Why: two processes on one SQLite folder lose data, so the second is refused and told whom to stop."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from server.core.clock import SystemClock
from server.db.database import Database
from server.db.errors import StartError
from server.db.folder import LOCK_NAME, Folder
from server.db.migrations import migrate


def test_a_folder_has_one_owner_until_it_is_released(tmp_path: Path) -> None:
    first = Folder.claim(tmp_path / "new", "pickwave serve")
    with pytest.raises(StartError, match=rf"belongs to `pickwave serve` \(process {os.getpid()} on .+\)") as caught:
        Folder.claim(tmp_path / "new", "pickwave restore")
    assert caught.value.exit_code == 75
    first.release()
    first.release()
    with Folder.claim(tmp_path / "new", "pickwave restore"):
        assert "pickwave restore" in (tmp_path / "new" / LOCK_NAME).read_text()
    assert (tmp_path / "new" / LOCK_NAME).read_text() == ""


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="cannot be written") as caught:
        Folder.claim(tmp_path / "file" / "data", "pickwave serve")
    assert caught.value.exit_code == 77


async def test_a_running_server_in_another_process_keeps_everyone_else_out(sqlite_url: str) -> None:
    holding = "import sys; from server.db.folder import Folder; from pathlib import Path; "
    holding += "f = Folder.claim(Path(sys.argv[1]), 'pickwave serve'); print('mine', flush=True); sys.stdin.read()"
    folder = str(Path(sqlite_url.removeprefix("sqlite:///")).parent)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", holding, folder, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"mine\n"
    with pytest.raises(StartError, match=f"process {other.pid}"):
        await Database.open(sqlite_url, clock=SystemClock(), events={}, reactions={})
    with pytest.raises(StartError, match=f"process {other.pid}"):
        await migrate(sqlite_url)
    other.kill()
    await other.wait()
    database = await Database.open(sqlite_url, clock=SystemClock(), events={}, reactions={})
    await database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "not an address"])
async def test_an_address_that_cannot_be_used_is_one_sentence(url: str) -> None:
    with pytest.raises(StartError) as caught:
        await Database.open(url, clock=SystemClock(), events={}, reactions={})
    assert caught.value.exit_code == 78
