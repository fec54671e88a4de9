// What a scan or a request can be answered, with its texts.
// Written by `make docs`; change the table it comes from.

export const OUTCOMES = {
  "done": {
    "severity": "ok",
    "sound": "right",
    "en": "Done.",
    "de": "Erledigt."
  },
  "bin_right": {
    "severity": "ok",
    "sound": "right",
    "en": "Right bin.",
    "de": "Richtiger Platz."
  },
  "tote_right": {
    "severity": "ok",
    "sound": "right",
    "en": "Right tote.",
    "de": "Richtige Kiste."
  },
  "item_right": {
    "severity": "ok",
    "sound": "right",
    "en": "Right item. {left} to go.",
    "de": "Richtiger Artikel. Noch {left}."
  },
  "item_to_count": {
    "severity": "ok",
    "sound": "right",
    "en": "Right item. Now count it.",
    "de": "Richtiger Artikel. Jetzt zählen."
  },
  "picked": {
    "severity": "ok",
    "sound": "right",
    "en": "{quantity} in slot {slot}.",
    "de": "{quantity} in Fach {slot}."
  },
  "stop_done": {
    "severity": "ok",
    "sound": "done",
    "en": "Done. Next: {bin}",
    "de": "Fertig. Weiter: {bin}"
  },
  "tour_taken": {
    "severity": "ok",
    "sound": "done",
    "en": "Tour {tour} is yours.",
    "de": "Tour {tour} gehört dir."
  },
  "cart_bound": {
    "severity": "ok",
    "sound": "right",
    "en": "Cart {cart} is ready.",
    "de": "Wagen {cart} ist bereit."
  },
  "tote_bound": {
    "severity": "ok",
    "sound": "right",
    "en": "Tote {tote} is in slot {slot}.",
    "de": "Kiste {tote} steht in Fach {slot}."
  },
  "tour_done": {
    "severity": "ok",
    "sound": "done",
    "en": "The tour is done.",
    "de": "Die Tour ist fertig."
  },
  "tour_finished": {
    "severity": "ok",
    "sound": "done",
    "en": "Totes handed over.",
    "de": "Kisten übergeben."
  },
  "shorted": {
    "severity": "ok",
    "sound": "right",
    "en": "Short noted: {missing} missing.",
    "de": "Fehlmenge notiert: {missing} fehlen."
  },
  "shorted_replaced": {
    "severity": "ok",
    "sound": "right",
    "en": "{missing} missing. Take them from {bin}.",
    "de": "{missing} fehlen. Nimm sie aus {bin}."
  },
  "shorted_backordered": {
    "severity": "ok",
    "sound": "right",
    "en": "{missing} missing, put on backorder.",
    "de": "{missing} fehlen, als Rückstand notiert."
  },
  "skipped": {
    "severity": "ok",
    "sound": "right",
    "en": "Skipped, it comes back at the end.",
    "de": "Übersprungen, kommt am Ende wieder."
  },
  "undone": {
    "severity": "ok",
    "sound": "right",
    "en": "Taken back.",
    "de": "Zurückgenommen."
  },
  "put_back": {
    "severity": "ok",
    "sound": "done",
    "en": "{quantity} put back into {bin}.",
    "de": "{quantity} zurück in {bin} gelegt."
  },
  "count_to_confirm": {
    "severity": "ok",
    "sound": "none",
    "en": "{counted} counted. Is that right?",
    "de": "{counted} gezählt. Stimmt das?"
  },
  "counted": {
    "severity": "ok",
    "sound": "right",
    "en": "Count noted: {counted}.",
    "de": "Zählung notiert: {counted}."
  },
  "pack_opened": {
    "severity": "ok",
    "sound": "right",
    "en": "Tote {tote}.",
    "de": "Kiste {tote}."
  },
  "packed": {
    "severity": "ok",
    "sound": "right",
    "en": "{packed} of {quantity}.",
    "de": "{packed} von {quantity}."
  },
  "carton_complete": {
    "severity": "ok",
    "sound": "done",
    "en": "That was the last one. The label is printing.",
    "de": "Das war das letzte Teil. Das Etikett wird gedruckt."
  },
  "carton_chosen": {
    "severity": "ok",
    "sound": "right",
    "en": "Carton {carton_type}.",
    "de": "Karton {carton_type}."
  },
  "weight_right": {
    "severity": "ok",
    "sound": "right",
    "en": "{grams} g is right.",
    "de": "{grams} g stimmt."
  },
  "carton_closed": {
    "severity": "ok",
    "sound": "done",
    "en": "Carton {carton} is closed.",
    "de": "Karton {carton} ist zu."
  },
  "reprinting": {
    "severity": "ok",
    "sound": "right",
    "en": "The label prints again.",
    "de": "Das Etikett wird neu gedruckt."
  },
  "unpacked": {
    "severity": "ok",
    "sound": "right",
    "en": "Taken out of the carton.",
    "de": "Aus dem Karton genommen."
  },
  "picked_put_back": {
    "severity": "card",
    "sound": "wrong",
    "en": "Order {order} no longer wants {quantity}. Put them back.",
    "de": "Auftrag {order} will {quantity} nicht mehr. Lege sie zurück."
  },
  "order_cancelled": {
    "severity": "card",
    "sound": "wrong",
    "en": "Order {order} was cancelled. Take {quantity} out of slot {slot} and put them back.",
    "de": "Auftrag {order} wurde storniert. Nimm {quantity} aus Fach {slot} und lege sie zurück."
  },
  "picked_elsewhere": {
    "severity": "card",
    "sound": "wrong",
    "en": "This was already picked by someone else. Put {quantity} back.",
    "de": "Das hat schon jemand anders gepickt. Lege {quantity} zurück."
  },
  "picked_over_stock": {
    "severity": "card",
    "sound": "wrong",
    "en": "Taken. The bin should have held fewer, it will be counted.",
    "de": "Angenommen. Laut Bestand lagen dort weniger, der Platz wird gezählt."
  },
  "over_picked": {
    "severity": "card",
    "sound": "wrong",
    "en": "{quantity} more than wanted. Put them back.",
    "de": "{quantity} mehr als gebraucht. Lege sie zurück."
  },
  "put_back_elsewhere": {
    "severity": "card",
    "sound": "wrong",
    "en": "Somebody else has put these back already. {bin} will be counted.",
    "de": "Das hat schon jemand anders zurückgelegt. {bin} wird gezählt."
  },
  "put_back_over": {
    "severity": "card",
    "sound": "wrong",
    "en": "Only {quantity} were to go back. {bin} will be counted.",
    "de": "Nur {quantity} sollten zurück. {bin} wird gezählt."
  },
  "counts_differ": {
    "severity": "card",
    "sound": "wrong",
    "en": "Somebody else has counted {bin} too, and found otherwise. It will be counted once more.",
    "de": "Jemand anders hat {bin} auch gezählt und etwas anderes gefunden. Er wird noch einmal gezählt."
  },
  "set_aside": {
    "severity": "card",
    "sound": "wrong",
    "en": "Noted for the supervisor: {reason}",
    "de": "Für die Schichtleitung notiert: {reason}"
  },
  "unknown_barcode": {
    "severity": "error",
    "sound": "wrong",
    "en": "Unknown barcode: {got}",
    "de": "Unbekannter Barcode: {got}"
  },
  "wrong_kind": {
    "severity": "error",
    "sound": "wrong",
    "en": "Scanned: {got}. Wanted: {wanted}",
    "de": "Gescannt: {got}. Gebraucht wird: {wanted}"
  },
  "wrong_bin": {
    "severity": "error",
    "sound": "wrong",
    "en": "This is bin {got}. Wanted: {wanted}",
    "de": "Das ist Platz {got}. Gebraucht wird: {wanted}"
  },
  "wrong_item": {
    "severity": "error",
    "sound": "wrong",
    "en": "This is {got}. Wanted: {wanted}",
    "de": "Das ist {got}. Gebraucht wird: {wanted}"
  },
  "wrong_lot": {
    "severity": "error",
    "sound": "wrong",
    "en": "This is lot {got}. Wanted: {wanted}",
    "de": "Das ist Charge {got}. Gebraucht wird: {wanted}"
  },
  "wrong_tote": {
    "severity": "error",
    "sound": "wrong",
    "en": "This is tote {got}. Wanted: {wanted}",
    "de": "Das ist Kiste {got}. Gebraucht wird: {wanted}"
  },
  "check_digits_wrong": {
    "severity": "error",
    "sound": "wrong",
    "en": "These check digits are not of this bin.",
    "de": "Diese Prüfziffern gehören nicht zu diesem Platz."
  },
  "over_pick": {
    "severity": "error",
    "sound": "wrong",
    "en": "That is more than wanted: {wanted}.",
    "de": "Das ist mehr als gebraucht: {wanted}."
  },
  "quantity_wrong": {
    "severity": "error",
    "sound": "wrong",
    "en": "Quantity must be {wanted}, not {got}.",
    "de": "Menge muss {wanted} sein, nicht {got}."
  },
  "quantity_absurd": {
    "severity": "warn",
    "sound": "wrong",
    "en": "{got} is very much. Scan again to confirm.",
    "de": "{got} ist sehr viel. Zum Bestätigen noch einmal scannen."
  },
  "tote_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no tote {tote}.",
    "de": "Es gibt keine Kiste {tote}."
  },
  "tote_not_empty": {
    "severity": "error",
    "sound": "wrong",
    "en": "Tote {tote} is not empty.",
    "de": "Kiste {tote} ist nicht leer."
  },
  "tote_used": {
    "severity": "error",
    "sound": "wrong",
    "en": "Tote {tote} is on another tour.",
    "de": "Kiste {tote} gehört zu einer anderen Tour."
  },
  "tote_in_slot": {
    "severity": "error",
    "sound": "wrong",
    "en": "Tote {tote} already stands in slot {slot} of this tour.",
    "de": "Kiste {tote} steht schon in Fach {slot} dieser Tour."
  },
  "slot_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "This tour has no slot {slot}.",
    "de": "Diese Tour hat kein Fach {slot}."
  },
  "slot_taken": {
    "severity": "error",
    "sound": "wrong",
    "en": "Slot {slot} already holds tote {tote}.",
    "de": "In Fach {slot} steht schon Kiste {tote}."
  },
  "cart_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no cart {cart}.",
    "de": "Es gibt keinen Wagen {cart}."
  },
  "cart_used": {
    "severity": "error",
    "sound": "wrong",
    "en": "Cart {cart} is on another tour.",
    "de": "Wagen {cart} gehört zu einer anderen Tour."
  },
  "tour_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such tour here.",
    "de": "Diese Tour gibt es hier nicht."
  },
  "tour_claimed": {
    "severity": "error",
    "sound": "wrong",
    "en": "Tour {tour} belongs to {person}.",
    "de": "Tour {tour} gehört {person}."
  },
  "tour_not_ready": {
    "severity": "error",
    "sound": "wrong",
    "en": "Some stops are still open: {left}.",
    "de": "Noch offene Stopps: {left}."
  },
  "fact_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such scan here.",
    "de": "Diese Meldung gibt es hier nicht."
  },
  "fact_not_bookable": {
    "severity": "error",
    "sound": "wrong",
    "en": "It cannot be booked: {reason}",
    "de": "Es lässt sich nicht buchen: {reason}"
  },
  "task_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such task here.",
    "de": "Diese Aufgabe gibt es hier nicht."
  },
  "nothing_to_undo": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is nothing to take back.",
    "de": "Es gibt nichts zurückzunehmen."
  },
  "undo_too_late": {
    "severity": "error",
    "sound": "wrong",
    "en": "This can no longer be taken back: {reason}",
    "de": "Das lässt sich nicht mehr zurücknehmen: {reason}"
  },
  "bin_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no bin {bin}.",
    "de": "Es gibt keinen Platz {bin}."
  },
  "no_aisles": {
    "severity": "error",
    "sound": "wrong",
    "en": "This warehouse has no aisles yet. Lay them out or import its bins in the set-up.",
    "de": "Dieses Lager hat noch keine Gänge. Bitte in der Einrichtung anlegen oder die Plätze einlesen."
  },
  "item_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no item {item}.",
    "de": "Es gibt keinen Artikel {item}."
  },
  "command_malformed": {
    "severity": "error",
    "sound": "wrong",
    "en": "This command cannot be read: {reason}",
    "de": "Dieser Befehl ist nicht lesbar: {reason}"
  },
  "command_id_reused": {
    "severity": "error",
    "sound": "wrong",
    "en": "This id was used for another command.",
    "de": "Diese Kennung gehört zu einem anderen Befehl."
  },
  "already_taken": {
    "severity": "ok",
    "sound": "none",
    "en": "This was already taken.",
    "de": "Das ist schon angekommen."
  },
  "after_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "The step before was refused, so this one is too.",
    "de": "Der Schritt davor wurde abgelehnt, deshalb auch dieser."
  },
  "ticket_invalid": {
    "severity": "error",
    "sound": "wrong",
    "en": "The upload ticket is not valid.",
    "de": "Das Upload-Ticket ist nicht gültig."
  },
  "device_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "This device is not enrolled here.",
    "de": "Dieses Gerät ist hier nicht eingerichtet."
  },
  "device_revoked": {
    "severity": "error",
    "sound": "wrong",
    "en": "This device was locked.",
    "de": "Dieses Gerät wurde gesperrt."
  },
  "app_too_old": {
    "severity": "error",
    "sound": "wrong",
    "en": "This app is too old. Update it: nothing is lost.",
    "de": "Diese App ist zu alt. Bitte aktualisieren, nichts geht verloren."
  },
  "order_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no order {order}.",
    "de": "Es gibt keinen Auftrag {order}."
  },
  "order_invalid": {
    "severity": "error",
    "sound": "wrong",
    "en": "Faults in the order: {count}.",
    "de": "Fehler im Auftrag: {count}."
  },
  "order_ended": {
    "severity": "error",
    "sound": "wrong",
    "en": "Order {order} is {state} and changes no more. A new order sends more, a return takes goods back.",
    "de": "Auftrag {order} ist {state} und ändert sich nicht mehr. Mehr: ein neuer Auftrag. Zurück: eine Retoure."
  },
  "cannot_merge": {
    "severity": "error",
    "sound": "wrong",
    "en": "Orders {order} and {other} cannot be merged.",
    "de": "Die Aufträge {order} und {other} lassen sich nicht zusammenlegen."
  },
  "order_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "This order is not taken: {reason}",
    "de": "Dieser Auftrag wird nicht angenommen: {reason}"
  },
  "key_reused": {
    "severity": "error",
    "sound": "wrong",
    "en": "This Idempotency-Key was used for another request.",
    "de": "Dieser Idempotency-Key gehört zu einer anderen Anfrage."
  },
  "key_missing": {
    "severity": "error",
    "sound": "wrong",
    "en": "The header Idempotency-Key is missing.",
    "de": "Der Header Idempotency-Key fehlt."
  },
  "link_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "This link leads to no order any more. Please ask the shop for a new one.",
    "de": "Dieser Link führt zu keinem Auftrag mehr. Bitte den Shop um einen neuen."
  },
  "nothing_to_refund": {
    "severity": "error",
    "sound": "wrong",
    "en": "Nothing was taken for order {order} that could go back.",
    "de": "Für Auftrag {order} wurde nichts eingenommen, das zurückgehen könnte."
  },
  "refund_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such refund to pay by hand.",
    "de": "Eine solche Rückzahlung von Hand gibt es nicht."
  },
  "nothing_to_receive": {
    "severity": "error",
    "sound": "wrong",
    "en": "No money is awaited for this order.",
    "de": "Für diesen Auftrag wird kein Geld erwartet."
  },
  "gateway_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no gateway {gateway}.",
    "de": "Einen Zahlungsdienst {gateway} gibt es nicht."
  },
  "news_not_proved": {
    "severity": "error",
    "sound": "wrong",
    "en": "This is not proved to be the gateway's own.",
    "de": "Es ist nicht bewiesen, dass dies vom Zahlungsdienst kommt."
  },
  "run_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such comparison.",
    "de": "Diesen Abgleich gibt es nicht."
  },
  "job_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such job on orders.",
    "de": "Diese Sammelaktion gibt es nicht."
  },
  "broken": {
    "severity": "error",
    "sound": "wrong",
    "en": "Something broke here with this order. It is in the log.",
    "de": "Mit diesem Auftrag ging hier etwas kaputt. Es steht im Protokoll."
  },
  "not_held": {
    "severity": "error",
    "sound": "wrong",
    "en": "Nothing holds this order.",
    "de": "Diesen Auftrag hält keine Sperre."
  },
  "tags_full": {
    "severity": "error",
    "sound": "wrong",
    "en": "An order has at most {most} tags. Remove one first.",
    "de": "Ein Auftrag trägt höchstens {most} Marken. Zuerst eine entfernen."
  },
  "hold_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such open hold.",
    "de": "Diese Sperre gibt es nicht."
  },
  "hold_not_releasable": {
    "severity": "error",
    "sound": "wrong",
    "en": "This hold cannot be released yet: {reason}",
    "de": "Diese Sperre lässt sich noch nicht aufheben: {reason}"
  },
  "line_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "Order {order} has no line {line}",
    "de": "Auftrag {order} hat keine Position {line}"
  },
  "label_stands": {
    "severity": "error",
    "sound": "wrong",
    "en": "Carton {carton} has a live label: void it first, then change the order",
    "de": "Karton {carton} hat ein gültiges Etikett: mach es erst ungültig, dann ändere den Auftrag"
  },
  "cancel_too_late": {
    "severity": "error",
    "sound": "wrong",
    "en": "Order {order} can no longer be cancelled: {reason}",
    "de": "Auftrag {order} lässt sich nicht mehr stornieren: {reason}"
  },
  "move_not_allowed": {
    "severity": "error",
    "sound": "wrong",
    "en": "The {thing} is {state}: this cannot be done any more.",
    "de": "{thing}: {state}. Das geht nicht mehr."
  },
  "rules_wrong": {
    "severity": "error",
    "sound": "wrong",
    "en": "Faults in the rules: {count}.",
    "de": "Fehler in den Regeln: {count}."
  },
  "template_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "This wave template is gone.",
    "de": "Diese Wellenvorlage gibt es nicht mehr."
  },
  "wave_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such wave here.",
    "de": "Diese Welle gibt es hier nicht."
  },
  "wave_empty": {
    "severity": "error",
    "sound": "wrong",
    "en": "None of these orders can be released.",
    "de": "Keiner dieser Aufträge kann freigegeben werden."
  },
  "already_released": {
    "severity": "error",
    "sound": "wrong",
    "en": "Order {order} is already released.",
    "de": "Auftrag {order} ist schon freigegeben."
  },
  "order_on_hold": {
    "severity": "error",
    "sound": "wrong",
    "en": "Order {order} cannot go: {reason}",
    "de": "Auftrag {order} kann nicht hinaus: {reason}"
  },
  "station_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such station here.",
    "de": "Diese Station gibt es hier nicht."
  },
  "tote_empty": {
    "severity": "error",
    "sound": "wrong",
    "en": "Tote {tote} is empty.",
    "de": "Kiste {tote} ist leer."
  },
  "tote_still_picking": {
    "severity": "error",
    "sound": "wrong",
    "en": "Tote {tote} is still being picked.",
    "de": "Kiste {tote} wird noch gepickt."
  },
  "not_of_this_order": {
    "severity": "error",
    "sound": "wrong",
    "en": "{got} does not belong to order {order}.",
    "de": "{got} gehört nicht zu Auftrag {order}."
  },
  "packed_enough": {
    "severity": "error",
    "sound": "wrong",
    "en": "All {quantity} of {item} are already packed.",
    "de": "Alle {quantity} von {item} sind schon verpackt."
  },
  "fulfilment_on_hold": {
    "severity": "error",
    "sound": "wrong",
    "en": "Order {order} is on hold. Leave it in the tote.",
    "de": "Auftrag {order} ist gesperrt. Lass ihn in der Kiste."
  },
  "fulfilment_cancelled": {
    "severity": "error",
    "sound": "wrong",
    "en": "Order {order} was cancelled. Leave it in the tote.",
    "de": "Auftrag {order} wurde storniert. Lass ihn in der Kiste."
  },
  "fulfilment_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such order here.",
    "de": "Diesen Auftrag gibt es hier nicht."
  },
  "cartons_missing": {
    "severity": "error",
    "sound": "wrong",
    "en": "None of these orders has anything in a carton yet.",
    "de": "Von keinem dieser Aufträge liegt schon etwas in einem Karton."
  },
  "too_many_papers": {
    "severity": "error",
    "sound": "wrong",
    "en": "These orders have more than {most} papers. Print fewer of them at once.",
    "de": "Diese Aufträge haben mehr als {most} Papiere. Drucke weniger davon auf einmal."
  },
  "carton_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such carton here.",
    "de": "Diesen Karton gibt es hier nicht."
  },
  "carton_type_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no carton type {carton_type}.",
    "de": "Es gibt keinen Kartontyp {carton_type}."
  },
  "carton_not_complete": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is still something to pack: {left}.",
    "de": "Es fehlt noch etwas: {left}."
  },
  "carton_to_unpack": {
    "severity": "error",
    "sound": "wrong",
    "en": "Cancelled meanwhile: take {quantity} out of carton {carton} and put them back first.",
    "de": "Inzwischen storniert: Nimm erst {quantity} Stück aus Karton {carton} und leg sie zurück."
  },
  "weight_missing": {
    "severity": "error",
    "sound": "wrong",
    "en": "Weigh the carton first.",
    "de": "Wiege zuerst den Karton."
  },
  "weight_wrong": {
    "severity": "warn",
    "sound": "wrong",
    "en": "{grams} g. Wanted: {low} to {high} g. Count again.",
    "de": "{grams} g. Erwartet: {low} bis {high} g. Zähle noch einmal."
  },
  "label_wrong": {
    "severity": "error",
    "sound": "wrong",
    "en": "This label belongs to another carton.",
    "de": "Dieses Etikett gehört zu einem anderen Karton."
  },
  "label_void": {
    "severity": "error",
    "sound": "wrong",
    "en": "This label is void: tear it off.",
    "de": "Dieses Etikett ist ungültig: reiß es ab."
  },
  "sscc_used_up": {
    "severity": "error",
    "sound": "wrong",
    "en": "The company prefix of this warehouse has no carton numbers (SSCC) left. Give it another one in the set-up.",
    "de": "Mit der GS1-Basisnummer dieses Lagers sind alle Kartonnummern (SSCC) vergeben. Gib ihm eine neue."
  },
  "label_missing": {
    "severity": "error",
    "sound": "wrong",
    "en": "This carton has no live label.",
    "de": "Dieser Karton hat kein gültiges Etikett."
  },
  "label_not_printed": {
    "severity": "error",
    "sound": "wrong",
    "en": "The label of carton {carton} is not printed yet. See to the printer, or print again; then scan the paper.",
    "de": "Das Etikett von Karton {carton} ist noch nicht gedruckt. Sieh nach dem Drucker, oder drucke noch einmal; dann scanne das Papier."
  },
  "carton_already_closed": {
    "severity": "error",
    "sound": "wrong",
    "en": "Carton {carton} is already closed.",
    "de": "Karton {carton} ist schon zu."
  },
  "printer_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such printer here.",
    "de": "Diesen Drucker gibt es hier nicht."
  },
  "printer_address_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "Printers may only be at the listed addresses, not at {got}.",
    "de": "Drucker dürfen nur an den eingetragenen Adressen stehen, nicht an {got}."
  },
  "print_job_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such print job here.",
    "de": "Diesen Druckauftrag gibt es hier nicht."
  },
  "sign_in_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "Badge or PIN is wrong.",
    "de": "Ausweis oder PIN ist falsch."
  },
  "sign_in_throttled": {
    "severity": "error",
    "sound": "wrong",
    "en": "Too many tries. Wait {seconds} s.",
    "de": "Zu viele Versuche. Warte {seconds} s."
  },
  "facts_wait": {
    "severity": "error",
    "sound": "wrong",
    "en": "{waiting} scans of this locked device wait for a supervisor. The others stay on it until then.",
    "de": "{waiting} Scans dieses gesperrten Geräts warten auf die Leitung. Die anderen bleiben so lange darauf."
  },
  "pin_must_change": {
    "severity": "error",
    "sound": "wrong",
    "en": "Choose a PIN of your own first.",
    "de": "Wähle zuerst eine eigene PIN."
  },
  "pin_weak": {
    "severity": "error",
    "sound": "wrong",
    "en": "A PIN has 6 to 12 digits and is not trivial.",
    "de": "Eine PIN hat 6 bis 12 Ziffern und ist nicht trivial."
  },
  "not_signed_in": {
    "severity": "error",
    "sound": "wrong",
    "en": "Sign in first.",
    "de": "Melde dich zuerst an."
  },
  "session_ended": {
    "severity": "error",
    "sound": "wrong",
    "en": "Your session has ended. Sign in again.",
    "de": "Deine Sitzung ist beendet. Melde dich neu an."
  },
  "not_allowed": {
    "severity": "error",
    "sound": "wrong",
    "en": "You may not do this: {permission}",
    "de": "Das darfst du nicht: {permission}"
  },
  "all_warehouses_only": {
    "severity": "error",
    "sound": "wrong",
    "en": "This is the same in every warehouse: only who works in all of them may do it.",
    "de": "Das gilt für alle Lager: Nur wer in allen arbeitet, darf das."
  },
  "other_warehouse": {
    "severity": "error",
    "sound": "wrong",
    "en": "This belongs to another warehouse.",
    "de": "Das gehört zu einem anderen Lager."
  },
  "origin_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "This request came from another site.",
    "de": "Diese Anfrage kam von einer anderen Seite."
  },
  "enrolment_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "This enrolment code is not valid.",
    "de": "Dieser Gerätecode ist nicht gültig."
  },
  "person_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such person.",
    "de": "Diese Person gibt es nicht."
  },
  "last_admin": {
    "severity": "error",
    "sound": "wrong",
    "en": "The last administrator must stay one.",
    "de": "Der letzte Administrator muss es bleiben."
  },
  "device_not_found": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such device.",
    "de": "Dieses Gerät gibt es nicht."
  },
  "key_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such key.",
    "de": "Diesen Schlüssel gibt es nicht."
  },
  "changed_meanwhile": {
    "severity": "error",
    "sound": "wrong",
    "en": "Somebody changed this in the meantime. Look at it as it is now, then change it.",
    "de": "Das hat inzwischen jemand geändert. Bitte neu ansehen und dann ändern."
  },
  "name_taken": {
    "severity": "error",
    "sound": "wrong",
    "en": "{field} {got} is already taken.",
    "de": "{field} {got} ist schon vergeben."
  },
  "customer_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such customer.",
    "de": "Diese Kundin oder diesen Kunden gibt es nicht."
  },
  "note_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such note.",
    "de": "Diese Notiz gibt es nicht."
  },
  "customer_taken": {
    "severity": "error",
    "sound": "wrong",
    "en": "Another customer is known by {got}. If both are the same, merge them.",
    "de": "Unter {got} ist schon jemand anders bekannt. Sind beide dieselben, führe sie zusammen."
  },
  "message_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such message.",
    "de": "Diese Nachricht gibt es nicht."
  },
  "webhook_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "Webhooks cannot go there: {reason}",
    "de": "Dorthin gehen keine Webhooks: {reason}"
  },
  "endpoint_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such endpoint.",
    "de": "Diesen Endpunkt gibt es nicht."
  },
  "endpoint_off": {
    "severity": "error",
    "sound": "wrong",
    "en": "This endpoint is switched off. Switch it on first.",
    "de": "Dieser Endpunkt ist ausgeschaltet. Schalte ihn zuerst ein."
  },
  "too_many_endpoints": {
    "severity": "error",
    "sound": "wrong",
    "en": "There can be {most} endpoints at most.",
    "de": "Mehr als {most} Endpunkte gehen nicht."
  },
  "channel_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "No channel is known as {channel}.",
    "de": "Als {channel} ist kein Kanal bekannt."
  },
  "signature_wrong": {
    "severity": "error",
    "sound": "wrong",
    "en": "The signature does not fit the body and the secret of this channel.",
    "de": "Die Signatur passt nicht zum Inhalt und zum Geheimnis dieses Kanals."
  },
  "reference_taken": {
    "severity": "error",
    "sound": "wrong",
    "en": "Another order of this channel has the same name.",
    "de": "Ein anderer Auftrag dieses Kanals heißt genauso."
  },
  "needs_a_person": {
    "severity": "error",
    "sound": "wrong",
    "en": "A person has to look at it.",
    "de": "Das muss sich ein Mensch ansehen."
  },
  "incoming_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such delivery of a channel.",
    "de": "Diese Lieferung eines Kanals gibt es nicht."
  },
  "delivery_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such delivery.",
    "de": "Diese Zustellung gibt es nicht."
  },
  "changed_since": {
    "severity": "error",
    "sound": "wrong",
    "en": "Somebody else has changed this meanwhile. Look again, then change it.",
    "de": "Das hat inzwischen jemand anders geändert. Sieh noch einmal nach, dann ändere es."
  },
  "stock_missing": {
    "severity": "error",
    "sound": "wrong",
    "en": "There are only {available} here.",
    "de": "Hier sind nur {available}."
  },
  "stock_reserved": {
    "severity": "error",
    "sound": "wrong",
    "en": "{reserved} of them are reserved.",
    "de": "Davon sind {reserved} reserviert."
  },
  "import_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no such import.",
    "de": "Diesen Import gibt es nicht."
  },
  "import_too_large": {
    "severity": "error",
    "sound": "wrong",
    "en": "The file is too large. At most {most} bytes.",
    "de": "Die Datei ist zu groß. Höchstens {most} Bytes."
  },
  "import_unreadable": {
    "severity": "error",
    "sound": "wrong",
    "en": "This is no table of text: {reason}. Save it as CSV and try again.",
    "de": "Das ist keine Tabelle als Text: {reason}. Als CSV speichern und noch einmal versuchen."
  },
  "import_columns": {
    "severity": "error",
    "sound": "wrong",
    "en": "Columns are missing or stand twice: {columns}. The file has: {got}",
    "de": "Spalten fehlen oder stehen doppelt: {columns}. Die Datei hat: {got}"
  },
  "import_faulty": {
    "severity": "error",
    "sound": "wrong",
    "en": "{count} cannot be taken as they are. Mend the file, or start it without them.",
    "de": "{count} können so nicht übernommen werden. Datei berichtigen oder ohne sie starten."
  },
  "import_disk": {
    "severity": "error",
    "sound": "wrong",
    "en": "The file could not be kept. Is the disk full?",
    "de": "Die Datei ließ sich nicht ablegen. Ist die Platte voll?"
  },
  "too_often": {
    "severity": "error",
    "sound": "wrong",
    "en": "That was asked too often. Wait {seconds} s.",
    "de": "Das war zu oft. Warte {seconds} s."
  },
  "nothing_to_print": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is nothing of it to print yet.",
    "de": "Davon gibt es noch nichts zu drucken."
  },
  "not_found": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is nothing at this address.",
    "de": "Unter dieser Adresse gibt es nichts."
  },
  "invalid": {
    "severity": "error",
    "sound": "wrong",
    "en": "Faults in the request: {count}.",
    "de": "Fehler in der Anfrage: {count}."
  },
  "topic_unknown": {
    "severity": "error",
    "sound": "wrong",
    "en": "There is no live topic {topic}.",
    "de": "Es gibt kein Live-Thema {topic}."
  },
  "too_many_topics": {
    "severity": "error",
    "sound": "wrong",
    "en": "One connection follows at most {most} topics.",
    "de": "Eine Verbindung folgt höchstens {most} Themen."
  },
  "busy": {
    "severity": "error",
    "sound": "wrong",
    "en": "Too much at once. Try again in a moment.",
    "de": "Gerade zu viel auf einmal. Gleich noch einmal versuchen."
  },
  "write_failed": {
    "severity": "error",
    "sound": "wrong",
    "en": "The database could not write it. Nothing of it was kept. Try again.",
    "de": "Die Datenbank konnte es nicht schreiben. Nichts davon wurde behalten. Noch einmal versuchen."
  },
  "write_lost": {
    "severity": "error",
    "sound": "wrong",
    "en": "The answer of the database was lost. Ask again with the same id.",
    "de": "Die Antwort der Datenbank ging verloren. Frage mit derselben Kennung noch einmal."
  },
  "malformed": {
    "severity": "error",
    "sound": "wrong",
    "en": "The body is no JSON: {reason}",
    "de": "Kein lesbares JSON: {reason}"
  },
  "bad_request": {
    "severity": "error",
    "sound": "wrong",
    "en": "This request cannot be read.",
    "de": "Diese Anfrage ist nicht lesbar."
  },
  "host_refused": {
    "severity": "error",
    "sound": "wrong",
    "en": "This server is not called {got}.",
    "de": "Dieser Server heißt nicht {got}."
  },
  "method_not_allowed": {
    "severity": "error",
    "sound": "wrong",
    "en": "This address does not know {got}. Wanted: {wanted}",
    "de": "Diese Adresse kennt {got} nicht. Möglich: {wanted}"
  },
  "body_too_large": {
    "severity": "error",
    "sound": "wrong",
    "en": "The body is too large. At most {wanted} bytes.",
    "de": "Die Anfrage ist zu groß. Höchstens {wanted} Bytes."
  },
  "database_away": {
    "severity": "error",
    "sound": "wrong",
    "en": "The database does not answer just now. Try again.",
    "de": "Die Datenbank antwortet gerade nicht. Bitte noch einmal."
  },
  "media_type_wrong": {
    "severity": "error",
    "sound": "wrong",
    "en": "The body must be {wanted}, not {got}.",
    "de": "Der Inhalt muss {wanted} sein, nicht {got}."
  },
  "internal": {
    "severity": "error",
    "sound": "wrong",
    "en": "Something broke here. It is in the log under this request id.",
    "de": "Hier ist etwas kaputt. Es steht im Protokoll unter dieser Anfrage-Kennung."
  }
} as const;

export type OutcomeCode = keyof typeof OUTCOMES;
