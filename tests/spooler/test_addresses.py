"""Where printers may be: the server connects to nothing else."""

from __future__ import annotations

import pytest

from printers.transport import PrinterAddress
from server.core.refusal import Refusal
from server.spooler.addresses import Allowed

SITE = Allowed(["10.20.0.0/24", "127.0.0.1:9199", "10.30.0.5:8000", "fd00::/8"])


@pytest.mark.parametrize(
    "text", ["10.20.0.17", "10.20.0.17:9100", "10.20.0.1:6101", "127.0.0.1:9199", "10.30.0.5:8000", "[fd00::4]:9300"]
)
def test_an_address_of_a_listed_network_or_a_listed_pair_is_allowed(text: str) -> None:
    assert SITE.check(text) == PrinterAddress.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "10.21.0.17:9100", "10.20.0.17:5432", "127.0.0.1:9100", "127.0.0.1", "10.30.0.5:9100", "169.254.169.254:9100",
        "printer.example:9100", "localhost:9199", "10.20.0.17:9100/x", "10.20.0.17:0", "10.20.0.17:99999", "",
        "0.0.0.0:9100", "[::1]:9100", "2130706433:9199", "0x7f.1:9199", "x" * 5000,
    ],
)  # fmt: skip
def test_whatever_else_is_named_is_refused_and_said(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        SITE.check(text)
    assert refused.value.code == "printer_address_refused"
    assert refused.value.params["got"] == text[:60]


def test_loopback_and_link_local_are_never_inside_a_network() -> None:
    everywhere = Allowed(["0.0.0.0/0", "::/0"])
    for text in ("127.0.0.1:9100", "169.254.1.1:9100", "224.0.0.1:9100", "0.0.0.0:9100", "[::1]:9100", "[fe80::1]:9100",
                 "[::ffff:127.0.0.1]:9100"):  # fmt: skip
        with pytest.raises(Refusal):
            everywhere.check(text)


def test_without_a_setting_only_what_the_process_opened_itself_is_allowed() -> None:
    allowed = Allowed()
    with pytest.raises(Refusal):
        allowed.check("10.20.0.17:9100")
    allowed.add(PrinterAddress("127.0.0.1", 4711))
    assert allowed.check("127.0.0.1:4711").port == 4711


@pytest.mark.parametrize("text", ["10.20.0.0/99", "printer:9100", "10.20.0.0/24/1"])
def test_a_wrong_setting_is_told(text: str) -> None:
    with pytest.raises(ValueError):
        Allowed([text])
