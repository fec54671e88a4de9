"""The real console script in processes of its own: what it says, how it ends, and what it leaves."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

import pytest
import sqlalchemy as sa
import zxingcpp
from PIL import Image

from server import sqlite3
from server.db import errors
from server.start import DONE, FAILED, PORT_TAKEN, USAGE

PICKWAVE = Path(sys.executable).with_name("pickwave")


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """A plain environment with these settings on a free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PICKWAVE_")}
    ours = {"DATA_DIR": str(folder), "PORT": "0", **settings}
    return {**kept, **{f"PICKWAVE_{name}": value for name, value in ours.items()}}


def run(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in the folder that holds the data folder."""
    command = [str(PICKWAVE), *arguments]
    beside = next(parent for parent in folder.parents if parent.is_dir())
    return subprocess.run(
        command,
        env=environment(folder, **settings),
        cwd=beside,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server and its address."""
    with subprocess.Popen(
        [str(PICKWAVE), "serve"],
        env=environment(folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = cast(IO[str], process.stdout).readline()
            assert line.startswith("Pickwave is open on http://"), line + cast(IO[str], process.stderr).read()
            yield process, line.split()[-1]
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str]:
    """The exit code after this signal, which must come within five seconds, and what was written on stderr."""
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def one_sentence(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """It ended with this code and one sentence, which holds these words, on stderr."""
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("pickwave: ")
    assert done.stderr.endswith(".\n")
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_empty_folder_is_served_and_ends_in_order(tmp_path: Path, how: signal.Signals) -> None:
    with serving(tmp_path / "data", LOG_LEVEL="warning") as (process, address):
        with urllib.request.urlopen(f"{address}/api/health/ready", timeout=10) as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"{address}/", timeout=10) as page:
            assert b"Pickwave" in page.read()
        assert ended(process, how) == (DONE, "")


def test_a_second_start_keeps_the_data(tmp_path: Path) -> None:
    for _ in range(2):
        with serving(tmp_path / "data") as (process, _address):
            assert ended(process, signal.SIGTERM)[0] == DONE
    with sqlite3.connect(tmp_path / "data" / "pickwave.sqlite") as kept:
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_clients_that_stay_do_not_hold_up_the_end(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as (process, address), ExitStack() as stack:
        port = int(address.rpartition(":")[2])
        idle = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        idle.sendall(b"GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 200")
        slow = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        slow.sendall(b"POST /api/health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
        assert ended(process, signal.SIGINT)[0] == DONE


def test_ten_megabytes_are_refused_while_they_are_being_sent(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as (_process, address):
        request = urllib.request.Request(f"{address}/api/health/live", data=b"x" * 10_000_000, method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 405


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        one_sentence(run("serve", folder=tmp_path / "data", PORT=port), PORT_TAKEN, port, "PICKWAVE_PORT")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("serve", folder=tmp_path / "file" / "data")
    one_sentence(done, errors.NO_PERMISSION, str(tmp_path), "PICKWAVE_DATA_DIR")


def test_a_folder_of_another_process_is_told_with_its_owner(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as (process, _address):
        one_sentence(run("serve", folder=tmp_path / "data"), errors.IN_USE, "pickwave serve", str(process.pid))


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    done = run("serve", folder=tmp_path / "data", DATABASE_URL="postgresql://ada:secret@127.0.0.1:1/pickwave")
    one_sentence(done, errors.NO_SERVICE, "127.0.0.1:1")
    assert "secret" not in done.stderr


def test_a_newer_schema_is_told(tmp_path: Path, sqlite_url: str) -> None:
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    done = run("serve", folder=tmp_path / "data", DATABASE_URL=sqlite_url)
    assert (tmp_path / "data").is_dir()  # also where the database is elsewhere: others keep things there
    one_sentence(done, errors.SCHEMA, "9999", "newer")


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("DATABASE_URL", "mysql://db/x"), ("LOG_LEVEL", "x")])
def test_a_wrong_setting_is_told(tmp_path: Path, name: str, value: str) -> None:
    one_sentence(run("serve", folder=tmp_path / "data", **{name: value}), errors.BAD_SETTING, f"PICKWAVE_{name}", value)


def test_a_misspelt_setting_is_a_warning(tmp_path: Path) -> None:
    done = run("barcode", "T-0419", folder=tmp_path / "data", PROT="1")
    assert (done.returncode, done.stderr) == (
        DONE,
        "pickwave: PICKWAVE_PROT is no setting, PICKWAVE_PORT is; it is ignored.\n",
    )


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("serve", "--nonsense"), ("barcode",)])
def test_a_wrong_argument_is_told_with_the_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, folder=tmp_path / "data")
    assert done.returncode == USAGE
    assert done.stderr.startswith("usage: pickwave")
    assert "Traceback" not in done.stderr


def test_help_lists_every_command(tmp_path: Path) -> None:
    done = run("--help", folder=tmp_path / "data")
    assert done.returncode == DONE
    for name in ("serve", "barcode", "virtual-printer"):
        assert name in done.stdout


def test_a_backup_taken_while_it_is_served_is_read_back_into_an_empty_folder_only(tmp_path: Path) -> None:
    copy = str(tmp_path / "copy")
    with serving(tmp_path / "data"):
        assert run("backup", copy, folder=tmp_path / "data").returncode == DONE
    one_sentence(run("backup", copy, folder=tmp_path / "data"), FAILED, "choose another name")
    assert run("restore", copy, folder=tmp_path / "other").returncode == DONE
    one_sentence(run("restore", copy, folder=tmp_path / "other"), errors.SCHEMA, "not empty")
    with serving(tmp_path / "other") as (process, _address):
        assert ended(process, signal.SIGTERM)[0] == DONE


def test_what_cannot_be_backed_up_or_restored_is_told(tmp_path: Path) -> None:
    assert run("migrate", folder=tmp_path / "data").stdout.startswith("The database's schema is ")
    done = run("backup", str(tmp_path / "no" / "copy"), folder=tmp_path / "data")
    one_sentence(done, FAILED, "cannot be written")
    one_sentence(run("restore", str(tmp_path / "nothing"), folder=tmp_path / "data"), FAILED, "no file")
    (tmp_path / "strange").write_text("no backup")
    one_sentence(run("restore", str(tmp_path / "strange"), folder=tmp_path / "new"), errors.SCHEMA, "not a backup")


@pytest.mark.parametrize(
    ("text", "kind", "read", "symbology"),
    [
        ("B-A07-03-B", "bin: code A07-03-B", "B-A07-03-B", "]C0"),
        ("T-0419", "tote: code T-0419", "T-0419", "]C0"),
        ("4006381333931", "item: code 04006381333931", "4006381333931", "]E0"),
        ("106141412345678908", "sscc: code 106141412345678908", "(00)106141412345678908", "]C1"),
        ("(01)04006381333931(10)AB", "item: code 04006381333931, lot AB", "(01)04006381333931(10)AB", "]C1"),
    ],
)
def test_a_barcode_is_named_and_drawn_so_that_it_can_be_read(
    tmp_path: Path, text: str, kind: str, read: str, symbology: str
) -> None:
    done = run("barcode", text, "--out", str(tmp_path / "code.png"), folder=tmp_path / "data")
    assert (done.returncode, done.stdout.splitlines()[0]) == (DONE, kind)
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert (found.text, found.symbology_identifier) == (read, symbology)


def test_a_barcode_is_drawn_beside_by_default_and_what_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    assert run("barcode", "%CMD:DONE:x", folder=tmp_path / "data").returncode == DONE
    assert (tmp_path / "CMD_DONE_x.svg").read_text().startswith("<?xml")
    done = run("barcode", "", folder=tmp_path / "data")
    assert (done.returncode, done.stderr) == (FAILED, "")
    assert "cannot be drawn" in done.stdout


def test_the_demo_is_written_to_paper(tmp_path: Path) -> None:
    done = run("sheets", str(tmp_path / "sheets.pdf"), folder=tmp_path / "data")
    assert done.returncode == DONE
    assert (tmp_path / "sheets.pdf").read_bytes().startswith(b"%PDF-")
    assert run("sheets", str(tmp_path), folder=tmp_path / "data").returncode == FAILED
