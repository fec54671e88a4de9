"""People, devices and keys by the shell, as an operator would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.__main__ import main
from server.core import barcodes
from server.db.errors import IN_USE
from server.db.folder import Folder


class Shell:
    """Runs `pickwave …` over a fresh folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        done = main(words)
        said = self._capsys.readouterr()
        return done, said.out, said.err


@pytest.fixture
def pickwave(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    monkeypatch.setenv("PICKWAVE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("PICKWAVE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PICKWAVE_LOG_LEVEL", "error")
    return Shell(capsys)


def test_a_person_is_added_listed_disabled_and_enabled(pickwave: Shell) -> None:
    done, said, _ = pickwave("user", "add", "Linh Tran", "--role", "picker", "--role", "packer")
    assert done == 0
    found = re.fullmatch(r"Linh Tran: badge (\S+), one-time PIN (\d{8})\n", said)
    assert found is not None
    badge = found[1]
    assert barcodes.parse(badge).kind == "badge"
    _, listed, _ = pickwave("user", "list")
    assert re.search(rf"{badge}\s+Linh Tran\s+picker,packer\s+all\s+one-time PIN", listed)
    assert pickwave("user", "disable", badge)[:2] == (0, "Linh Tran: disabled\n")
    assert "disabled" in pickwave("user", "list")[1]
    assert pickwave("user", "enable", badge.lower())[0] == 0
    done, said, _ = pickwave("user", "reset-pin", badge)
    assert re.fullmatch(r"one-time PIN \d{8}\n", said)


def test_a_key_is_made_listed_and_revoked_by_name(pickwave: Shell) -> None:
    done, said, _ = pickwave("key", "add", "shop", "--role", "integrator")
    assert done == 0
    assert said.startswith("Authorization: Bearer pwk_")
    listed = pickwave("key", "list")[1]
    assert said.split()[-1] not in listed
    assert re.search(r"shop\s+pwk_\S{8}…\s+integrator\s+all\s+good", listed)
    assert pickwave("key", "revoke", "shop")[0] == 0
    assert "revoked" in pickwave("key", "list")[1]


def test_the_last_administrator_cannot_be_disabled_by_the_shell_either(pickwave: Shell) -> None:
    badge = pickwave("user", "add", "Boss", "--role", "admin")[1].split()[2].rstrip(",")
    done, _, trouble = pickwave("user", "disable", badge)
    assert done == 1
    assert trouble == "pickwave: The last administrator must stay one.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("user", "disable", "P-7K2M9QXTS"), "There is no such person."),
        (("user", "disable", "nonsense"), "There is no such person."),
        (("user", "add", "", "--role", "picker"), "name:"),
        (("user", "add", "X", "--role", "picker", "--warehouse", "77"), "no such warehouse"),
        (("device", "add", "H-01"), "no such warehouse"),
        (("device", "revoke", "H-01"), "There is no such device."),
        (("key", "revoke", "shop"), "There is no such key."),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_one(pickwave: Shell, words: tuple[str, ...], told: str) -> None:
    done, said, trouble = pickwave(*words)
    assert done == 1
    assert said == ""
    assert told in trouble
    assert trouble.count("\n") == 1


def test_while_a_server_owns_the_folder_the_shell_may_look_but_not_write(pickwave: Shell, sqlite_url: str) -> None:
    pickwave("user", "add", "Ada", "--role", "picker")
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    with Folder.claim(folder, "pickwave serve"):
        done, said, _ = pickwave("user", "list")
        assert (done, "Ada" in said) == (0, True)
        assert pickwave("check")[0] == 0
        done, _, trouble = pickwave("user", "add", "Ben", "--role", "picker")
    assert done == IN_USE
    assert "`pickwave serve`" in trouble
