"""Why: the first thing that somebody with a new handheld reads is this page; it speaks their language.

Each device's steps stand in one table, in the order in which they are done, with the words that the device itself
uses. `{ca}` in a step is where the link to the file stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from server.core.words import Language, Words

Device = Literal["android", "ios", "windows", "macos", "firefox", "linux"]


class Steps(NamedTuple):
    """How one kind of device comes to trust: its name, what its browser calls itself, its file, the steps."""

    name: Words
    agent: tuple[str, ...]
    file: str
    steps: tuple[Words, ...]


SAID: Final[Mapping[str, Words]] = {
    "title": Words("Bring this device to Pickwave", "Dieses Gerät zu Pickwave bringen"),
    "why": Words(
        "Pickwave works without a network and reads barcodes by camera only where the device trusts this server. "
        "Do this once for each device.",
        "Ohne Netz arbeiten und mit der Kamera scannen kann Pickwave nur, wo das Gerät diesem Server vertraut. "
        "Das ist einmal je Gerät zu tun.",
    ),
    "one": Words("1. Trust this house's certificate", "1. Dem Zertifikat dieses Hauses vertrauen"),
    "two": Words("2. Compare its fingerprint", "2. Den Fingerabdruck vergleichen"),
    "compare": Words(
        "The device shows a SHA-256 fingerprint while it installs. It must be this one, and the one that the server's "
        "terminal and the supervisor's screen show:",
        "Das Gerät zeigt beim Installieren einen SHA-256-Fingerabdruck. Es muss dieser sein, und der, den das Terminal "
        "des Servers und der Bildschirm der Schichtleitung zeigen:",
    ),
    "three": Words("3. Open Pickwave", "3. Pickwave öffnen"),
    "open": Words("Open Pickwave", "Pickwave öffnen"),
    "warned": Words(
        "If the browser warns there, the certificate is not trusted yet: go back to step 1, never past the warning.",
        "Warnt der Browser dort, wird dem Zertifikat noch nicht vertraut: zurück zu Schritt 1, nie über die Warnung "
        "hinweg.",
    ),
    "files": Words("The certificate as a file", "Das Zertifikat als Datei"),
    "ends": Words("Valid until {date}.", "Gültig bis {date}."),
    "ended": Words(
        "This certificate is valid no more: nobody can begin until whoever looks after the server has made a new one "
        "(pickwave lan new).",
        "Dieses Zertifikat gilt nicht mehr: Niemand kann beginnen, bevor nicht die Betreuung des Servers ein neues "
        "erstellt hat (pickwave lan new).",
    ),
    "clock": Words(
        "The server's clock is wrong: whoever looks after it must set it before anybody can begin.",
        "Die Uhr des Servers geht falsch: Sie muss gestellt werden, bevor jemand beginnen kann.",
    ),
}

DEVICES: Final[Mapping[Device, Steps]] = {
    "android": Steps(
        Words("Android, Zebra and other scanners", "Android, Zebra und andere Scanner"),
        ("Android",),
        "/pickwave-ca.crt",
        (
            Words("Download the file: {ca}", "Datei laden: {ca}"),
            Words(
                "Settings → Security (and privacy) → More security settings → Encryption and credentials → Install a "
                "certificate → CA certificate. The names differ a little; searching the settings for “CA certificate” "
                "finds it.",
                "Einstellungen → Sicherheit (und Datenschutz) → Weitere Sicherheitseinstellungen → Verschlüsselung und "
                "Anmeldedaten → Zertifikat installieren → CA-Zertifikat. Die Namen weichen etwas ab; die Suche in den "
                "Einstellungen nach „CA-Zertifikat“ findet es.",
            ),
            Words(
                "Confirm, then choose the downloaded file. The device may ask for a screen lock first.",
                "Bestätigen, dann die geladene Datei wählen. Manches Gerät verlangt zuerst eine Bildschirmsperre.",
            ),
            Words(
                "Where the settings are locked, the company's device management installs the same file.",
                "Sind die Einstellungen gesperrt, installiert die Geräteverwaltung der Firma dieselbe Datei.",
            ),
        ),
    ),
    "ios": Steps(
        Words("iPhone and iPad", "iPhone und iPad"),
        ("iPhone", "iPad"),
        "/pickwave.mobileconfig",
        (
            Words("In Safari, load the profile: {ca}", "In Safari das Profil laden: {ca}"),
            Words(
                "Settings → Profile Downloaded (or General → VPN & Device Management) → Install.",
                "Einstellungen → Profil geladen (oder Allgemein → VPN und Geräteverwaltung) → Installieren.",
            ),
            Words(
                "Settings → General → About → Certificate Trust Settings: switch this certificate on. Without that the "
                "profile alone does nothing.",
                "Einstellungen → Allgemein → Info → Zertifikatsvertrauenseinstellungen: dieses Zertifikat einschalten. "
                "Ohne das bewirkt das Profil allein nichts.",
            ),
        ),
    ),
    "windows": Steps(
        Words("Windows (Chrome, Edge)", "Windows (Chrome, Edge)"),
        ("Windows",),
        "/pickwave-ca.crt",
        (
            Words("Download the file and open it: {ca}", "Datei laden und öffnen: {ca}"),
            Words(
                "Install Certificate → Current User → Place all certificates in the following store → Trusted Root "
                "Certification Authorities.",
                "Zertifikat installieren → Aktueller Benutzer → Alle Zertifikate in folgendem Speicher speichern → "
                "Vertrauenswürdige Stammzertifizierungsstellen.",
            ),
            Words("Close the browser and open it again.", "Den Browser schließen und wieder öffnen."),
        ),
    ),
    "macos": Steps(
        Words("Mac (Safari, Chrome)", "Mac (Safari, Chrome)"),
        ("Macintosh",),
        "/pickwave-ca.crt",
        (
            Words("Download the file and open it: {ca}", "Datei laden und öffnen: {ca}"),
            Words(
                "In Keychain Access, double-click it → Trust → When using this certificate: Always Trust.",
                "In der Schlüsselbundverwaltung doppelklicken → Vertrauen → Bei Verwendung dieses Zertifikats: Immer "
                "vertrauen.",
            ),
        ),
    ),
    "firefox": Steps(
        Words("Firefox on a computer", "Firefox auf einem Rechner"),
        ("Firefox",),
        "/pickwave-ca.pem",
        (
            Words("Download the file: {ca}", "Datei laden: {ca}"),
            Words(
                "Settings → Privacy & Security → Certificates → View Certificates → Authorities → Import; tick “Trust "
                "this CA to identify websites”.",
                "Einstellungen → Datenschutz & Sicherheit → Zertifikate → Zertifikate anzeigen → Zertifizierungs"
                "stellen → Importieren; „Dieser CA vertrauen, um Websites zu identifizieren“ ankreuzen.",
            ),
        ),
    ),
    "linux": Steps(
        Words("Chrome or Chromium on Linux", "Chrome oder Chromium unter Linux"),
        ("X11", "Linux"),
        "/pickwave-ca.pem",
        (
            Words("Download the file: {ca}", "Datei laden: {ca}"),
            Words(
                "Settings → Privacy and security → Security → Manage certificates → Installed by you → Trusted "
                "certificates → Import.",
                "Einstellungen → Datenschutz und Sicherheit → Sicherheit → Zertifikate verwalten → Von dir installiert "
                "→ Vertrauenswürdige Zertifikate → Importieren.",
            ),
        ),
    ),
}


def said(key: str, language: Language, **values: str) -> str:
    """A sentence of the page."""
    return str(getattr(SAID[key], language)).format(**values)


def device_of(agent: str) -> Device | None:
    """What kind of device a browser says it runs on; the first row that fits, Firefox before its system."""
    if "Firefox" in agent and "Android" not in agent:
        return "firefox"
    return next((device for device, steps in DEVICES.items() if any(name in agent for name in steps.agent)), None)
