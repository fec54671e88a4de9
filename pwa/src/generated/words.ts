// What a code inside a sentence is called, in each language.
// Written by `make docs`; change the table it comes from.

export const SPOKEN: readonly string[] = [
  "channel",
  "got",
  "reason",
  "state",
  "thing",
  "wanted",
  "why"
];

export const WORDS = {
  "another_item": {
    "en": "another item",
    "de": "ein anderer Artikel"
  },
  "badge": {
    "en": "badge",
    "de": "Ausweis"
  },
  "bin": {
    "en": "bin",
    "de": "Platz"
  },
  "cart": {
    "en": "cart",
    "de": "Wagen"
  },
  "carton": {
    "en": "carton",
    "de": "Karton"
  },
  "command": {
    "en": "command card",
    "de": "Befehlskarte"
  },
  "gs1": {
    "en": "lot or serial label",
    "de": "Chargen- oder Seriennummer"
  },
  "item": {
    "en": "item",
    "de": "Artikel"
  },
  "quantity": {
    "en": "quantity",
    "de": "Menge"
  },
  "sscc": {
    "en": "shipping label",
    "de": "Versandetikett"
  },
  "station": {
    "en": "pack station",
    "de": "Packstation"
  },
  "tote": {
    "en": "tote",
    "de": "Kiste"
  },
  "file_empty": {
    "en": "it is empty",
    "de": "sie ist leer"
  },
  "file_binary": {
    "en": "it is no text",
    "de": "sie ist kein Text"
  },
  "row_too_long": {
    "en": "its first row is too long",
    "de": "ihre erste Zeile ist zu lang"
  },
  "quote_wrong": {
    "en": "a quotation mark of its first row is not closed",
    "de": "ein Anführungszeichen ihrer ersten Zeile bleibt offen"
  },
  "too_many_cells": {
    "en": "it has too many columns",
    "de": "sie hat zu viele Spalten"
  },
  "cell_too_long": {
    "en": "a cell of its first row is too long",
    "de": "ein Feld der ersten Zeile ist zu lang"
  },
  "nul": {
    "en": "its first row holds what is no text",
    "de": "ihre erste Zeile enthält etwas, das kein Text ist"
  },
  "blocked": {
    "en": "the bin cannot be reached",
    "de": "der Platz ist nicht erreichbar"
  },
  "damaged": {
    "en": "damaged",
    "de": "beschädigt"
  },
  "empty": {
    "en": "the bin is empty",
    "de": "der Platz ist leer"
  },
  "missing": {
    "en": "not in the tote",
    "de": "nicht in der Kiste"
  },
  "not_found": {
    "en": "something else is in the bin",
    "de": "im Platz liegt etwas anderes"
  },
  "more_than_wanted": {
    "en": "more than wanted",
    "de": "mehr als gebraucht"
  },
  "no_stock": {
    "en": "nothing of it is in stock",
    "de": "nichts davon ist vorrätig"
  },
  "no_stock_left": {
    "en": "no stock left",
    "de": "nichts mehr vorrätig"
  },
  "not_available": {
    "en": "not in stock",
    "de": "nicht vorrätig"
  },
  "order_cancelled": {
    "en": "order cancelled",
    "de": "Auftrag storniert"
  },
  "cancelled_by_customer": {
    "en": "the customer has cancelled it",
    "de": "die Kundschaft hat ihn storniert"
  },
  "parcels": {
    "en": "fewest parcels",
    "de": "die wenigsten Pakete"
  },
  "price": {
    "en": "cheapest carriage",
    "de": "die billigste Fracht"
  },
  "lacking": {
    "en": "more of it lies there",
    "de": "dort liegt mehr davon"
  },
  "out_of_sight": {
    "en": "more of it is in sight there",
    "de": "dort ist mehr davon in Sicht"
  },
  "queue": {
    "en": "fewer orders wait there",
    "de": "dort warten weniger Aufträge"
  },
  "zone": {
    "en": "nearest",
    "de": "am nächsten"
  },
  "number": {
    "en": "all alike, lowest number",
    "de": "alle gleich, kleinste Nummer"
  },
  "counts_differ": {
    "en": "two counts differ",
    "de": "zwei Zählungen weichen ab"
  },
  "more_put_back": {
    "en": "more was put back than was due",
    "de": "es wurde mehr zurückgelegt als fällig"
  },
  "more_than_booked": {
    "en": "a pick took more than the books had",
    "de": "gepickt wurde mehr als gebucht war"
  },
  "count_done": {
    "en": "the bin was counted since",
    "de": "der Platz wurde inzwischen gezählt"
  },
  "done_since": {
    "en": "something else happened here since",
    "de": "hier ist inzwischen etwas anderes geschehen"
  },
  "packed_or_cancelled": {
    "en": "it is packed or cancelled",
    "de": "es ist schon verpackt oder storniert"
  },
  "order_changed": {
    "en": "the order was changed since",
    "de": "der Auftrag wurde inzwischen geändert"
  },
  "put_back_since": {
    "en": "it was put back since",
    "de": "es wurde inzwischen zurückgelegt"
  },
  "replacement_begun": {
    "en": "what replaces it was already touched",
    "de": "der Ersatz dafür wurde schon angefasst"
  },
  "stock_given_away": {
    "en": "the stock went to other orders",
    "de": "der Bestand ging an andere Aufträge"
  },
  "stock_moved": {
    "en": "the goods are no longer in that bin",
    "de": "die Ware liegt nicht mehr in diesem Platz"
  },
  "tote_in_use": {
    "en": "its tote is used for another order",
    "de": "die Kiste dient schon einem anderen Auftrag"
  },
  "label_on_its_way": {
    "en": "its label is on the way, void it first",
    "de": "das Etikett ist unterwegs, mach es erst ungültig"
  },
  "asked_again": {
    "en": "asked for again",
    "de": "neu angefragt"
  },
  "carton_labelled": {
    "en": "a carton has its label, void it first at the pack station",
    "de": "ein Karton hat sein Etikett, mach es erst an der Packstation ungültig"
  },
  "voided_by_hand": {
    "en": "voided by hand",
    "de": "von Hand ungültig gemacht"
  },
  "changed_at_channel": {
    "en": "changed at the channel, and here it could not follow",
    "de": "beim Kanal geändert, hier ging es nicht mit"
  },
  "address_refused": {
    "en": "this address is not public, nor in a listed network",
    "de": "diese Adresse ist weder öffentlich noch in einem eingetragenen Netz"
  },
  "answer_late": {
    "en": "no answer in time",
    "de": "keine Antwort in der Zeit"
  },
  "by_hand": {
    "en": "switched off by hand",
    "de": "von Hand ausgeschaltet"
  },
  "connection_failed": {
    "en": "no connection, or it broke off",
    "de": "keine Verbindung, oder sie brach ab"
  },
  "endpoint_failing": {
    "en": "it took nothing for three days",
    "de": "drei Tage lang nahm er nichts an"
  },
  "endpoint_gone": {
    "en": "it says that it is gone for good",
    "de": "er sagt, dass es ihn nicht mehr gibt"
  },
  "answer_unreadable": {
    "en": "its answer cannot be read",
    "de": "seine Antwort ist nicht lesbar"
  },
  "nothing_to_fulfil": {
    "en": "the shop has nothing open that these parcels could be",
    "de": "der Shop hat nichts offen, was diese Pakete wären"
  },
  "shop_cannot_cancel": {
    "en": "the shop cannot cancel it: fulfilled in part, or its money stands in the way",
    "de": "der Shop kann ihn nicht stornieren: schon etwas versandt, oder seine Zahlung steht im Weg"
  },
  "https_wanted": {
    "en": "the address must begin with https://",
    "de": "die Adresse muss mit https:// beginnen"
  },
  "name_unknown": {
    "en": "no address is known by this name",
    "de": "unter diesem Namen ist keine Adresse bekannt"
  },
  "redirected": {
    "en": "it leads elsewhere, which is not followed",
    "de": "er leitet woandershin, dem wird nicht gefolgt"
  },
  "status_wrong": {
    "en": "it did not say yes",
    "de": "er hat nicht Ja gesagt"
  },
  "tls_failed": {
    "en": "its certificate does not hold",
    "de": "sein Zertifikat gilt nicht"
  },
  "url_malformed": {
    "en": "this is no address of the web",
    "de": "das ist keine Adresse im Web"
  },
  "email": {
    "en": "mail",
    "de": "Mail"
  },
  "sms": {
    "en": "text message",
    "de": "SMS"
  },
  "message": {
    "en": "message",
    "de": "Nachricht"
  },
  "message_confirmed": {
    "en": "order confirmed",
    "de": "Bestellung bestätigt"
  },
  "message_payment_declined": {
    "en": "payment declined",
    "de": "Zahlung abgelehnt"
  },
  "message_held": {
    "en": "address in doubt",
    "de": "Adresse zweifelhaft"
  },
  "message_short": {
    "en": "waits for goods",
    "de": "wartet auf Ware"
  },
  "message_repromised": {
    "en": "another day",
    "de": "ein anderer Tag"
  },
  "message_shipped": {
    "en": "shipped",
    "de": "versendet"
  },
  "message_changed": {
    "en": "order changed",
    "de": "Bestellung geändert"
  },
  "message_cancelled": {
    "en": "cancelled",
    "de": "storniert"
  },
  "message_refunded": {
    "en": "paid back",
    "de": "zurückgezahlt"
  },
  "address_not_mailable": {
    "en": "this address cannot be mailed to",
    "de": "an diese Adresse geht keine Mail"
  },
  "answer_lost": {
    "en": "the mail server's answer was lost",
    "de": "die Antwort des Mailservers ging verloren"
  },
  "gateway_address_wrong": {
    "en": "the gateway's address is wrong",
    "de": "die Adresse des SMS-Dienstes ist falsch"
  },
  "gateway_refused": {
    "en": "the gateway did not take it",
    "de": "der SMS-Dienst hat sie nicht angenommen"
  },
  "login_refused": {
    "en": "the mail server refuses our sign-in",
    "de": "der Mailserver lehnt unsere Anmeldung ab"
  },
  "mail_refused": {
    "en": "the mail server refuses it",
    "de": "der Mailserver lehnt sie ab"
  },
  "no_channel": {
    "en": "no way to send is set up",
    "de": "kein Versandweg eingerichtet"
  },
  "sender_lost": {
    "en": "the sender ended before the answer",
    "de": "der Absender endete vor der Antwort"
  },
  "parked": {
    "en": "waits",
    "de": "wartet"
  },
  "sent": {
    "en": "sent",
    "de": "gesendet"
  },
  "unsure": {
    "en": "unknown whether sent",
    "de": "unklar, ob gesendet"
  },
  "messages": {
    "en": "messages",
    "de": "Nachrichten"
  },
  "at_the_till": {
    "en": "somebody is at the till, no order yet",
    "de": "jemand ist an der Kasse, noch kein Auftrag"
  },
  "edit_told": {
    "en": "the whole order says how it was changed",
    "de": "der ganze Auftrag sagt, was geändert wurde"
  },
  "no_money": {
    "en": "no money was given back",
    "de": "es wurde kein Geld zurückgegeben"
  },
  "nothing_to_ship": {
    "en": "nothing of it needs shipping",
    "de": "nichts davon wird verschickt"
  },
  "order_done": {
    "en": "it has left already, without us",
    "de": "er ist schon unterwegs, ohne uns"
  },
  "order_missing": {
    "en": "its order has not come yet",
    "de": "sein Auftrag ist noch nicht gekommen"
  },
  "order_wrong": {
    "en": "it cannot be placed as it is",
    "de": "so lässt es sich nicht erfassen"
  },
  "reference_taken": {
    "en": "another order of this channel has the same name",
    "de": "ein anderer Auftrag dieses Kanals heißt genauso"
  },
  "shop_test": {
    "en": "a test of the shop, nothing to ship",
    "de": "ein Test des Shops, nichts zu verschicken"
  },
  "shop_unknown": {
    "en": "this channel was removed",
    "de": "dieser Kanal wurde entfernt"
  },
  "told_newer": {
    "en": "the channel has said something newer already",
    "de": "der Kanal hat schon Neueres gesagt"
  },
  "topic_unwanted": {
    "en": "nothing is made of this topic",
    "de": "mit diesem Thema geschieht nichts"
  },
  "went_wrong": {
    "en": "something broke here, the log says what",
    "de": "hier ging etwas schief, das Protokoll sagt was"
  },
  "channel_address": {
    "en": "another address or name",
    "de": "andere Adresse oder anderer Name"
  },
  "channel_cancel": {
    "en": "called off",
    "de": "abgesagt"
  },
  "channel_edited": {
    "en": "lines were changed, how is still to come",
    "de": "Positionen geändert, wie folgt noch"
  },
  "channel_fewer": {
    "en": "fewer units",
    "de": "weniger Stück"
  },
  "channel_more": {
    "en": "more units",
    "de": "mehr Stück"
  },
  "channel_paid": {
    "en": "it was paid",
    "de": "er wurde bezahlt"
  },
  "channel_refund": {
    "en": "money was given back",
    "de": "Geld wurde zurückgegeben"
  },
  "channel_revived": {
    "en": "called off before, wanted again",
    "de": "erst abgesagt, jetzt doch gewünscht"
  },
  "channel_service": {
    "en": "another way of shipping",
    "de": "andere Versandart"
  },
  "channel_unpaid": {
    "en": "it is not paid any more",
    "de": "er ist nicht mehr bezahlt"
  },
  "not_booked": {
    "en": "the server could not book it",
    "de": "der Server konnte es nicht buchen"
  },
  "ticket_another_device": {
    "en": "it was scanned on another device",
    "de": "es wurde auf einem anderen Gerät gescannt"
  },
  "ticket_expired": {
    "en": "it was scanned too long ago",
    "de": "es wurde vor zu langer Zeit gescannt"
  },
  "ticket_forged": {
    "en": "nobody knows who scanned it",
    "de": "niemand weiß, wer es gescannt hat"
  },
  "ticket_not_allowed": {
    "en": "whoever scanned it may not do this",
    "de": "wer es gescannt hat, darf das nicht"
  },
  "ticket_revoked": {
    "en": "the device or whoever scanned it is locked out",
    "de": "das Gerät oder wer es gescannt hat ist gesperrt"
  },
  "no_carton_type": {
    "en": "there is no carton type",
    "de": "es gibt keine Kartongröße"
  },
  "no_such_item": {
    "en": "nobody knows this item",
    "de": "diesen Artikel kennt niemand"
  },
  "no_such_order": {
    "en": "nobody knows this order",
    "de": "diesen Auftrag kennt niemand"
  },
  "no_such_station": {
    "en": "nobody knows this pack station",
    "de": "diese Packstation kennt niemand"
  },
  "not_in_tote": {
    "en": "the tote does not hold so many",
    "de": "so viele sind nicht in der Kiste"
  },
  "not_wanted": {
    "en": "its order does not want so many",
    "de": "so viele will der Auftrag nicht"
  },
  "absurd_quantity": {
    "en": "the quantity is very large",
    "de": "die Menge ist sehr groß"
  },
  "no_such_bin": {
    "en": "nobody knows this bin",
    "de": "diesen Platz kennt niemand"
  },
  "other_bin": {
    "en": "another bin was counted",
    "de": "ein anderer Platz wurde gezählt"
  },
  "no_such_command": {
    "en": "nobody knows what was meant",
    "de": "niemand weiß, was gemeint war"
  },
  "no_such_task": {
    "en": "nobody knows this task",
    "de": "diese Aufgabe kennt niemand"
  },
  "no_such_tote": {
    "en": "nobody knows this tote",
    "de": "diese Kiste kennt niemand"
  },
  "task_without_order": {
    "en": "the task belongs to no order",
    "de": "die Aufgabe gehört zu keinem Auftrag"
  },
  "printer_bad_answer": {
    "en": "answers nonsense",
    "de": "antwortet Unsinn"
  },
  "printer_buffer_full": {
    "en": "buffer full",
    "de": "Speicher voll"
  },
  "printer_busy": {
    "en": "printing",
    "de": "druckt"
  },
  "printer_cancelled": {
    "en": "called off",
    "de": "abgebrochen"
  },
  "printer_connection_lost": {
    "en": "connection lost",
    "de": "Verbindung verloren"
  },
  "printer_count_differs": {
    "en": "has counted differently",
    "de": "hat anders gezählt"
  },
  "printer_faulty": {
    "en": "faulty",
    "de": "gestört"
  },
  "printer_head_open": {
    "en": "head open",
    "de": "Druckkopf offen"
  },
  "printer_label_waiting": {
    "en": "label to be taken",
    "de": "Etikett abnehmen"
  },
  "printer_no_answer": {
    "en": "does not answer",
    "de": "antwortet nicht"
  },
  "printer_no_count": {
    "en": "does not count",
    "de": "zählt nicht"
  },
  "printer_offline": {
    "en": "not reached",
    "de": "nicht erreichbar"
  },
  "printer_paper_out": {
    "en": "no paper",
    "de": "kein Papier"
  },
  "printer_partial_format": {
    "en": "label cut off",
    "de": "Etikett unvollständig"
  },
  "printer_paused": {
    "en": "paused",
    "de": "angehalten"
  },
  "printer_ready": {
    "en": "ready",
    "de": "bereit"
  },
  "printer_ribbon_out": {
    "en": "no ribbon",
    "de": "kein Farbband"
  },
  "printer_sender_lost": {
    "en": "lost while printing",
    "de": "beim Drucken abgebrochen"
  },
  "printer_too_cold": {
    "en": "too cold",
    "de": "zu kalt"
  },
  "printer_too_hot": {
    "en": "too hot",
    "de": "zu heiß"
  },
  "printer_unknown": {
    "en": "state unknown",
    "de": "Zustand unbekannt"
  },
  "address_doubtful": {
    "en": "address in doubt",
    "de": "Adresse zweifelhaft"
  },
  "manual": {
    "en": "stopped by hand",
    "de": "von Hand angehalten"
  },
  "credit_exceeded": {
    "en": "credit limit reached",
    "de": "Kreditrahmen erschöpft"
  },
  "terms_ended": {
    "en": "terms on account ended",
    "de": "Bedingungen auf Rechnung beendet"
  },
  "payment_declined": {
    "en": "payment declined",
    "de": "Zahlung abgelehnt"
  },
  "age_to_check": {
    "en": "age to be checked",
    "de": "Alter zu prüfen"
  },
  "credit_doubtful": {
    "en": "credit in doubt",
    "de": "Bonität zweifelhaft"
  },
  "fraud_suspected": {
    "en": "fraud suspected",
    "de": "Betrugsverdacht"
  },
  "look_before_release": {
    "en": "to be looked at before release",
    "de": "vor der Freigabe anzusehen"
  },
  "not_permitted": {
    "en": "not permitted",
    "de": "nicht erlaubt"
  },
  "order_doubtful": {
    "en": "order in doubt",
    "de": "Auftrag zweifelhaft"
  },
  "rule_broken": {
    "en": "a rule is broken",
    "de": "eine Regel ist kaputt"
  },
  "phone_doubtful": {
    "en": "phone number in doubt",
    "de": "Telefonnummer zweifelhaft"
  },
  "already_released": {
    "en": "already released",
    "de": "schon freigegeben"
  },
  "authorisation_runs_out": {
    "en": "the card's authorisation runs out before it ships",
    "de": "die Autorisierung läuft vor dem Versand ab"
  },
  "authorising": {
    "en": "waits for the payment",
    "de": "wartet auf die Zahlung"
  },
  "backordered": {
    "en": "on backorder",
    "de": "im Rückstand"
  },
  "cancelled": {
    "en": "cancelled",
    "de": "storniert"
  },
  "declined": {
    "en": "payment declined",
    "de": "Zahlung abgelehnt"
  },
  "incomplete": {
    "en": "not complete, and it ships only whole",
    "de": "nicht vollständig, und er geht nur ganz hinaus"
  },
  "on_hold": {
    "en": "on hold",
    "de": "gesperrt"
  },
  "order_unknown": {
    "en": "no such order",
    "de": "kein solcher Auftrag"
  },
  "packed": {
    "en": "packed",
    "de": "verpackt"
  },
  "packing": {
    "en": "being packed",
    "de": "wird verpackt"
  },
  "picked": {
    "en": "picked",
    "de": "gepickt"
  },
  "picking": {
    "en": "being picked",
    "de": "wird gepickt"
  },
  "ready": {
    "en": "ready to release",
    "de": "bereit zur Freigabe"
  },
  "released": {
    "en": "released",
    "de": "freigegeben"
  },
  "releasing": {
    "en": "being released",
    "de": "wird freigegeben"
  },
  "reserved": {
    "en": "reserved",
    "de": "reserviert"
  },
  "shipped": {
    "en": "shipped",
    "de": "versendet"
  },
  "unpaid": {
    "en": "not paid",
    "de": "nicht bezahlt"
  },
  "voided": {
    "en": "payment let go",
    "de": "Zahlungsreservierung aufgehoben"
  },
  "voiding": {
    "en": "payment is being let go",
    "de": "Zahlungsreservierung wird aufgehoben"
  },
  "withdrawn": {
    "en": "taken back",
    "de": "zurückgenommen"
  },
  "draft": {
    "en": "being written",
    "de": "in Arbeit"
  },
  "dropped": {
    "en": "thrown away",
    "de": "verworfen"
  },
  "retired": {
    "en": "retired",
    "de": "abgelöst"
  },
  "device": {
    "en": "device",
    "de": "Gerät"
  },
  "fact set aside": {
    "en": "fact set aside",
    "de": "zurückgestellte Meldung"
  },
  "fulfilment": {
    "en": "fulfilment",
    "de": "Lieferteil"
  },
  "hold": {
    "en": "hold",
    "de": "Sperre"
  },
  "receipt": {
    "en": "delivery",
    "de": "Lieferung"
  },
  "import": {
    "en": "import",
    "de": "Import"
  },
  "label": {
    "en": "label",
    "de": "Etikett"
  },
  "order": {
    "en": "order",
    "de": "Auftrag"
  },
  "job on orders": {
    "en": "job on orders",
    "de": "Vorgang über Aufträge"
  },
  "order of a job": {
    "en": "order of a job",
    "de": "Auftrag eines Vorgangs"
  },
  "gateway news": {
    "en": "message of a gateway",
    "de": "Nachricht eines Zahlungsdienstes"
  },
  "payment": {
    "en": "payment",
    "de": "Zahlung"
  },
  "reconciliation": {
    "en": "comparison",
    "de": "Abgleich"
  },
  "payment intent": {
    "en": "payment step",
    "de": "Zahlungsschritt"
  },
  "print job": {
    "en": "print job",
    "de": "Druckauftrag"
  },
  "rule set": {
    "en": "rule set",
    "de": "Regelwerk"
  },
  "shipment": {
    "en": "shipment",
    "de": "Sendung"
  },
  "shop delivery": {
    "en": "delivery of a channel",
    "de": "Lieferung eines Kanals"
  },
  "task": {
    "en": "task",
    "de": "Aufgabe"
  },
  "tour": {
    "en": "tour",
    "de": "Tour der Kommissionierung"
  },
  "wave": {
    "en": "wave",
    "de": "Welle"
  },
  "webhook delivery": {
    "en": "delivery",
    "de": "Zustellung"
  },
  "webhook endpoint": {
    "en": "endpoint",
    "de": "Endpunkt"
  },
  "abandoned": {
    "en": "given up",
    "de": "aufgegeben"
  },
  "awaited": {
    "en": "awaited",
    "de": "erwartet"
  },
  "pending": {
    "en": "being worked at",
    "de": "in Arbeit"
  },
  "refunded": {
    "en": "paid back",
    "de": "zurückgezahlt"
  },
  "taken_back": {
    "en": "fallen through",
    "de": "geplatzt"
  },
  "asked": {
    "en": "being asked for",
    "de": "angefragt"
  },
  "assigned": {
    "en": "assigned",
    "de": "vergeben"
  },
  "authorised": {
    "en": "authorised",
    "de": "autorisiert"
  },
  "booked": {
    "en": "booked",
    "de": "gebucht"
  },
  "captured": {
    "en": "taken",
    "de": "eingezogen"
  },
  "capturing": {
    "en": "being taken",
    "de": "wird eingezogen"
  },
  "checked": {
    "en": "checked",
    "de": "geprüft"
  },
  "checking": {
    "en": "being checked",
    "de": "wird geprüft"
  },
  "closed": {
    "en": "closed",
    "de": "geschlossen"
  },
  "complete": {
    "en": "complete",
    "de": "vollständig"
  },
  "delivered": {
    "en": "delivered",
    "de": "zugestellt"
  },
  "dismissed": {
    "en": "dismissed",
    "de": "verworfen"
  },
  "done": {
    "en": "done",
    "de": "erledigt"
  },
  "enrolled": {
    "en": "enrolled",
    "de": "eingerichtet"
  },
  "failed": {
    "en": "failed",
    "de": "fehlgeschlagen"
  },
  "finished": {
    "en": "finished",
    "de": "beendet"
  },
  "ignored": {
    "en": "left alone",
    "de": "übergangen"
  },
  "intended": {
    "en": "planned",
    "de": "geplant"
  },
  "arrived": {
    "en": "arrived",
    "de": "eingetroffen"
  },
  "expected": {
    "en": "on its way",
    "de": "unterwegs"
  },
  "lapsed": {
    "en": "lapsed",
    "de": "verfallen"
  },
  "left": {
    "en": "left at the till",
    "de": "an der Kasse gegangen"
  },
  "live": {
    "en": "live",
    "de": "gültig"
  },
  "none": {
    "en": "not there",
    "de": "nicht vorhanden"
  },
  "off": {
    "en": "switched off",
    "de": "ausgeschaltet"
  },
  "offered": {
    "en": "offered",
    "de": "angeboten"
  },
  "on": {
    "en": "switched on",
    "de": "eingeschaltet"
  },
  "open": {
    "en": "open",
    "de": "offen"
  },
  "placed": {
    "en": "placed",
    "de": "erfasst"
  },
  "printed": {
    "en": "printed",
    "de": "gedruckt"
  },
  "queued": {
    "en": "in the queue",
    "de": "in der Warteschlange"
  },
  "received": {
    "en": "received",
    "de": "eingegangen"
  },
  "recovered": {
    "en": "came back",
    "de": "wiedergekommen"
  },
  "refused": {
    "en": "refused",
    "de": "abgelehnt"
  },
  "removed": {
    "en": "removed",
    "de": "entfernt"
  },
  "revoked": {
    "en": "locked",
    "de": "entzogen"
  },
  "running": {
    "en": "being written",
    "de": "wird übernommen"
  },
  "sending": {
    "en": "being sent",
    "de": "wird gesendet"
  },
  "staged": {
    "en": "handed over",
    "de": "übergeben"
  },
  "started": {
    "en": "started",
    "de": "begonnen"
  },
  "succeeded": {
    "en": "done well",
    "de": "gelungen"
  },
  "taken": {
    "en": "taken by somebody",
    "de": "übernommen"
  },
  "undoing": {
    "en": "being taken back",
    "de": "wird zurückgenommen"
  },
  "undone": {
    "en": "taken back",
    "de": "zurückgenommen"
  },
  "void": {
    "en": "void",
    "de": "ungültig"
  },
  "waiting": {
    "en": "waiting",
    "de": "wartend"
  },
  "wanted": {
    "en": "wanted",
    "de": "gewünscht"
  },
  "desk": {
    "en": "order desk",
    "de": "Auftragsannahme"
  },
  "market": {
    "en": "marketplace",
    "de": "Marktplatz"
  },
  "phone": {
    "en": "phone",
    "de": "Telefon"
  },
  "web": {
    "en": "web shop",
    "de": "Webshop"
  },
  "voided by hand": {
    "en": "voided by hand",
    "de": "von Hand ungültig gemacht"
  },
  "customer": {
    "en": "customer",
    "de": "Kundschaft"
  },
  "command line": {
    "en": "command line",
    "de": "Kommandozeile"
  },
  "order status": {
    "en": "order status",
    "de": "Auftragsstatus"
  },
  "demo": {
    "en": "demo data",
    "de": "Demodaten"
  },
  "keeper": {
    "en": "nightly care",
    "de": "Aufräumdienst"
  },
  "payments": {
    "en": "payment service",
    "de": "Zahlungsdienst"
  },
  "relay": {
    "en": "relay",
    "de": "Weitergabe"
  },
  "release": {
    "en": "wave release",
    "de": "Wellenfreigabe"
  },
  "shipping": {
    "en": "shipping",
    "de": "Versand"
  },
  "channels": {
    "en": "channels",
    "de": "Kanäle"
  },
  "json": {
    "en": "channel with its own JSON",
    "de": "Kanal mit eigenem JSON"
  },
  "shopify": {
    "en": "Shopify shop",
    "de": "Shopify-Shop"
  },
  "woocommerce": {
    "en": "WooCommerce shop",
    "de": "WooCommerce-Shop"
  },
  "spooler": {
    "en": "print queue",
    "de": "Druckwarteschlange"
  },
  "unknown": {
    "en": "somebody unknown",
    "de": "jemand Unbekanntes"
  },
  "webhooks": {
    "en": "webhook service",
    "de": "Webhook-Dienst"
  },
  "authorisation expired": {
    "en": "the authorisation has run out",
    "de": "die Autorisierung ist abgelaufen"
  },
  "authorisation was voided": {
    "en": "the authorisation was let go",
    "de": "die Autorisierung wurde aufgehoben"
  },
  "account closed": {
    "en": "the account is closed",
    "de": "das Konto ist geschlossen"
  },
  "amount_not_payable": {
    "en": "no card pays such an amount",
    "de": "diesen Betrag zahlt keine Karte"
  },
  "amount_too_large": {
    "en": "more than was authorised, or than can be",
    "de": "mehr als autorisiert war oder möglich ist"
  },
  "authentication_required": {
    "en": "the customer must confirm it",
    "de": "die Kundschaft muss sie bestätigen"
  },
  "card_declined": {
    "en": "the bank said no",
    "de": "die Bank hat abgelehnt"
  },
  "card_not_supported": {
    "en": "this card is not taken",
    "de": "diese Karte wird nicht genommen"
  },
  "charge_already_refunded": {
    "en": "it was paid back already",
    "de": "es wurde schon zurückgezahlt"
  },
  "charge_expired_for_capture": {
    "en": "the authorisation ran out",
    "de": "die Autorisierung lief ab"
  },
  "do_not_honor": {
    "en": "the bank says no without a reason",
    "de": "die Bank lehnt ohne Grund ab"
  },
  "expired_card": {
    "en": "the card has run out",
    "de": "die Karte ist abgelaufen"
  },
  "expired_or_canceled_card": {
    "en": "the card is no longer good",
    "de": "die Karte gilt nicht mehr"
  },
  "fraudulent": {
    "en": "the bank suspects fraud",
    "de": "die Bank vermutet Betrug"
  },
  "generic_decline": {
    "en": "the bank does not say why",
    "de": "die Bank sagt nicht, warum"
  },
  "incorrect_cvc": {
    "en": "the card's security code is wrong",
    "de": "die Prüfziffer der Karte ist falsch"
  },
  "insufficient_funds": {
    "en": "not enough money there",
    "de": "dort ist nicht genug Geld"
  },
  "insufficient_balance": {
    "en": "our own account there is empty",
    "de": "unser Konto dort ist leer"
  },
  "lost_card": {
    "en": "the card was lost",
    "de": "die Karte ging verloren"
  },
  "lost_or_stolen_card": {
    "en": "the card was lost or stolen",
    "de": "die Karte ist verloren oder gestohlen"
  },
  "more than was taken": {
    "en": "more than was taken",
    "de": "mehr als eingezogen wurde"
  },
  "payment_intent_unexpected_state": {
    "en": "it is past that there",
    "de": "dafür ist es dort zu spät"
  },
  "processing_error": {
    "en": "the bank could not do it",
    "de": "die Bank konnte es nicht ausführen"
  },
  "refund_failed": {
    "en": "it could not be paid back",
    "de": "es ließ sich nicht zurückzahlen"
  },
  "resource_missing": {
    "en": "the gateway does not know it",
    "de": "der Zahlungsdienst kennt es nicht"
  },
  "stolen_card": {
    "en": "the card was stolen",
    "de": "die Karte wurde gestohlen"
  },
  "card blocked": {
    "en": "the card is blocked",
    "de": "die Karte ist gesperrt"
  },
  "insufficient funds": {
    "en": "not enough money on the card",
    "de": "nicht genug Geld auf der Karte"
  },
  "more than was authorised": {
    "en": "more than was authorised",
    "de": "mehr als autorisiert war"
  },
  "unknown authorisation": {
    "en": "there is no such authorisation",
    "de": "diese Autorisierung gibt es nicht"
  },
  "unknown card": {
    "en": "nobody knows this card",
    "de": "diese Karte kennt niemand"
  }
} as const;
