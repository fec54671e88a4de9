"""Why: whatever the system answers to a person is one row here: code, severity, HTTP status, sound and words.

`{name}` in a text is a parameter. Screens, docs and the TypeScript copy are made from this table; a test walks it.
"""

from __future__ import annotations

import string
from typing import Final, Literal

import msgspec

Severity = Literal["ok", "info", "warn", "error", "card"]
Sound = Literal["right", "wrong", "done", "none"]


class Outcome(msgspec.Struct, frozen=True):
    """One answer. `card`: it comes back to the picker as a card that says what to do."""

    code: str
    severity: Severity
    status: int
    sound: Sound
    en: str
    de: str

    @property
    def params(self) -> frozenset[str]:
        """The names of the parameters in its texts."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self.en) if name)


def _ok(code: str, en: str, de: str, sound: Sound = "right") -> Outcome:
    return Outcome(code, "ok", 200, sound, en, de)


def _card(code: str, en: str, de: str) -> Outcome:
    return Outcome(code, "card", 200, "wrong", en, de)


def _warn(code: str, en: str, de: str, status: int = 200) -> Outcome:
    return Outcome(code, "warn", status, "wrong", en, de)


def _no(code: str, status: int, en: str, de: str) -> Outcome:
    return Outcome(code, "error", status, "wrong", en, de)


_ROWS: Final = (
    # --- done as asked
    _ok("done", "Done.", "Erledigt."),
    _ok("bin_right", "Right bin.", "Richtiger Platz."),
    _ok("tote_right", "Right tote.", "Richtige Kiste."),
    _ok("item_right", "Right item. {left} to go.", "Richtiger Artikel. Noch {left}."),
    _ok("item_to_count", "Right item. Now count it.", "Richtiger Artikel. Jetzt zählen."),
    _ok("picked", "{quantity} in slot {slot}.", "{quantity} in Fach {slot}."),
    _ok("stop_done", "Done. Next: {bin}", "Fertig. Weiter: {bin}", "done"),
    _ok("tour_taken", "Tour {tour} is yours.", "Tour {tour} gehört dir.", "done"),
    _ok("cart_bound", "Cart {cart} is ready.", "Wagen {cart} ist bereit."),
    _ok("tote_bound", "Tote {tote} is in slot {slot}.", "Kiste {tote} steht in Fach {slot}."),
    _ok("tour_done", "The tour is done.", "Die Tour ist fertig.", "done"),
    _ok("tour_finished", "Totes handed over.", "Kisten übergeben.", "done"),
    _ok("shorted", "Short noted: {missing} missing.", "Fehlmenge notiert: {missing} fehlen."),
    _ok(
        "shorted_replaced",
        "{missing} missing. Take them from {bin}.",
        "{missing} fehlen. Nimm sie aus {bin}.",
    ),
    _ok(
        "shorted_backordered",
        "{missing} missing, put on backorder.",
        "{missing} fehlen, als Rückstand notiert.",
    ),
    _ok("skipped", "Skipped, it comes back at the end.", "Übersprungen, kommt am Ende wieder."),
    _ok("undone", "Taken back.", "Zurückgenommen."),
    _ok("put_back", "{quantity} put back into {bin}.", "{quantity} zurück in {bin} gelegt.", "done"),
    _ok("count_to_confirm", "{counted} counted. Is that right?", "{counted} gezählt. Stimmt das?", "none"),
    _ok("counted", "Count noted: {counted}.", "Zählung notiert: {counted}."),
    _ok("pack_opened", "Tote {tote}.", "Kiste {tote}."),
    _ok("packed", "{packed} of {quantity}.", "{packed} von {quantity}."),
    _ok(
        "carton_complete",
        "That was the last one. The label is printing.",
        "Das war das letzte Teil. Das Etikett wird gedruckt.",
        "done",
    ),
    _ok("carton_chosen", "Carton {carton_type}.", "Karton {carton_type}."),
    _ok("weight_right", "{grams} g is right.", "{grams} g stimmt."),
    _ok("carton_closed", "Carton {carton} is closed.", "Karton {carton} ist zu.", "done"),
    _ok("reprinting", "The label prints again.", "Das Etikett wird neu gedruckt."),
    _ok("unpacked", "Taken out of the carton.", "Aus dem Karton genommen."),
    # --- taken, though the world had changed: comes back as work
    _card(
        "picked_put_back",
        "Order {order} no longer wants {quantity}. Put them back.",
        "Auftrag {order} will {quantity} nicht mehr. Lege sie zurück.",
    ),
    _card(
        "order_cancelled",
        "Order {order} was cancelled. Take {quantity} out of slot {slot} and put them back.",
        "Auftrag {order} wurde storniert. Nimm {quantity} aus Fach {slot} und lege sie zurück.",
    ),
    _card(
        "picked_elsewhere",
        "This was already picked by someone else. Put {quantity} back.",
        "Das hat schon jemand anders gepickt. Lege {quantity} zurück.",
    ),
    _card(
        "picked_over_stock",
        "Taken. The bin should have held fewer, it will be counted.",
        "Angenommen. Laut Bestand lagen dort weniger, der Platz wird gezählt.",
    ),
    _card(
        "over_picked",
        "{quantity} more than wanted. Put them back.",
        "{quantity} mehr als gebraucht. Lege sie zurück.",
    ),
    _card(
        "put_back_elsewhere",
        "Somebody else has put these back already. {bin} will be counted.",
        "Das hat schon jemand anders zurückgelegt. {bin} wird gezählt.",
    ),
    _card(
        "put_back_over",
        "Only {quantity} were to go back. {bin} will be counted.",
        "Nur {quantity} sollten zurück. {bin} wird gezählt.",
    ),
    _card(
        "counts_differ",
        "Somebody else has counted {bin} too, and found otherwise. It will be counted once more.",
        "Jemand anders hat {bin} auch gezählt und etwas anderes gefunden. Er wird noch einmal gezählt.",
    ),
    _card("set_aside", "Noted for the supervisor: {reason}", "Für die Schichtleitung notiert: {reason}"),
    # --- the scan: identity
    _no("unknown_barcode", 422, "Unknown barcode: {got}", "Unbekannter Barcode: {got}"),
    _no("wrong_kind", 422, "Scanned: {got}. Wanted: {wanted}", "Gescannt: {got}. Gebraucht wird: {wanted}"),
    _no(
        "wrong_bin",
        422,
        "This is bin {got}. Wanted: {wanted}",
        "Das ist Platz {got}. Gebraucht wird: {wanted}",
    ),
    _no("wrong_item", 422, "This is {got}. Wanted: {wanted}", "Das ist {got}. Gebraucht wird: {wanted}"),
    _no(
        "wrong_lot",
        422,
        "This is lot {got}. Wanted: {wanted}",
        "Das ist Charge {got}. Gebraucht wird: {wanted}",
    ),
    _no(
        "wrong_tote",
        422,
        "This is tote {got}. Wanted: {wanted}",
        "Das ist Kiste {got}. Gebraucht wird: {wanted}",
    ),
    _no(
        "check_digits_wrong",
        422,
        "These check digits are not of this bin.",
        "Diese Prüfziffern gehören nicht zu diesem Platz.",
    ),
    # --- the scan: quantity
    _no("over_pick", 422, "That is more than wanted: {wanted}.", "Das ist mehr als gebraucht: {wanted}."),
    _no(
        "quantity_wrong",
        422,
        "Quantity must be {wanted}, not {got}.",
        "Menge muss {wanted} sein, nicht {got}.",
    ),
    _warn(
        "quantity_absurd",
        "{got} is very much. Scan again to confirm.",
        "{got} ist sehr viel. Zum Bestätigen noch einmal scannen.",
    ),
    # --- containers
    _no("tote_unknown", 404, "There is no tote {tote}.", "Es gibt keine Kiste {tote}."),
    _no("tote_not_empty", 409, "Tote {tote} is not empty.", "Kiste {tote} ist nicht leer."),
    _no("tote_used", 409, "Tote {tote} is on another tour.", "Kiste {tote} gehört zu einer anderen Tour."),
    _no(
        "tote_in_slot",
        409,
        "Tote {tote} already stands in slot {slot} of this tour.",
        "Kiste {tote} steht schon in Fach {slot} dieser Tour.",
    ),
    _no("slot_unknown", 404, "This tour has no slot {slot}.", "Diese Tour hat kein Fach {slot}."),
    _no(
        "slot_taken",
        409,
        "Slot {slot} already holds tote {tote}.",
        "In Fach {slot} steht schon Kiste {tote}.",
    ),
    _no("cart_unknown", 404, "There is no cart {cart}.", "Es gibt keinen Wagen {cart}."),
    _no("cart_used", 409, "Cart {cart} is on another tour.", "Wagen {cart} gehört zu einer anderen Tour."),
    # --- people and time
    _no("tour_unknown", 404, "There is no such tour here.", "Diese Tour gibt es hier nicht."),
    _no("tour_claimed", 409, "Tour {tour} belongs to {person}.", "Tour {tour} gehört {person}."),
    _no("tour_not_ready", 409, "Some stops are still open: {left}.", "Noch offene Stopps: {left}."),
    _no("fact_unknown", 404, "There is no such scan here.", "Diese Meldung gibt es hier nicht."),
    _no(
        "fact_not_bookable",
        409,
        "It cannot be booked: {reason}",
        "Es lässt sich nicht buchen: {reason}",
    ),
    _no("task_unknown", 404, "There is no such task here.", "Diese Aufgabe gibt es hier nicht."),
    _no("nothing_to_undo", 409, "There is nothing to take back.", "Es gibt nichts zurückzunehmen."),
    _no(
        "undo_too_late",
        409,
        "This can no longer be taken back: {reason}",
        "Das lässt sich nicht mehr zurücknehmen: {reason}",
    ),
    _no("bin_unknown", 404, "There is no bin {bin}.", "Es gibt keinen Platz {bin}."),
    _no(
        "no_aisles",
        409,
        "This warehouse has no aisles yet. Lay them out or import its bins in the set-up.",
        "Dieses Lager hat noch keine Gänge. Bitte in der Einrichtung anlegen oder die Plätze einlesen.",
    ),
    _no("item_unknown", 404, "There is no item {item}.", "Es gibt keinen Artikel {item}."),
    # --- the envelope of floor commands
    _no(
        "command_malformed",
        422,
        "This command cannot be read: {reason}",
        "Dieser Befehl ist nicht lesbar: {reason}",
    ),
    _no(
        "command_id_reused",
        422,
        "This id was used for another command.",
        "Diese Kennung gehört zu einem anderen Befehl.",
    ),
    _ok("already_taken", "This was already taken.", "Das ist schon angekommen.", "none"),
    _no(
        "after_refused",
        409,
        "The step before was refused, so this one is too.",
        "Der Schritt davor wurde abgelehnt, deshalb auch dieser.",
    ),
    _no("ticket_invalid", 401, "The upload ticket is not valid.", "Das Upload-Ticket ist nicht gültig."),
    _no("device_unknown", 401, "This device is not enrolled here.", "Dieses Gerät ist hier nicht eingerichtet."),
    _no("device_revoked", 401, "This device was locked.", "Dieses Gerät wurde gesperrt."),
    _no(
        "app_too_old",
        426,
        "This app is too old. Update it: nothing is lost.",
        "Diese App ist zu alt. Bitte aktualisieren, nichts geht verloren.",
    ),
    # --- orders, holds, payment
    _no("order_unknown", 404, "There is no order {order}.", "Es gibt keinen Auftrag {order}."),
    _no("order_invalid", 422, "Faults in the order: {count}.", "Fehler im Auftrag: {count}."),
    _no(
        "order_ended",
        409,
        "Order {order} is {state} and changes no more. A new order sends more, a return takes goods back.",
        "Auftrag {order} ist {state} und ändert sich nicht mehr. Mehr: ein neuer Auftrag. Zurück: eine Retoure.",
    ),
    _no(
        "cannot_merge",
        409,
        "Orders {order} and {other} cannot be merged.",
        "Die Aufträge {order} und {other} lassen sich nicht zusammenlegen.",
    ),
    _no("order_refused", 422, "This order is not taken: {reason}", "Dieser Auftrag wird nicht angenommen: {reason}"),
    _no(
        "key_reused",
        422,
        "This Idempotency-Key was used for another request.",
        "Dieser Idempotency-Key gehört zu einer anderen Anfrage.",
    ),
    _no("key_missing", 400, "The header Idempotency-Key is missing.", "Der Header Idempotency-Key fehlt."),
    _no(
        "link_unknown",
        404,
        "This link leads to no order any more. Please ask the shop for a new one.",
        "Dieser Link führt zu keinem Auftrag mehr. Bitte den Shop um einen neuen.",
    ),
    _no(
        "nothing_to_refund",
        409,
        "Nothing was taken for order {order} that could go back.",
        "Für Auftrag {order} wurde nichts eingenommen, das zurückgehen könnte.",
    ),
    _no(
        "refund_unknown",
        404,
        "There is no such refund to pay by hand.",
        "Eine solche Rückzahlung von Hand gibt es nicht.",
    ),
    _no(
        "nothing_to_receive", 409, "No money is awaited for this order.", "Für diesen Auftrag wird kein Geld erwartet."
    ),
    _no("gateway_unknown", 404, "There is no gateway {gateway}.", "Einen Zahlungsdienst {gateway} gibt es nicht."),
    _no(
        "news_not_proved",
        401,
        "This is not proved to be the gateway's own.",
        "Es ist nicht bewiesen, dass dies vom Zahlungsdienst kommt.",
    ),
    _no("run_unknown", 404, "There is no such comparison.", "Diesen Abgleich gibt es nicht."),
    _no("job_unknown", 404, "There is no such job on orders.", "Diese Sammelaktion gibt es nicht."),
    _no(
        "broken",
        409,
        "Something broke here with this order. It is in the log.",
        "Mit diesem Auftrag ging hier etwas kaputt. Es steht im Protokoll.",
    ),
    _no("not_held", 409, "Nothing holds this order.", "Diesen Auftrag hält keine Sperre."),
    _no(
        "tags_full",
        409,
        "An order has at most {most} tags. Remove one first.",
        "Ein Auftrag trägt höchstens {most} Marken. Zuerst eine entfernen.",
    ),
    _no("hold_unknown", 404, "There is no such open hold.", "Diese Sperre gibt es nicht."),
    _no(
        "hold_not_releasable",
        409,
        "This hold cannot be released yet: {reason}",
        "Diese Sperre lässt sich noch nicht aufheben: {reason}",
    ),
    _no("line_unknown", 404, "Order {order} has no line {line}", "Auftrag {order} hat keine Position {line}"),
    _no(
        "label_stands",
        409,
        "Carton {carton} has a live label: void it first, then change the order",
        "Karton {carton} hat ein gültiges Etikett: mach es erst ungültig, dann ändere den Auftrag",
    ),
    _no(
        "cancel_too_late",
        409,
        "Order {order} can no longer be cancelled: {reason}",
        "Auftrag {order} lässt sich nicht mehr stornieren: {reason}",
    ),
    _no(
        "move_not_allowed",
        409,
        "The {thing} is {state}: this cannot be done any more.",
        "{thing}: {state}. Das geht nicht mehr.",
    ),
    # --- what is decided by configuration
    _no("rules_wrong", 422, "Faults in the rules: {count}.", "Fehler in den Regeln: {count}."),
    # --- waves
    _no("template_unknown", 404, "This wave template is gone.", "Diese Wellenvorlage gibt es nicht mehr."),
    _no("wave_unknown", 404, "There is no such wave here.", "Diese Welle gibt es hier nicht."),
    _no(
        "wave_empty",
        422,
        "None of these orders can be released.",
        "Keiner dieser Aufträge kann freigegeben werden.",
    ),
    _no(
        "already_released",
        409,
        "Order {order} is already released.",
        "Auftrag {order} ist schon freigegeben.",
    ),
    _no("order_on_hold", 409, "Order {order} cannot go: {reason}", "Auftrag {order} kann nicht hinaus: {reason}"),
    # --- packing
    _no("station_unknown", 404, "There is no such station here.", "Diese Station gibt es hier nicht."),
    _no("tote_empty", 409, "Tote {tote} is empty.", "Kiste {tote} ist leer."),
    _no("tote_still_picking", 409, "Tote {tote} is still being picked.", "Kiste {tote} wird noch gepickt."),
    _no(
        "not_of_this_order",
        422,
        "{got} does not belong to order {order}.",
        "{got} gehört nicht zu Auftrag {order}.",
    ),
    _no(
        "packed_enough",
        422,
        "All {quantity} of {item} are already packed.",
        "Alle {quantity} von {item} sind schon verpackt.",
    ),
    _no(
        "fulfilment_on_hold",
        409,
        "Order {order} is on hold. Leave it in the tote.",
        "Auftrag {order} ist gesperrt. Lass ihn in der Kiste.",
    ),
    _no(
        "fulfilment_cancelled",
        409,
        "Order {order} was cancelled. Leave it in the tote.",
        "Auftrag {order} wurde storniert. Lass ihn in der Kiste.",
    ),
    _no("fulfilment_unknown", 404, "There is no such order here.", "Diesen Auftrag gibt es hier nicht."),
    _no(
        "cartons_missing",
        409,
        "None of these orders has anything in a carton yet.",
        "Von keinem dieser Aufträge liegt schon etwas in einem Karton.",
    ),
    _no(
        "too_many_papers",
        422,
        "These orders have more than {most} papers. Print fewer of them at once.",
        "Diese Aufträge haben mehr als {most} Papiere. Drucke weniger davon auf einmal.",
    ),
    _no("carton_unknown", 404, "There is no such carton here.", "Diesen Karton gibt es hier nicht."),
    _no(
        "carton_type_unknown",
        404,
        "There is no carton type {carton_type}.",
        "Es gibt keinen Kartontyp {carton_type}.",
    ),
    _no(
        "carton_not_complete",
        409,
        "There is still something to pack: {left}.",
        "Es fehlt noch etwas: {left}.",
    ),
    _no(
        "carton_to_unpack",
        409,
        "Cancelled meanwhile: take {quantity} out of carton {carton} and put them back first.",
        "Inzwischen storniert: Nimm erst {quantity} Stück aus Karton {carton} und leg sie zurück.",
    ),
    _no("weight_missing", 409, "Weigh the carton first.", "Wiege zuerst den Karton."),
    _warn(
        "weight_wrong",
        "{grams} g. Wanted: {low} to {high} g. Count again.",
        "{grams} g. Erwartet: {low} bis {high} g. Zähle noch einmal.",
    ),
    _no(
        "label_wrong",
        422,
        "This label belongs to another carton.",
        "Dieses Etikett gehört zu einem anderen Karton.",
    ),
    _no("label_void", 422, "This label is void: tear it off.", "Dieses Etikett ist ungültig: reiß es ab."),
    _no(
        "sscc_used_up",
        409,
        "The company prefix of this warehouse has no carton numbers (SSCC) left. Give it another one in the set-up.",
        "Mit der GS1-Basisnummer dieses Lagers sind alle Kartonnummern (SSCC) vergeben. Gib ihm eine neue.",
    ),
    _no("label_missing", 409, "This carton has no live label.", "Dieser Karton hat kein gültiges Etikett."),
    _no(
        "label_not_printed",
        409,
        "The label of carton {carton} is not printed yet. See to the printer, or print again; then scan the paper.",
        "Das Etikett von Karton {carton} ist noch nicht gedruckt. "
        "Sieh nach dem Drucker, oder drucke noch einmal; dann scanne das Papier.",
    ),
    _no("carton_already_closed", 409, "Carton {carton} is already closed.", "Karton {carton} ist schon zu."),
    # --- printers
    _no("printer_unknown", 404, "There is no such printer here.", "Diesen Drucker gibt es hier nicht."),
    _no(
        "printer_address_refused",
        422,
        "Printers may only be at the listed addresses, not at {got}.",
        "Drucker dürfen nur an den eingetragenen Adressen stehen, nicht an {got}.",
    ),
    _no(
        "print_job_unknown",
        404,
        "There is no such print job here.",
        "Diesen Druckauftrag gibt es hier nicht.",
    ),
    # --- people, devices, keys
    _no("sign_in_refused", 401, "Badge or PIN is wrong.", "Ausweis oder PIN ist falsch."),
    _no("sign_in_throttled", 429, "Too many tries. Wait {seconds} s.", "Zu viele Versuche. Warte {seconds} s."),
    _no(
        "facts_wait",
        429,
        "{waiting} scans of this locked device wait for a supervisor. The others stay on it until then.",
        "{waiting} Scans dieses gesperrten Geräts warten auf die Leitung. Die anderen bleiben so lange darauf.",
    ),
    _no("pin_must_change", 403, "Choose a PIN of your own first.", "Wähle zuerst eine eigene PIN."),
    _no(
        "pin_weak",
        422,
        "A PIN has 6 to 12 digits and is not trivial.",
        "Eine PIN hat 6 bis 12 Ziffern und ist nicht trivial.",
    ),
    _no("not_signed_in", 401, "Sign in first.", "Melde dich zuerst an."),
    _no(
        "session_ended",
        401,
        "Your session has ended. Sign in again.",
        "Deine Sitzung ist beendet. Melde dich neu an.",
    ),
    _no("not_allowed", 403, "You may not do this: {permission}", "Das darfst du nicht: {permission}"),
    _no(
        "all_warehouses_only",
        403,
        "This is the same in every warehouse: only who works in all of them may do it.",
        "Das gilt für alle Lager: Nur wer in allen arbeitet, darf das.",
    ),
    _no("other_warehouse", 403, "This belongs to another warehouse.", "Das gehört zu einem anderen Lager."),
    _no(
        "origin_refused",
        403,
        "This request came from another site.",
        "Diese Anfrage kam von einer anderen Seite.",
    ),
    _no("enrolment_refused", 401, "This enrolment code is not valid.", "Dieser Gerätecode ist nicht gültig."),
    _no("person_unknown", 404, "There is no such person.", "Diese Person gibt es nicht."),
    _no("last_admin", 409, "The last administrator must stay one.", "Der letzte Administrator muss es bleiben."),
    _no("device_not_found", 404, "There is no such device.", "Dieses Gerät gibt es nicht."),
    _no("key_unknown", 404, "There is no such key.", "Diesen Schlüssel gibt es nicht."),
    _no(
        "changed_meanwhile",
        409,
        "Somebody changed this in the meantime. Look at it as it is now, then change it.",
        "Das hat inzwischen jemand geändert. Bitte neu ansehen und dann ändern.",
    ),
    _no("name_taken", 409, "{field} {got} is already taken.", "{field} {got} ist schon vergeben."),
    # --- customers
    _no("customer_unknown", 404, "There is no such customer.", "Diese Kundin oder diesen Kunden gibt es nicht."),
    _no("note_unknown", 404, "There is no such note.", "Diese Notiz gibt es nicht."),
    _no(
        "customer_taken",
        409,
        "Another customer is known by {got}. If both are the same, merge them.",
        "Unter {got} ist schon jemand anders bekannt. Sind beide dieselben, führe sie zusammen.",
    ),
    _no("message_unknown", 404, "There is no such message.", "Diese Nachricht gibt es nicht."),
    # --- other systems
    _no(
        "webhook_refused",
        422,
        "Webhooks cannot go there: {reason}",
        "Dorthin gehen keine Webhooks: {reason}",
    ),
    _no("endpoint_unknown", 404, "There is no such endpoint.", "Diesen Endpunkt gibt es nicht."),
    _no(
        "endpoint_off",
        409,
        "This endpoint is switched off. Switch it on first.",
        "Dieser Endpunkt ist ausgeschaltet. Schalte ihn zuerst ein.",
    ),
    _no("too_many_endpoints", 409, "There can be {most} endpoints at most.", "Mehr als {most} Endpunkte gehen nicht."),
    _no("channel_unknown", 404, "No channel is known as {channel}.", "Als {channel} ist kein Kanal bekannt."),
    _no(
        "signature_wrong",
        401,
        "The signature does not fit the body and the secret of this channel.",
        "Die Signatur passt nicht zum Inhalt und zum Geheimnis dieses Kanals.",
    ),
    _no(
        "reference_taken",
        409,
        "Another order of this channel has the same name.",
        "Ein anderer Auftrag dieses Kanals heißt genauso.",
    ),
    _no("needs_a_person", 409, "A person has to look at it.", "Das muss sich ein Mensch ansehen."),
    _no(
        "incoming_unknown",
        404,
        "There is no such delivery of a channel.",
        "Diese Lieferung eines Kanals gibt es nicht.",
    ),
    _no("delivery_unknown", 404, "There is no such delivery.", "Diese Zustellung gibt es nicht."),
    _no(
        "changed_since",
        409,
        "Somebody else has changed this meanwhile. Look again, then change it.",
        "Das hat inzwischen jemand anders geändert. Sieh noch einmal nach, dann ändere es.",
    ),
    # --- stock
    _no("stock_missing", 409, "There are only {available} here.", "Hier sind nur {available}."),
    _no("stock_reserved", 409, "{reserved} of them are reserved.", "Davon sind {reserved} reserviert."),
    # --- files that are brought in
    _no("import_unknown", 404, "There is no such import.", "Diesen Import gibt es nicht."),
    _no(
        "import_too_large",
        413,
        "The file is too large. At most {most} bytes.",
        "Die Datei ist zu groß. Höchstens {most} Bytes.",
    ),
    _no(
        "import_unreadable",
        422,
        "This is no table of text: {reason}. Save it as CSV and try again.",
        "Das ist keine Tabelle als Text: {reason}. Als CSV speichern und noch einmal versuchen.",
    ),
    _no(
        "import_columns",
        422,
        "Columns are missing or stand twice: {columns}. The file has: {got}",
        "Spalten fehlen oder stehen doppelt: {columns}. Die Datei hat: {got}",
    ),
    _no(
        "import_faulty",
        409,
        "{count} cannot be taken as they are. Mend the file, or start it without them.",
        "{count} können so nicht übernommen werden. Datei berichtigen oder ohne sie starten.",
    ),
    _no(
        "import_disk",
        503,
        "The file could not be kept. Is the disk full?",
        "Die Datei ließ sich nicht ablegen. Ist die Platte voll?",
    ),
    _no("too_often", 429, "That was asked too often. Wait {seconds} s.", "Das war zu oft. Warte {seconds} s."),
    # --- the house
    _no("nothing_to_print", 404, "There is nothing of it to print yet.", "Davon gibt es noch nichts zu drucken."),
    _no("not_found", 404, "There is nothing at this address.", "Unter dieser Adresse gibt es nichts."),
    _no("invalid", 422, "Faults in the request: {count}.", "Fehler in der Anfrage: {count}."),
    _no("topic_unknown", 404, "There is no live topic {topic}.", "Es gibt kein Live-Thema {topic}."),
    _no(
        "too_many_topics",
        409,
        "One connection follows at most {most} topics.",
        "Eine Verbindung folgt höchstens {most} Themen.",
    ),
    _no(
        "busy",
        503,
        "Too much at once. Try again in a moment.",
        "Gerade zu viel auf einmal. Gleich noch einmal versuchen.",
    ),
    _no(
        "write_failed",
        503,
        "The database could not write it. Nothing of it was kept. Try again.",
        "Die Datenbank konnte es nicht schreiben. Nichts davon wurde behalten. Noch einmal versuchen.",
    ),
    _no(
        "write_lost",
        503,
        "The answer of the database was lost. Ask again with the same id.",
        "Die Antwort der Datenbank ging verloren. Frage mit derselben Kennung noch einmal.",
    ),
)

OUTCOMES: Final[dict[str, Outcome]] = {row.code: row for row in _ROWS}
if len(OUTCOMES) != len(_ROWS):
    raise ValueError("an outcome code stands twice in the catalogue")
