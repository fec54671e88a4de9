// What an order, a fulfilment or a line can be, with its texts.
// Written by `make docs`; change the table it comes from.

export const STATUSES = {
  "withdrawn": {
    "en": "Taken back",
    "de": "Zurückgenommen"
  },
  "cancelled": {
    "en": "Cancelled",
    "de": "Storniert"
  },
  "shipped": {
    "en": "Shipped",
    "de": "Versendet"
  },
  "on_hold": {
    "en": "On hold",
    "de": "Gesperrt"
  },
  "authorising": {
    "en": "Waiting for the payment",
    "de": "Zahlung wird geprüft"
  },
  "unpaid": {
    "en": "Not paid",
    "de": "Nicht bezahlt"
  },
  "ready": {
    "en": "Ready to release",
    "de": "Bereit zur Freigabe"
  },
  "releasing": {
    "en": "Being released",
    "de": "Wird freigegeben"
  },
  "backordered": {
    "en": "Backordered",
    "de": "Im Rückstand"
  },
  "packed": {
    "en": "Packed",
    "de": "Verpackt"
  },
  "packing": {
    "en": "Packing",
    "de": "Wird verpackt"
  },
  "picked": {
    "en": "Picked",
    "de": "Gepickt"
  },
  "picking": {
    "en": "Picking",
    "de": "Wird gepickt"
  },
  "reserved": {
    "en": "Reserved",
    "de": "Reserviert"
  },
  "open": {
    "en": "Open",
    "de": "Offen"
  },
  "released": {
    "en": "Released",
    "de": "Freigegeben"
  }
} as const;

export type Status = keyof typeof STATUSES;
