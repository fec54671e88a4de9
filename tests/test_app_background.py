"""What runs beside the requests: kept alive, seen, ended in time."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
import structlog

from server import background
from server.background import Background, Site, running
from server.core.clock import SystemClock
from server.db.database import Database
from server.settings import Settings

NO_DATABASE = cast(Database, None)


@pytest.fixture
def site() -> Site:
    """A house without a database: these tasks need none."""
    return Site(Settings(), SystemClock(), NO_DATABASE)


async def test_a_task_runs_while_the_house_is_open_and_ends_with_it(site: Site) -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def work(_site: Site) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with running([Background("work", work)], site) as seen:
        await started.wait()
        assert seen.sound
        assert seen.states == {"work": "running"}
    assert ended.is_set()


async def test_a_task_that_fails_is_seen_and_started_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.0)
    tries: list[str] = []
    again = asyncio.Event()

    async def work(_site: Site) -> None:
        tries.append("try")
        if len(tries) == 1:
            raise RuntimeError("once")
        again.set()
        await asyncio.Event().wait()

    async with running([Background("work", work)], site):
        await again.wait()
    assert len(tries) == 2


async def test_a_task_that_ran_soundly_for_a_while_is_started_again_without_a_long_wait(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.001)
    now, lasts, done = [0.0], [1.0, 1.0, 1.0, background.SOUND_AFTER, 1.0], asyncio.Event()

    async def work(_site: Site) -> None:
        if not lasts:
            done.set()
            return
        now[0] += lasts.pop(0)
        raise RuntimeError("again")

    with structlog.testing.capture_logs() as lines:
        async with running([Background("work", work)], site, timer=lambda: now[0]):
            await done.wait()
    pauses = [line["again_in"] for line in lines if line["event"] == "background_failed"]
    assert pauses == [0.001, 0.002, 0.004, 0.001, 0.002]


async def test_a_failing_task_makes_the_house_unsound_until_it_runs_again(site: Site) -> None:
    failed = asyncio.Event()

    async def work(_site: Site) -> None:
        asyncio.get_running_loop().call_soon(failed.set)
        raise RuntimeError("always")

    async with running([Background("work", work)], site) as seen:
        await failed.wait()
        assert not seen.sound
        assert seen.states == {"work": "failed: RuntimeError"}


async def test_a_task_that_is_done_is_left_alone(site: Site) -> None:
    done = asyncio.Event()

    async def work(_site: Site) -> None:
        asyncio.get_running_loop().call_soon(done.set)

    async with running([Background("once", work)], site) as seen:
        await done.wait()
        assert seen.states == {"once": "ended"}
        assert seen.sound


async def test_only_what_the_settings_want_is_started(site: Site) -> None:
    async def work(_site: Site) -> None:
        await asyncio.Event().wait()

    tasks = [Background("demo", work, wanted=lambda settings: settings.demo), Background("always", work)]
    async with running(tasks, site) as seen:
        await asyncio.sleep(0)
        assert list(seen.states) == ["always"]
