"""Why: a phone trusts what its owner told it to trust, so the house has an authority of its own, and only the house.

What is made here says no more than it must: the authority may sign no other authority and vouches for the house's own
names and private addresses (critical name constraints); the server's certificate serves, and nothing else. A key and
its certificate are one file, written at once, readable by its owner alone.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.lan.rules import Leaf, Names, Reach, Span, authority_span, leaf_span, reach_of, within

NOBODY_ELSE: Final = 0o600
_NO_USE: Final = {
    "digital_signature": False, "content_commitment": False, "key_encipherment": False, "data_encipherment": False,
    "key_agreement": False, "key_cert_sign": False, "crl_sign": False, "encipher_only": False, "decipher_only": False,
}  # fmt: skip


class Unreadable(Exception):
    """A file that is there holds no key with its certificate."""


class Authority:
    """A key, and the certificate that devices are to trust."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self.certificate = certificate

    @property
    def span(self) -> Span:
        """When it holds."""
        return _span(self.certificate)

    @property
    def id(self) -> str:
        """What its certificates name it by."""
        return self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest.hex()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the certificate, in pairs, as devices show it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def reach(self) -> Reach:
        """What it may vouch for."""
        permitted = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
        return Reach(
            tuple(each.value for each in permitted or () if isinstance(each, x509.DNSName)),
            tuple(each.value for each in permitted or () if isinstance(each, x509.IPAddress)),  # type: ignore[misc]
        )

    @property
    def pem(self) -> bytes:
        """The certificate as text; never the key."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate as bytes; never the key."""
        return self.certificate.public_bytes(Encoding.DER)

    def kept(self) -> bytes:
        """Key and certificate, for its file."""
        return _pem(self._key) + self.pem

    def issue(self, names: Names, now: datetime) -> bytes:
        """A fresh key with a certificate for these names (without those out of reach), for its file."""
        key = ec.generate_private_key(ec.SECP256R1())
        usable, span = within(names, self.reach), leaf_span(now, self.span)
        certificate = (
            _builder(usable.hosts[0], key.public_key(), span)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(_alternatives(usable)), critical=False)
            .add_extension(x509.KeyUsage(**{**_NO_USE, "digital_signature": True}), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier(bytes.fromhex(self.id), None, None), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return _pem(key) + certificate.public_bytes(Encoding.PEM)


def make(names: Names, now: datetime) -> Authority:
    """A new authority for a machine of these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    title = f"Pickwave {names.hosts[0]} {now:%Y-%m-%d}"
    reach = reach_of(names)
    certificate = (
        _builder(title, key.public_key(), authority_span(now))
        .issuer_name(_named(title))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**{**_NO_USE, "key_cert_sign": True, "crl_sign": True}), critical=True)
        .add_extension(x509.NameConstraints(_subtrees(reach), None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def read_authority(path: Path) -> Authority | None:
    """The authority in this file; None where there is none yet. Raises Unreadable."""
    found = _read(path)
    if found is None:
        return None
    try:
        authority = Authority(*found)
        _ = authority.reach, authority.id
    except x509.ExtensionNotFound as error:
        raise Unreadable(str(error)) from error
    return authority


def read_leaf(path: Path) -> Leaf | None:
    """What the server's certificate in this file says; None where there is none. Raises Unreadable."""
    found = _read(path)
    if found is None:
        return None
    extensions = found[1].extensions
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        issuer = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier or b""
    except x509.ExtensionNotFound as error:
        raise Unreadable(str(error)) from error
    addresses = map(str, names.get_values_for_type(x509.IPAddress))
    return Leaf(_span(found[1]), frozenset((*names.get_values_for_type(x509.DNSName), *addresses)), issuer.hex())


def keep(path: Path, content: bytes, *, anew: bool = True) -> bool:
    """Writes a file that only its owner reads, whole or not at all; without `anew` never over one that is there.

    Whether it was written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if anew:
            os.replace(name, path)
        else:
            os.link(name, path)
    except FileExistsError:
        return False
    finally:
        Path(name).unlink(missing_ok=True)
    return True


def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        key, certificate = load_pem_private_key(text, None), x509.load_pem_x509_certificate(text)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise Unreadable("the key is not the certificate's")
    return key, certificate


def _builder(title: str, key: ec.EllipticCurvePublicKey, span: Span) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(title))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(span.since)
        .not_valid_after(span.until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _named(title: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])


def _alternatives(names: Names) -> Iterable[x509.GeneralName]:
    return [*map(x509.DNSName, names.hosts), *(x509.IPAddress(ip_address(each)) for each in names.addresses)]


def _subtrees(reach: Reach) -> Iterable[x509.GeneralName]:
    return [*map(x509.DNSName, reach.hosts), *map(x509.IPAddress, reach.networks)]


def _span(certificate: x509.Certificate) -> Span:
    return Span(certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
