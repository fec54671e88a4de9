"""Worker processes are deaf to Ctrl-C: it is the server that ends them."""

from __future__ import annotations

import os
import signal

from server.workers import workers


def survive() -> int:
    """Send this process what a terminal sends at Ctrl-C, and live to say so."""
    os.kill(os.getpid(), signal.SIGINT)
    return os.getpid()


def test_a_worker_does_not_hear_ctrl_c_and_its_server_still_does() -> None:
    with workers(1) as pool:
        first = pool.submit(survive).result()
        assert pool.submit(survive).result() == first != os.getpid()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
