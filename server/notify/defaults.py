"""Why: a shop that writes nothing tells its customers something sensible, in English and German."""

from __future__ import annotations

from typing import Final

import msgspec


class Words(msgspec.Struct, frozen=True):
    """A template's words. Text messages have no subject."""

    subject: str
    body: str


_EN_END: Final = "\n\nFollow your order: {order.link}\nQuestions? {shop.contact}\n\n{shop.name}"
_DE_END: Final = "\n\nDeine Bestellung verfolgen: {order.link}\nFragen? {shop.contact}\n\n{shop.name}"


def _en(subject: str, body: str) -> Words:
    return Words(subject, f"Hello {{customer.name}},\n\n{body}{_EN_END}")


def _de(subject: str, body: str) -> Words:
    return Words(subject, f"Guten Tag {{customer.name}},\n\n{body}{_DE_END}")


def _sms(body: str) -> Words:
    return Words("", body)


DEFAULTS: Final[dict[tuple[str, str, str], Words]] = {
    ("confirmed", "email", "en"): _en(
        "Your order {order.reference}",
        "thank you, we have your order of {order.placed_on}:\n\n{order.lines}\n\nTotal: {order.total}\n"
        "It can leave on {order.promised_on}.",
    ),
    ("confirmed", "email", "de"): _de(
        "Deine Bestellung {order.reference}",
        "danke, deine Bestellung vom {order.placed_on} ist bei uns:\n\n{order.lines}\n\nSumme: {order.total}\n"
        "Sie kann am {order.promised_on} hinausgehen.",
    ),
    ("confirmed", "sms", "en"): _sms("{shop.name}: we have your order {order.reference}, thank you. {order.link}"),
    ("confirmed", "sms", "de"): _sms("{shop.name}: deine Bestellung {order.reference} ist da, danke. {order.link}"),
    ("payment_declined", "email", "en"): _en(
        "Your order {order.reference}: the payment did not go through",
        "the payment of {order.total} for your order {order.reference} was declined. Nothing was taken, and your order "
        "waits. Please get in touch with us to pay otherwise.",
    ),
    ("payment_declined", "email", "de"): _de(
        "Deine Bestellung {order.reference}: die Zahlung wurde abgelehnt",
        "die Zahlung von {order.total} für deine Bestellung {order.reference} wurde abgelehnt. Es wurde nichts "
        "abgebucht, und deine Bestellung wartet. Bitte melde dich bei uns, um anders zu zahlen.",
    ),
    ("payment_declined", "sms", "en"): _sms(
        "{shop.name}: the payment of order {order.reference} was declined. Please contact us. {shop.contact}"
    ),
    ("payment_declined", "sms", "de"): _sms(
        "{shop.name}: Die Zahlung der Bestellung {order.reference} wurde abgelehnt. Bitte melde dich. {shop.contact}"
    ),
    ("held", "email", "en"): _en(
        "Your order {order.reference}: is the address right?",
        "we are not sure about the address of your order {order.reference}. Please write to us where it is to go; "
        "until then it waits.",
    ),
    ("held", "email", "de"): _de(
        "Deine Bestellung {order.reference}: Stimmt die Adresse?",
        "bei der Adresse deiner Bestellung {order.reference} sind wir nicht sicher. Bitte schreib uns, wohin sie gehen "
        "soll; bis dahin wartet sie.",
    ),
    ("held", "sms", "en"): _sms(
        "{shop.name}: please check the address of order {order.reference} with us. {shop.contact}"
    ),
    ("held", "sms", "de"): _sms(
        "{shop.name}: Bitte prüfe mit uns die Adresse der Bestellung {order.reference}. {shop.contact}"
    ),
    ("short", "email", "en"): _en(
        "Your order {order.reference}: something is on its way to us",
        "we have your order {order.reference}:\n\n{order.lines}\n\nNot everything is here yet. This we are waiting "
        "for:\n\n{order.waiting}\n\nAll of it can leave on {order.promised_on}.\nWe will tell you when that changes.",
    ),
    ("short", "email", "de"): _de(
        "Deine Bestellung {order.reference}: etwas ist noch unterwegs zu uns",
        "deine Bestellung {order.reference} ist bei uns:\n\n{order.lines}\n\nEs ist noch nicht alles da. Darauf warten "
        "wir:\n\n{order.waiting}\n\nAlles kann am {order.promised_on} hinausgehen.\n"
        "Wir melden uns, wenn sich das ändert.",
    ),
    ("short", "sms", "en"): _sms(
        "{shop.name}: part of order {order.reference} is not here yet: {order.waiting}. {order.link}"
    ),
    ("short", "sms", "de"): _sms(
        "{shop.name}: Von Bestellung {order.reference} fehlt noch etwas: {order.waiting}. {order.link}"
    ),
    ("repromised", "email", "en"): _en(
        "Your order {order.reference}: now on {order.promised_on}",
        "the day of your order {order.reference} has moved: all of it can leave on {order.promised_on}. We are sorry "
        "if that is later than you thought.\n\nThis we are waiting for:\n\n{order.waiting}",
    ),
    ("repromised", "email", "de"): _de(
        "Deine Bestellung {order.reference}: jetzt am {order.promised_on}",
        "der Tag deiner Bestellung {order.reference} hat sich verschoben: Alles kann am {order.promised_on} "
        "hinausgehen. Entschuldige, wenn das später ist als gedacht.\n\nDarauf warten wir:\n\n{order.waiting}",
    ),
    ("repromised", "sms", "en"): _sms(
        "{shop.name}: order {order.reference} can now leave on {order.promised_on}. {order.link}"
    ),
    ("repromised", "sms", "de"): _sms(
        "{shop.name}: Bestellung {order.reference} kann jetzt am {order.promised_on} hinausgehen. {order.link}"
    ),
    ("shipped", "email", "en"): _en(
        "Your order {order.reference} is on its way",
        "good news: of your order {order.reference} this has left us:\n\n{shipment.parcels}",
    ),
    ("shipped", "email", "de"): _de(
        "Deine Bestellung {order.reference} ist unterwegs",
        "gute Nachrichten: Von deiner Bestellung {order.reference} ist hinausgegangen:\n\n{shipment.parcels}",
    ),
    ("shipped", "sms", "en"): _sms(
        "{shop.name}: order {order.reference} is on its way: {shipment.parcels}. {order.link}"
    ),
    ("shipped", "sms", "de"): _sms(
        "{shop.name}: Bestellung {order.reference} ist unterwegs: {shipment.parcels}. {order.link}"
    ),
    ("changed", "email", "en"): _en(
        "Your order {order.reference} was changed",
        "your order {order.reference} was changed. It is now:\n\n{order.lines}\n\nTotal: {order.total}\n"
        "Cancelled: {order.cancelled}\nIt can leave on {order.promised_on}.",
    ),
    ("changed", "email", "de"): _de(
        "Deine Bestellung {order.reference} wurde geändert",
        "deine Bestellung {order.reference} wurde geändert. Jetzt sind es:\n\n{order.lines}\n\nSumme: {order.total}\n"
        "Storniert: {order.cancelled}\nSie kann am {order.promised_on} hinausgehen.",
    ),
    ("changed", "sms", "en"): _sms("{shop.name}: order {order.reference} was changed: {order.lines}. {order.link}"),
    ("changed", "sms", "de"): _sms(
        "{shop.name}: Bestellung {order.reference} wurde geändert: {order.lines}. {order.link}"
    ),
    ("cancelled", "email", "en"): _en(
        "Your order {order.reference} was cancelled",
        "of your order {order.reference} this was cancelled:\n\n{order.cancelled}\n\nWhat was set aside on your card "
        "is let go; what was taken for it is paid back.",
    ),
    ("cancelled", "email", "de"): _de(
        "Deine Bestellung {order.reference} wurde storniert",
        "von deiner Bestellung {order.reference} wurde storniert:\n\n{order.cancelled}\n\nWas auf deiner Karte "
        "reserviert war, wird freigegeben; was dafür schon eingezogen wurde, geht zurück.",
    ),
    ("cancelled", "sms", "en"): _sms("{shop.name}: order {order.reference} was cancelled. {shop.contact}"),
    ("cancelled", "sms", "de"): _sms("{shop.name}: Bestellung {order.reference} wurde storniert. {shop.contact}"),
    ("refunded", "email", "en"): _en(
        "Your order {order.reference}: {refund.amount} paid back",
        "we have paid back {refund.amount} for your order {order.reference}. It may take some days until you see it.",
    ),
    ("refunded", "email", "de"): _de(
        "Deine Bestellung {order.reference}: {refund.amount} zurückgezahlt",
        "für deine Bestellung {order.reference} haben wir {refund.amount} zurückgezahlt. Bis du es siehst, kann es "
        "einige Tage dauern.",
    ),
    ("refunded", "sms", "en"): _sms("{shop.name}: {refund.amount} paid back for order {order.reference}."),
    ("refunded", "sms", "de"): _sms("{shop.name}: {refund.amount} für Bestellung {order.reference} zurückgezahlt."),
}
"""By milestone, channel and language; version 0 of each."""
