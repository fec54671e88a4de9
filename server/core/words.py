"""Why: a code inside a sentence is said in the reader's language, never shown as it is.

Parameters of outcomes and reasons of a timeline carry codes, so that programs can tell them apart; whoever shows one
takes its words from here. What is no code (a name, a number, what a person wrote) is said as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

Language = Literal["en", "de"]


class Words(NamedTuple):
    """A code in both languages, as it stands in the middle of a sentence."""

    en: str
    de: str


SPOKEN: Final = frozenset({"got", "wanted", "reason", "why", "thing", "state", "channel"})
"""The parameters that may carry a code; every other one is a name or a number."""

WORDS: Final[dict[str, Words]] = {
    # --- what a barcode is, and what is wanted instead
    "another_item": Words("another item", "ein anderer Artikel"),
    "badge": Words("badge", "Ausweis"),
    "bin": Words("bin", "Platz"),
    "cart": Words("cart", "Wagen"),
    "carton": Words("carton", "Karton"),
    "command": Words("command card", "Befehlskarte"),
    "gs1": Words("lot or serial label", "Chargen- oder Seriennummer"),
    "item": Words("item", "Artikel"),
    "quantity": Words("quantity", "Menge"),
    "sscc": Words("shipping label", "Versandetikett"),
    "station": Words("pack station", "Packstation"),
    "tote": Words("tote", "Kiste"),
    # --- why a file is none that can be brought in
    "file_empty": Words("it is empty", "sie ist leer"),
    "file_binary": Words("it is no text", "sie ist kein Text"),
    "row_too_long": Words("its first row is too long", "ihre erste Zeile ist zu lang"),
    "quote_wrong": Words(
        "a quotation mark of its first row is not closed", "ein Anführungszeichen ihrer ersten Zeile bleibt offen",
    ),
    "too_many_cells": Words("it has too many columns", "sie hat zu viele Spalten"),
    "cell_too_long": Words("a cell of its first row is too long", "ein Feld der ersten Zeile ist zu lang"),
    "nul": Words("its first row holds what is no text", "ihre erste Zeile enthält etwas, das kein Text ist"),
    # --- why goods were short
    "blocked": Words("the bin cannot be reached", "der Platz ist nicht erreichbar"),
    "damaged": Words("damaged", "beschädigt"),
    "empty": Words("the bin is empty", "der Platz ist leer"),
    "missing": Words("not in the tote", "nicht in der Kiste"),
    "not_found": Words("something else is in the bin", "im Platz liegt etwas anderes"),
    # --- why units wait, go back or are planned anew
    "more_than_wanted": Words("more than wanted", "mehr als gebraucht"),
    "no_stock": Words("nothing of it is in stock", "nichts davon ist vorrätig"),
    "no_stock_left": Words("no stock left", "nichts mehr vorrätig"),
    "not_available": Words("not in stock", "nicht vorrätig"),
    "order_cancelled": Words("order cancelled", "Auftrag storniert"),
    "cancelled_by_customer": Words("the customer has cancelled it", "die Kundschaft hat ihn storniert"),
    # --- by what a warehouse is chosen
    "parcels": Words("fewest parcels", "die wenigsten Pakete"),
    "price": Words("cheapest carriage", "die billigste Fracht"),
    "lacking": Words("more of it lies there", "dort liegt mehr davon"),
    "out_of_sight": Words("more of it is in sight there", "dort ist mehr davon in Sicht"),
    "queue": Words("fewer orders wait there", "dort warten weniger Aufträge"),
    "zone": Words("nearest", "am nächsten"),
    "number": Words("all alike, lowest number", "alle gleich, kleinste Nummer"),
    # --- why a bin is counted
    "counts_differ": Words("two counts differ", "zwei Zählungen weichen ab"),
    "more_put_back": Words("more was put back than was due", "es wurde mehr zurückgelegt als fällig"),
    "more_than_booked": Words("a pick took more than the books had", "gepickt wurde mehr als gebucht war"),
    # --- why something can no longer be taken back
    "count_done": Words("the bin was counted since", "der Platz wurde inzwischen gezählt"),
    "done_since": Words("something else happened here since", "hier ist inzwischen etwas anderes geschehen"),
    "packed_or_cancelled": Words("it is packed or cancelled", "es ist schon verpackt oder storniert"),
    "order_changed": Words("the order was changed since", "der Auftrag wurde inzwischen geändert"),
    "put_back_since": Words("it was put back since", "es wurde inzwischen zurückgelegt"),
    "replacement_begun": Words(
        "what replaces it was already touched", "der Ersatz dafür wurde schon angefasst",
    ),
    "stock_given_away": Words("the stock went to other orders", "der Bestand ging an andere Aufträge"),
    "stock_moved": Words("the goods are no longer in that bin", "die Ware liegt nicht mehr in diesem Platz"),
    "tote_in_use": Words("its tote is used for another order", "die Kiste dient schon einem anderen Auftrag"),
    "label_on_its_way": Words(
        "its label is on the way, void it first", "das Etikett ist unterwegs, mach es erst ungültig",
    ),
    # --- why a label is void, or keeps an order from being cancelled
    "asked_again": Words("asked for again", "neu angefragt"),
    "carton_labelled": Words(
        "a carton has its label, void it first at the pack station",
        "ein Karton hat sein Etikett, mach es erst an der Packstation ungültig",
    ),
    "voided_by_hand": Words("voided by hand", "von Hand ungültig gemacht"),
    "changed_at_channel": Words(
        "changed at the channel, and here it could not follow", "beim Kanal geändert, hier ging es nicht mit"
    ),
    # --- why a webhook was not taken, or goes nowhere
    "address_refused": Words(
        "this address is not public, nor in a listed network",
        "diese Adresse ist weder öffentlich noch in einem eingetragenen Netz",
    ),
    "answer_late": Words("no answer in time", "keine Antwort in der Zeit"),
    "by_hand": Words("switched off by hand", "von Hand ausgeschaltet"),
    "connection_failed": Words("no connection, or it broke off", "keine Verbindung, oder sie brach ab"),
    "endpoint_failing": Words("it took nothing for three days", "drei Tage lang nahm er nichts an"),
    "endpoint_gone": Words("it says that it is gone for good", "er sagt, dass es ihn nicht mehr gibt"),
    "answer_unreadable": Words("its answer cannot be read", "seine Antwort ist nicht lesbar"),
    "nothing_to_fulfil": Words(
        "the shop has nothing open that these parcels could be", "der Shop hat nichts offen, was diese Pakete wären"
    ),
    "shop_cannot_cancel": Words(
        "the shop cannot cancel it: fulfilled in part, or its money stands in the way",
        "der Shop kann ihn nicht stornieren: schon etwas versandt, oder seine Zahlung steht im Weg",
    ),
    "https_wanted": Words("the address must begin with https://", "die Adresse muss mit https:// beginnen"),
    "name_unknown": Words("no address is known by this name", "unter diesem Namen ist keine Adresse bekannt"),
    "redirected": Words("it leads elsewhere, which is not followed", "er leitet woandershin, dem wird nicht gefolgt"),
    "status_wrong": Words("it did not say yes", "er hat nicht Ja gesagt"),
    "tls_failed": Words("its certificate does not hold", "sein Zertifikat gilt nicht"),
    "url_malformed": Words("this is no address of the web", "das ist keine Adresse im Web"),
    # --- what a customer is told, by which way, and why not
    "email": Words("mail", "Mail"),
    "sms": Words("text message", "SMS"),
    "message": Words("message", "Nachricht"),
    "message_confirmed": Words("order confirmed", "Bestellung bestätigt"),
    "message_payment_declined": Words("payment declined", "Zahlung abgelehnt"),
    "message_held": Words("address in doubt", "Adresse zweifelhaft"),
    "message_short": Words("waits for goods", "wartet auf Ware"),
    "message_repromised": Words("another day", "ein anderer Tag"),
    "message_shipped": Words("shipped", "versendet"),
    "message_changed": Words("order changed", "Bestellung geändert"),
    "message_cancelled": Words("cancelled", "storniert"),
    "message_refunded": Words("paid back", "zurückgezahlt"),
    "address_not_mailable": Words("this address cannot be mailed to", "an diese Adresse geht keine Mail"),
    "answer_lost": Words("the mail server's answer was lost", "die Antwort des Mailservers ging verloren"),
    "gateway_address_wrong": Words("the gateway's address is wrong", "die Adresse des SMS-Dienstes ist falsch"),
    "gateway_refused": Words("the gateway did not take it", "der SMS-Dienst hat sie nicht angenommen"),
    "login_refused": Words("the mail server refuses our sign-in", "der Mailserver lehnt unsere Anmeldung ab"),
    "mail_refused": Words("the mail server refuses it", "der Mailserver lehnt sie ab"),
    "no_channel": Words("no way to send is set up", "kein Versandweg eingerichtet"),
    "sender_lost": Words("the sender ended before the answer", "der Absender endete vor der Antwort"),
    "parked": Words("waits", "wartet"),
    "sent": Words("sent", "gesendet"),
    "unsure": Words("unknown whether sent", "unklar, ob gesendet"),
    "messages": Words("messages", "Nachrichten"),
    # --- why what a channel sent is no order, or changes none
    "at_the_till": Words("somebody is at the till, no order yet", "jemand ist an der Kasse, noch kein Auftrag"),
    "edit_told": Words("the whole order says how it was changed", "der ganze Auftrag sagt, was geändert wurde"),
    "no_money": Words("no money was given back", "es wurde kein Geld zurückgegeben"),
    "nothing_to_ship": Words("nothing of it needs shipping", "nichts davon wird verschickt"),
    "order_done": Words("it has left already, without us", "er ist schon unterwegs, ohne uns"),
    "order_missing": Words("its order has not come yet", "sein Auftrag ist noch nicht gekommen"),
    "order_wrong": Words("it cannot be placed as it is", "so lässt es sich nicht erfassen"),
    "reference_taken": Words(
        "another order of this channel has the same name", "ein anderer Auftrag dieses Kanals heißt genauso",
    ),
    "shop_test": Words("a test of the shop, nothing to ship", "ein Test des Shops, nichts zu verschicken"),
    "shop_unknown": Words("this channel was removed", "dieser Kanal wurde entfernt"),
    "told_newer": Words("the channel has said something newer already", "der Kanal hat schon Neueres gesagt"),
    "topic_unwanted": Words("nothing is made of this topic", "mit diesem Thema geschieht nichts"),
    "went_wrong": Words("something broke here, the log says what", "hier ging etwas schief, das Protokoll sagt was"),
    # --- what a channel has changed of an order
    "channel_address": Words("another address or name", "andere Adresse oder anderer Name"),
    "channel_cancel": Words("called off", "abgesagt"),
    "channel_edited": Words("lines were changed, how is still to come", "Positionen geändert, wie folgt noch"),
    "channel_fewer": Words("fewer units", "weniger Stück"),
    "channel_more": Words("more units", "mehr Stück"),
    "channel_paid": Words("it was paid", "er wurde bezahlt"),
    "channel_refund": Words("money was given back", "Geld wurde zurückgegeben"),
    "channel_revived": Words("called off before, wanted again", "erst abgesagt, jetzt doch gewünscht"),
    "channel_service": Words("another way of shipping", "andere Versandart"),
    "channel_unpaid": Words("it is not paid any more", "er ist nicht mehr bezahlt"),
    # --- why a fact is kept for the supervisor
    "not_booked": Words("the server could not book it", "der Server konnte es nicht buchen"),
    "ticket_another_device": Words(
        "it was scanned on another device", "es wurde auf einem anderen Gerät gescannt",
    ),
    "ticket_expired": Words("it was scanned too long ago", "es wurde vor zu langer Zeit gescannt"),
    "ticket_forged": Words("nobody knows who scanned it", "niemand weiß, wer es gescannt hat"),
    "ticket_not_allowed": Words("whoever scanned it may not do this", "wer es gescannt hat, darf das nicht"),
    "ticket_revoked": Words(
        "the device or whoever scanned it is locked out", "das Gerät oder wer es gescannt hat ist gesperrt",
    ),
    "no_carton_type": Words("there is no carton type", "es gibt keine Kartongröße"),
    "no_such_item": Words("nobody knows this item", "diesen Artikel kennt niemand"),
    "no_such_order": Words("nobody knows this order", "diesen Auftrag kennt niemand"),
    "no_such_station": Words("nobody knows this pack station", "diese Packstation kennt niemand"),
    "not_in_tote": Words("the tote does not hold so many", "so viele sind nicht in der Kiste"),
    "not_wanted": Words("its order does not want so many", "so viele will der Auftrag nicht"),
    "absurd_quantity": Words("the quantity is very large", "die Menge ist sehr groß"),
    "no_such_bin": Words("nobody knows this bin", "diesen Platz kennt niemand"),
    "other_bin": Words("another bin was counted", "ein anderer Platz wurde gezählt"),
    "no_such_command": Words("nobody knows what was meant", "niemand weiß, was gemeint war"),
    "no_such_task": Words("nobody knows this task", "diese Aufgabe kennt niemand"),
    "no_such_tote": Words("nobody knows this tote", "diese Kiste kennt niemand"),
    "task_without_order": Words("the task belongs to no order", "die Aufgabe gehört zu keinem Auftrag"),
    # --- what a printer says of itself, and why a print is in doubt
    "printer_bad_answer": Words("answers nonsense", "antwortet Unsinn"),
    "printer_buffer_full": Words("buffer full", "Speicher voll"),
    "printer_busy": Words("printing", "druckt"),
    "printer_cancelled": Words("called off", "abgebrochen"),
    "printer_connection_lost": Words("connection lost", "Verbindung verloren"),
    "printer_count_differs": Words("has counted differently", "hat anders gezählt"),
    "printer_faulty": Words("faulty", "gestört"),
    "printer_head_open": Words("head open", "Druckkopf offen"),
    "printer_label_waiting": Words("label to be taken", "Etikett abnehmen"),
    "printer_no_answer": Words("does not answer", "antwortet nicht"),
    "printer_no_count": Words("does not count", "zählt nicht"),
    "printer_offline": Words("not reached", "nicht erreichbar"),
    "printer_paper_out": Words("no paper", "kein Papier"),
    "printer_partial_format": Words("label cut off", "Etikett unvollständig"),
    "printer_paused": Words("paused", "angehalten"),
    "printer_ready": Words("ready", "bereit"),
    "printer_ribbon_out": Words("no ribbon", "kein Farbband"),
    "printer_sender_lost": Words("lost while printing", "beim Drucken abgebrochen"),
    "printer_too_cold": Words("too cold", "zu kalt"),
    "printer_too_hot": Words("too hot", "zu heiß"),
    "printer_unknown": Words("state unknown", "Zustand unbekannt"),
    # --- why an order is held
    "address_doubtful": Words("address in doubt", "Adresse zweifelhaft"),
    "manual": Words("stopped by hand", "von Hand angehalten"),
    "credit_exceeded": Words("credit limit reached", "Kreditrahmen erschöpft"),
    "terms_ended": Words("terms on account ended", "Bedingungen auf Rechnung beendet"),
    "payment_declined": Words("payment declined", "Zahlung abgelehnt"),
    "age_to_check": Words("age to be checked", "Alter zu prüfen"),
    "credit_doubtful": Words("credit in doubt", "Bonität zweifelhaft"),
    "fraud_suspected": Words("fraud suspected", "Betrugsverdacht"),
    "look_before_release": Words("to be looked at before release", "vor der Freigabe anzusehen"),
    "not_permitted": Words("not permitted", "nicht erlaubt"),
    "order_doubtful": Words("order in doubt", "Auftrag zweifelhaft"),
    "rule_broken": Words("a rule is broken", "eine Regel ist kaputt"),
    "phone_doubtful": Words("phone number in doubt", "Telefonnummer zweifelhaft"),
    # --- why an order does not go to the floor, or can no longer be stopped
    "already_released": Words("already released", "schon freigegeben"),
    "authorisation_runs_out": Words(
        "the card's authorisation runs out before it ships", "die Autorisierung läuft vor dem Versand ab",
    ),
    "authorising": Words("waits for the payment", "wartet auf die Zahlung"),
    "backordered": Words("on backorder", "im Rückstand"),
    "cancelled": Words("cancelled", "storniert"),
    "declined": Words("payment declined", "Zahlung abgelehnt"),
    "incomplete": Words("not complete, and it ships only whole", "nicht vollständig, und er geht nur ganz hinaus"),
    "on_hold": Words("on hold", "gesperrt"),
    "order_unknown": Words("no such order", "kein solcher Auftrag"),
    "packed": Words("packed", "verpackt"),
    "packing": Words("being packed", "wird verpackt"),
    "picked": Words("picked", "gepickt"),
    "picking": Words("being picked", "wird gepickt"),
    "ready": Words("ready to release", "bereit zur Freigabe"),
    "released": Words("released", "freigegeben"),
    "releasing": Words("being released", "wird freigegeben"),
    "reserved": Words("reserved", "reserviert"),
    "shipped": Words("shipped", "versendet"),
    "unpaid": Words("not paid", "nicht bezahlt"),
    "voided": Words("payment let go", "Zahlungsreservierung aufgehoben"),
    "voiding": Words("payment is being let go", "Zahlungsreservierung wird aufgehoben"),
    "withdrawn": Words("taken back", "zurückgenommen"),
    "draft": Words("being written", "in Arbeit"),
    "dropped": Words("thrown away", "verworfen"),
    "retired": Words("retired", "abgelöst"),
    # --- what has a life of its own, and where it stands in it
    "device": Words("device", "Gerät"),
    "fact set aside": Words("fact set aside", "zurückgestellte Meldung"),
    "fulfilment": Words("fulfilment", "Lieferteil"),
    "hold": Words("hold", "Sperre"),
    "receipt": Words("delivery", "Lieferung"),
    "import": Words("import", "Import"),
    "label": Words("label", "Etikett"),
    "order": Words("order", "Auftrag"),
    "job on orders": Words("job on orders", "Vorgang über Aufträge"),
    "order of a job": Words("order of a job", "Auftrag eines Vorgangs"),
    "gateway news": Words("message of a gateway", "Nachricht eines Zahlungsdienstes"),
    "payment": Words("payment", "Zahlung"),
    "reconciliation": Words("comparison", "Abgleich"),
    "payment intent": Words("payment step", "Zahlungsschritt"),
    "print job": Words("print job", "Druckauftrag"),
    "rule set": Words("rule set", "Regelwerk"),
    "shipment": Words("shipment", "Sendung"),
    "shop delivery": Words("delivery of a channel", "Lieferung eines Kanals"),
    "task": Words("task", "Aufgabe"),
    "tour": Words("tour", "Tour der Kommissionierung"),
    "wave": Words("wave", "Welle"),
    "webhook delivery": Words("delivery", "Zustellung"),
    "webhook endpoint": Words("endpoint", "Endpunkt"),
    "abandoned": Words("given up", "aufgegeben"),
    "awaited": Words("awaited", "erwartet"),
    "pending": Words("being worked at", "in Arbeit"),
    "refunded": Words("paid back", "zurückgezahlt"),
    "taken_back": Words("fallen through", "geplatzt"),
    "asked": Words("being asked for", "angefragt"),
    "assigned": Words("assigned", "vergeben"),
    "authorised": Words("authorised", "autorisiert"),
    "booked": Words("booked", "gebucht"),
    "captured": Words("taken", "eingezogen"),
    "capturing": Words("being taken", "wird eingezogen"),
    "checked": Words("checked", "geprüft"),
    "checking": Words("being checked", "wird geprüft"),
    "closed": Words("closed", "geschlossen"),
    "complete": Words("complete", "vollständig"),
    "delivered": Words("delivered", "zugestellt"),
    "dismissed": Words("dismissed", "verworfen"),
    "done": Words("done", "erledigt"),
    "enrolled": Words("enrolled", "eingerichtet"),
    "failed": Words("failed", "fehlgeschlagen"),
    "finished": Words("finished", "beendet"),
    "ignored": Words("left alone", "übergangen"),
    "intended": Words("planned", "geplant"),
    "arrived": Words("arrived", "eingetroffen"),
    "expected": Words("on its way", "unterwegs"),
    "lapsed": Words("lapsed", "verfallen"),
    "left": Words("left at the till", "an der Kasse gegangen"),
    "live": Words("live", "gültig"),
    "none": Words("not there", "nicht vorhanden"),
    "off": Words("switched off", "ausgeschaltet"),
    "offered": Words("offered", "angeboten"),
    "on": Words("switched on", "eingeschaltet"),
    "open": Words("open", "offen"),
    "placed": Words("placed", "erfasst"),
    "printed": Words("printed", "gedruckt"),
    "queued": Words("in the queue", "in der Warteschlange"),
    "received": Words("received", "eingegangen"),
    "recovered": Words("came back", "wiedergekommen"),
    "refused": Words("refused", "abgelehnt"),
    "removed": Words("removed", "entfernt"),
    "revoked": Words("locked", "entzogen"),
    "running": Words("being written", "wird übernommen"),
    "sending": Words("being sent", "wird gesendet"),
    "staged": Words("handed over", "übergeben"),
    "started": Words("started", "begonnen"),
    "succeeded": Words("done well", "gelungen"),
    "taken": Words("taken by somebody", "übernommen"),
    "undoing": Words("being taken back", "wird zurückgenommen"),
    "undone": Words("taken back", "zurückgenommen"),
    "void": Words("void", "ungültig"),
    "waiting": Words("waiting", "wartend"),
    "wanted": Words("wanted", "gewünscht"),
    # --- where an order comes from
    "desk": Words("order desk", "Auftragsannahme"),
    "market": Words("marketplace", "Marktplatz"),
    "phone": Words("phone", "Telefon"),
    "web": Words("web shop", "Webshop"),
    # --- who does what no person does
    "voided by hand": Words("voided by hand", "von Hand ungültig gemacht"),
    "customer": Words("customer", "Kundschaft"),
    "command line": Words("command line", "Kommandozeile"),
    "order status": Words("order status", "Auftragsstatus"),
    "demo": Words("demo data", "Demodaten"),
    "keeper": Words("nightly care", "Aufräumdienst"),
    "payments": Words("payment service", "Zahlungsdienst"),
    "relay": Words("relay", "Weitergabe"),
    "release": Words("wave release", "Wellenfreigabe"),
    "shipping": Words("shipping", "Versand"),
    "channels": Words("channels", "Kanäle"),
    "json": Words("channel with its own JSON", "Kanal mit eigenem JSON"),
    "shopify": Words("Shopify shop", "Shopify-Shop"),
    "woocommerce": Words("WooCommerce shop", "WooCommerce-Shop"),
    "spooler": Words("print queue", "Druckwarteschlange"),
    "unknown": Words("somebody unknown", "jemand Unbekanntes"),
    "webhooks": Words("webhook service", "Webhook-Dienst"),
    # --- why a card was declined, as gateways say it
    "authorisation expired": Words("the authorisation has run out", "die Autorisierung ist abgelaufen"),
    "authorisation was voided": Words("the authorisation was let go", "die Autorisierung wurde aufgehoben"),
    "account closed": Words("the account is closed", "das Konto ist geschlossen"),
    "amount_not_payable": Words("no card pays such an amount", "diesen Betrag zahlt keine Karte"),
    "amount_too_large": Words("more than was authorised, or than can be", "mehr als autorisiert war oder möglich ist"),
    "authentication_required": Words("the customer must confirm it", "die Kundschaft muss sie bestätigen"),
    "card_declined": Words("the bank said no", "die Bank hat abgelehnt"),
    "card_not_supported": Words("this card is not taken", "diese Karte wird nicht genommen"),
    "charge_already_refunded": Words("it was paid back already", "es wurde schon zurückgezahlt"),
    "charge_expired_for_capture": Words("the authorisation ran out", "die Autorisierung lief ab"),
    "do_not_honor": Words("the bank says no without a reason", "die Bank lehnt ohne Grund ab"),
    "expired_card": Words("the card has run out", "die Karte ist abgelaufen"),
    "expired_or_canceled_card": Words("the card is no longer good", "die Karte gilt nicht mehr"),
    "fraudulent": Words("the bank suspects fraud", "die Bank vermutet Betrug"),
    "generic_decline": Words("the bank does not say why", "die Bank sagt nicht, warum"),
    "incorrect_cvc": Words("the card's security code is wrong", "die Prüfziffer der Karte ist falsch"),
    "insufficient_funds": Words("not enough money there", "dort ist nicht genug Geld"),
    "insufficient_balance": Words("our own account there is empty", "unser Konto dort ist leer"),
    "lost_card": Words("the card was lost", "die Karte ging verloren"),
    "lost_or_stolen_card": Words("the card was lost or stolen", "die Karte ist verloren oder gestohlen"),
    "more than was taken": Words("more than was taken", "mehr als eingezogen wurde"),
    "payment_intent_unexpected_state": Words("it is past that there", "dafür ist es dort zu spät"),
    "processing_error": Words("the bank could not do it", "die Bank konnte es nicht ausführen"),
    "refund_failed": Words("it could not be paid back", "es ließ sich nicht zurückzahlen"),
    "resource_missing": Words("the gateway does not know it", "der Zahlungsdienst kennt es nicht"),
    "stolen_card": Words("the card was stolen", "die Karte wurde gestohlen"),
    "card blocked": Words("the card is blocked", "die Karte ist gesperrt"),
    "insufficient funds": Words("not enough money on the card", "nicht genug Geld auf der Karte"),
    "more than was authorised": Words("more than was authorised", "mehr als autorisiert war"),
    "unknown authorisation": Words("there is no such authorisation", "diese Autorisierung gibt es nicht"),
    "unknown card": Words("nobody knows this card", "diese Karte kennt niemand"),
}  # fmt: skip


def said(value: Any, language: Language) -> Any:
    """The words of a code; anything else unchanged."""
    words = WORDS.get(value) if isinstance(value, str) else None
    return value if words is None else (words.de if language == "de" else words.en)


def worded(params: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The parameters of a text with their codes in words. What a person wrote in German too comes as `…_de` beside."""
    return {
        name: params.get(f"{name}_{language}", said(value, language) if name in SPOKEN else value)
        for name, value in params.items()
    }


def filled(text: str, params: Mapping[str, Any]) -> str:
    """A text with its parameters. One that nobody gave shows as its name: better a hole than an error in an error."""
    return text.format_map(_Params(params))


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
