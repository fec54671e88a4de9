"""Worker processes are deaf to Ctrl-C: it is the server that ends them."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

from server.workers import Workers, workers


def survive() -> int:
    """Send this process what a terminal sends at Ctrl-C, and live to say so."""
    os.kill(os.getpid(), signal.SIGINT)
    return os.getpid()


def test_a_worker_does_not_hear_ctrl_c_and_its_server_still_does() -> None:
    with workers(1) as pool:
        first = pool.submit(survive).result()
        assert pool.submit(survive).result() == first != os.getpid()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_worker_ends_with_a_server_that_was_killed() -> None:
    script = (
        "import os; from server.workers import workers;"
        " print(workers(1).submit(os.getpid).result(), flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        worker = os.pidfd_open(int(server.stdout.readline()))
        server.kill()
        ended, _, _ = select.select([worker], [], [], 60)
        os.close(worker)
    assert ended


async def test_a_worker_that_was_killed_is_replaced() -> None:
    kept = Workers(1)
    try:
        first = await kept.do(os.getpid)
        os.kill(first, signal.SIGKILL)
        second = await kept.do(os.getpid)
        assert second not in (first, os.getpid())
        os.kill(second, signal.SIGKILL)
        kept.prepare(os.getpid)
        assert await kept.do(os.getpid) not in (first, second)
    finally:
        kept.close()
