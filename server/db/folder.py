"""Why: on SQLite one process owns the data folder. A second one is refused and told who the owner is."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from server.db.errors import IN_USE, NO_PERMISSION, StartError

LOCK_NAME: Final = "pickwave.lock"


def make(path: Path, *, secret: bool = False) -> None:
    """Makes a data folder where it is missing (`secret`: for its owner's eyes); StartError when it cannot be."""
    try:
        path.mkdir(mode=0o700 if secret else 0o777, parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(path, error) from error


def _not_writable(path: Path, error: OSError) -> StartError:
    return StartError(
        f"The data folder {path} cannot be written ({error.strerror}): choose another with PICKWAVE_DATA_DIR.",
        NO_PERMISSION,
    )


class Folder:
    """A claimed data folder. The kernel gives the claim up when the process ends, however it ends."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def claim(cls, path: Path, command: str) -> Self:
        """Claims `path`, made when missing; StartError when it cannot be written or another process owns it."""
        make(path)
        try:
            lock = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise _not_writable(path, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.pread(lock, 400, 0).decode(errors="replace").strip() or "another process"
            os.close(lock)
            raise StartError(f"The data folder {path} belongs to {owner}: stop it first.", IN_USE) from error
        except OSError as error:
            os.close(lock)
            raise StartError(
                f"The file system of {path} knows no locks ({error.strerror}): put the data folder on a local disk.",
                NO_PERMISSION,
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"`{command}` (process {os.getpid()} on {socket.gethostname()})\n".encode(), 0)
        return cls(path, lock)

    def release(self) -> None:
        """Gives the folder up; a second time does nothing."""
        if self._lock >= 0:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()
