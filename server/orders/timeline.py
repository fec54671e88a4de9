"""Why: everything that happened to an order is told in words that somebody chose, in both languages.

A row of a timeline keeps a key of `TIMELINE` and its parameters; the words are put in when it is shown. `{quantity}`
is filled in by `change`, `{item}` by whoever shows it. `also` are further parameters a row may carry.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

Tone = Literal["info", "ok", "warn", "error"]


class Told(msgspec.Struct, frozen=True):
    """One kind of thing that can happen: its words, its colour, and what else a row of it may carry."""

    key: str
    tone: Tone
    en: str
    de: str
    also: frozenset[str] = frozenset()

    @property
    def params(self) -> frozenset[str]:
        """The names in its texts."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self.en) if name)


def _row(key: str, tone: Tone, en: str, de: str, also: str = "") -> Told:
    return Told(key, tone, en, de, frozenset(also.split()))


_FLOOR: Final = "bin tote tour slot lot task cart station"

_ROWS: Final = (
    # --- the order
    _row("captured", "ok", "Captured from {channel}, {external_ref}", "Erfasst von {channel}, {external_ref}"),
    _row("customer_note", "info", "The customer wrote something", "Die Kundschaft schrieb etwas"),
    _row("held", "warn", "Held: {reason}", "Gesperrt: {reason}", "hold"),
    _row("held_by_rule", "warn", "Held by the rule “{rule}” ({kind}, {version}): {reason}",
         "Gesperrt durch die Regel „{rule}“ ({kind}, {version}): {reason}", "hold"),
    _row("hold_escalated", "error", "Nobody has decided in time: {reason}",
         "Niemand hat rechtzeitig entschieden: {reason}", "hold owner"),
    _row("routed", "info", "{warehouse} sends it, by the rule “{rule}” ({kind}, {version})",
         "{warehouse} versendet ihn, durch die Regel „{rule}“ ({kind}, {version})"),
    _row("service_chosen", "info", "It goes by {service}, by the rule “{rule}” ({kind}, {version})",
         "Er geht mit {service}, durch die Regel „{rule}“ ({kind}, {version})"),
    _row("policy_chosen", "info", "By the rule “{rule}” ({kind}, {version}): {policy}",
         "Durch die Regel „{rule}“ ({kind}, {version}): {policy}"),
    _row("tagged", "info", "Marked “{tag}” by the rule “{rule}” ({kind}, {version})",
         "Als „{tag}“ markiert durch die Regel „{rule}“ ({kind}, {version})"),
    _row("marked", "info", "Marked “{tag}”", "Als „{tag}“ markiert"),
    _row("unmarked", "info", "No longer marked “{tag}”", "Nicht mehr als „{tag}“ markiert"),
    _row("hold_released", "ok", "Hold released: {reason}", "Sperre aufgehoben: {reason}", "hold"),
    _row("hold_lapsed", "info", "Hold ended, order cancelled: {reason}", "Sperre endet, storniert: {reason}", "hold"),
    _row("cancelled", "error", "Units cancelled: {quantity}", "Storniert: {quantity} Stück"),
    _row("units_cancelled", "warn", "Units of {item} cancelled: {quantity}",
         "Von {item} storniert: {quantity} Stück", "line"),
    _row("units_added", "warn", "{quantity} × {item} more", "{quantity} × {item} mehr", "sku"),
    _row("merged_into", "warn", "Everything of it went to order {order}", "Alles davon ging an Auftrag {order}"),
    _row("merged_from", "info", "It took in order {order}", "Er hat Auftrag {order} aufgenommen"),
    _row("address_changed", "warn", "Address changed: {now} instead of {before}",
         "Adresse geändert: {now} statt {before}"),
    _row("customer_changed", "info", "Name, mail or phone changed", "Name, Mail oder Telefon geändert"),
    _row("service_changed", "warn", "Goes by {service} instead of {before}", "Geht per {service} statt {before}"),
    _row("ships_in_parts", "warn", "May go in parts from now on", "Darf ab jetzt in Teilen gehen"),
    _row("ships_at_once", "warn", "Goes all at once from now on", "Geht ab jetzt nur als Ganzes"),
    _row("sourced", "info", "From {warehouse}, chosen by: {why}",
         "Aus {warehouse}, gewählt nach: {why}", "policy"),
    _row("changed_at_channel", "info", "Changed at the channel: {reason} {detail}",
         "Beim Kanal geändert: {reason} {detail}", "incoming"),
    _row("not_changed_at_channel", "warn", "Changed at the channel, not possible here any more: {reason} {detail}",
         "Beim Kanal geändert, hier nicht mehr möglich: {reason} {detail}", "incoming"),
    _row("sourced_in_part", "info", "{quantity} of it from {warehouse}, they are nowhere else in sight",
         "Davon {quantity} aus {warehouse}, sie sind sonst nirgends in Sicht"),
    _row("promise_given", "ok", "Promised for {day}", "Zugesagt für {day}", "before"),
    _row("promise_moved", "warn", "Now promised for {day}, before {before}",
         "Jetzt zugesagt für {day}, vorher {before}"),
    _row("promise_lost", "warn", "No day is known any more, before {before}",
         "Kein Tag mehr bekannt, vorher {before}", "day"),
    _row("link_taken_back", "info", "The customer's link was taken back",
         "Der Link der Kundschaft wurde zurückgenommen"),
    _row("released", "ok", "Given to {warehouse}", "An {warehouse} gegeben", "wave"),
    _row("release_undone", "warn", "Release taken back, {warehouse}",
         "Freigabe zurückgenommen, {warehouse}", "wave"),
    _row("message_sent", "info", "The customer was told, by {channel}: {thing}",
         "Der Kundschaft gesagt, per {channel}: {thing}", "message"),
    _row("message_failed", "warn", "The customer could not be told, by {channel}: {thing}",
         "Ließ sich der Kundschaft nicht sagen, per {channel}: {thing}", "message"),
    _row("message_unsure", "warn", "Nobody knows whether the customer was told, by {channel}: {thing}",
         "Niemand weiß, ob es der Kundschaft gesagt wurde, per {channel}: {thing}", "message"),
    # --- the money
    _row("payment_intended", "info", "Payment is being asked for: {amount}", "Zahlung wird angefragt: {amount}"),
    _row("payment_follows", "info", "It now costs {amount}", "Er kostet jetzt {amount}"),
    _row("payment_taking", "info", "Money is being taken: {amount}", "Geld wird eingezogen: {amount}"),
    _row("payment_authorised", "ok", "Payment authorised, {amount}", "Zahlung autorisiert, {amount}", "until"),
    _row("payment_declined", "error", "Payment declined: {why}", "Zahlung abgelehnt: {why}", "kind"),
    _row("payment_due", "ok", "Paid by {method}, {amount}", "Zahlung per {method}, {amount}"),
    _row("payment_awaited", "info", "Money is awaited: {amount}", "Geld wird erwartet: {amount}"),
    _row("payment_received", "ok", "Money received, {amount}", "Geld erhalten, {amount}"),
    _row("payment_on_account", "ok", "On account, {amount}, due {days} days after it ships",
         "Auf Rechnung, {amount}, fällig {days} Tage nach dem Versand"),
    _row("payment_invoiced", "ok", "Invoiced: {amount}", "In Rechnung gestellt: {amount}", "due"),
    _row("payment_credited", "ok", "Credited: {amount}", "Gutgeschrieben: {amount}"),
    _row("payment_captured", "ok", "Payment taken, {amount}", "Zahlung eingezogen, {amount}"),
    _row("payment_renewing", "info", "Money is being set aside anew: {amount}",
         "Zahlung wird neu reserviert: {amount}"),
    _row("payment_renewed", "ok", "Money set aside anew, {amount}", "Zahlung neu reserviert, {amount}", "until"),
    _row("payment_renewal_declined", "warn", "Could not be set aside anew: {why}",
         "Ließ sich nicht neu reservieren: {why}"),
    _row("payment_lapsed", "warn", "The card's authorisation ran out", "Die Autorisierung der Karte ist abgelaufen"),
    _row("payment_rest_let_go", "info", "What was set aside beyond it was let go",
         "Was darüber reserviert war, wurde freigegeben"),
    _row("payment_refunding", "info", "To be paid back: {amount}", "Wird zurückgezahlt: {amount}"),
    _row("payment_refunded", "ok", "Paid back, {amount}", "Zurückgezahlt, {amount}"),
    _row("payment_refund_declined", "error", "Could not be paid back, {amount}: {why}",
         "Ließ sich nicht zurückzahlen, {amount}: {why}"),
    _row("payment_refund_returned", "error", "What was paid back came back, {amount}: {why}",
         "Die Rückzahlung kam zurück, {amount}: {why}"),
    _row("payment_voiding", "info", "Payment is being let go", "Zahlungsreservierung wird aufgehoben"),
    _row("payment_voided", "info", "Payment let go", "Zahlungsreservierung aufgehoben"),
    _row("payment_retried", "info", "Payment is tried again", "Zahlung wird erneut versucht"),
    # --- a fulfilment
    _row("fulfilment_created", "info", "Part for {warehouse}, lines: {lines}",
         "Teil für {warehouse}, Positionen: {lines}", "wave"),
    _row("fulfilment_withdrawn", "warn", "Taken back from the warehouse", "Vom Lager zurückgenommen", "wave"),
    _row("fulfilment_visible", "ok", "On the floor", "Auf der Fläche", "wave"),
    _row("packing_stopped", "warn", "Packing is stopped: {reason}", "Packen ist gestoppt: {reason}"),
    _row("packing_goes_on", "ok", "Packing goes on", "Packen geht weiter"),
    # --- a line
    _row("reserved", "info", "{quantity} × {item} reserved", "{quantity} × {item} reserviert", _FLOOR),
    _row("unreserved", "info", "{quantity} × {item} no longer reserved", "{quantity} × {item} wieder frei", _FLOOR),
    _row("backordered", "warn", "{quantity} × {item} on backorder", "{quantity} × {item} im Rückstand",
         "reason expected"),
    _row("given_back", "info", "{quantity} × {item} wait with the order for stock",
         "{quantity} × {item} warten beim Auftrag auf Ware"),
    _row("picked", "ok", "{quantity} × {item} picked", "{quantity} × {item} gepickt", _FLOOR),
    _row("over_picked", "warn", "{quantity} × {item} too many picked, to put back",
         "{quantity} × {item} zu viel gepickt, zurückzulegen", _FLOOR),
    _row("shorted", "warn", "{quantity} × {item} missing", "{quantity} × {item} fehlen", f"{_FLOOR} reason expected"),
    _row("reallocated", "info", "{quantity} × {item} from another bin", "{quantity} × {item} von einem anderen Platz",
         _FLOOR),
    _row("skipped", "info", "{item} skipped", "{item} übersprungen", f"{_FLOOR} reason"),
    _row("undone", "warn", "Taken back: {quantity} × {item}", "Rückgängig: {quantity} × {item}",
         f"{_FLOOR} command kind"),
    _row("put_back", "ok", "{quantity} × {item} put back", "{quantity} × {item} zurückgelegt", _FLOOR),
    _row("line_cancelled", "error", "{quantity} × {item} cancelled", "{quantity} × {item} storniert",
         "reserved picked packed"),
    _row("packed", "ok", "{quantity} × {item} packed", "{quantity} × {item} verpackt", f"{_FLOOR} carton"),
    _row("unpacked", "warn", "{quantity} × {item} taken out of the carton",
         "{quantity} × {item} aus dem Karton genommen", f"{_FLOOR} carton"),
    _row("shipped", "ok", "{quantity} × {item} shipped", "{quantity} × {item} versendet", "carton shipment"),
    _row("returned", "info", "{quantity} × {item} came back", "{quantity} × {item} zurückgekommen"),
    # --- told by other rooms about a fulfilment
    _row("packing_began", "info", "Packing began", "Packen begonnen", "tote station"),
    _row("parked", "info", "Waits on place {place} at {station} for its rest",
         "Wartet auf Platz {place} an {station} auf den Rest"),
    _row("carton_closed", "ok", "Carton {carton} closed", "Karton {carton} geschlossen", "sscc station tracking"),
    _row("carton_voided", "warn", "Carton {carton} emptied", "Karton {carton} geleert", "station"),
    _row("weight_accepted", "warn", "Carton {carton} weighs {grams} g, expected {expected} g: taken as it is",
         "Karton {carton} wiegt {grams} g statt {expected} g: so angenommen", "station"),
    _row("label_live", "ok", "Label {tracking}", "Etikett {tracking}", "carton service"),
    _row("label_printed", "info", "Label of carton {carton} printed: {printer}",
         "Etikett für Karton {carton} gedruckt: {printer}"),
    _row("label_moved", "warn", "Label of carton {carton} goes to another printer: {printer} instead of {before}",
         "Etikett für Karton {carton} geht an einen anderen Drucker: {printer} statt {before}"),
    _row("label_voided", "warn", "Label {tracking} void", "Etikett {tracking} ungültig", "carton"),
    _row("label_unnumbered", "error", "No carton number (SSCC) is left for carton {carton}",
         "Für Karton {carton} ist keine Kartonnummer (SSCC) mehr da"),
    _row("label_refused", "error", "The carrier refused: {reason}", "Der Versender lehnt ab: {reason}", "carton"),
    _row("shipment_closed", "ok", "Shipment {shipment} closed", "Sendung {shipment} geschlossen", "cartons"),
)  # fmt: skip

TIMELINE: Final[dict[str, Told]] = {row.key: row for row in _ROWS}
if len(TIMELINE) != len(_ROWS):
    raise ValueError("a key stands twice in the timeline's catalogue")

_FILLED: Final = frozenset({"item"})
"""Put in by whoever shows the row."""


def checked(what: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters, unchanged; raises ValueError for a key that is not in the catalogue or a text with a hole."""
    told = TIMELINE.get(what)
    if told is None:
        raise ValueError(f"the timeline has no {what!r}: add a row to orders/timeline.py")
    if lacking := told.params - _FILLED - params.keys():
        raise ValueError(f"timeline {what}: wanted {sorted(lacking)}, got {sorted(params)}")
    return params
