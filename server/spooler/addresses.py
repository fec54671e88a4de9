"""Why: a printer's address is a place that the server connects to. It may be only one of the site's own.

Allowed is an address in a listed network at a raw printer port, or an exact `address:port` that was listed or that
this process opened itself (the demo's virtual printers). Names are not taken, so nothing is looked up and nothing
can be bound anew; loopback and link-local are never inside a network, only listed one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from printers import OutOfRange
from printers.transport import PrinterAddress
from server.core.refusal import Fault, Refusal

PORTS: Final = frozenset({9100, 6101, 9300})
"""Raw printing, on full-size and mobile printers. Any other port is allowed only as an exact pair."""

Network = IPv4Network | IPv6Network
Host = IPv4Address | IPv6Address


class Allowed:
    """The addresses at which printers may be. Raises ValueError for a text that is neither network nor pair."""

    def __init__(self, listed: Iterable[str] = ()) -> None:
        self._networks: list[Network] = []
        self._pairs: set[tuple[Host, int]] = set()
        for text in listed:
            if "/" in text:
                self._networks.append(ip_network(text))
            else:
                self.add(PrinterAddress.parse(text))

    def add(self, address: PrinterAddress) -> None:
        """Allows this exact pair in this process."""
        self._pairs.add((ip_address(address.host), address.port))

    def check(self, text: str) -> PrinterAddress:
        """The address that `text` names; refuses `printer_address_refused`."""
        try:
            address = PrinterAddress.parse(text.strip())
            host = ip_address(address.host)
        except (OutOfRange, ValueError):
            raise _refused(text) from None
        if (host, address.port) not in self._pairs and not self._in_a_network(host, address.port):
            raise _refused(text)
        return PrinterAddress(str(host), address.port)

    def _in_a_network(self, host: Host, port: int) -> bool:
        nowhere = host.is_loopback or host.is_link_local or host.is_multicast or host.is_unspecified or host.is_reserved
        return port in PORTS and not nowhere and any(host in network for network in self._networks)


def _refused(text: str) -> Refusal:
    fault = Fault("address", "Printers are not allowed there.", "an address of PICKWAVE_PRINTER_ADDRESSES", text[:60])
    return Refusal("printer_address_refused", fault, got=text[:60])
