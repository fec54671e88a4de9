// What a file may bring: kinds and their columns.
// Written by `make docs`; change the table it comes from.

export const KINDS = [
  {
    "name": "items",
    "permission": "imports.items",
    "words": {
      "en": "Items",
      "de": "Artikel"
    },
    "rule": {
      "en": "One row an item. A known SKU is changed; what the file does not say stays as it is.",
      "de": "Eine Zeile je Artikel. Eine bekannte SKU wird geändert; was die Datei nicht sagt, bleibt."
    },
    "columns": [
      {
        "name": "sku",
        "required": true,
        "what": {
          "en": "What it is called everywhere; a known one is changed.",
          "de": "So heißt er überall; ein bekannter wird geändert."
        },
        "wanted": {
          "en": "letters, digits and . _ / -, at most 40",
          "de": "Buchstaben, Ziffern und . _ / -, höchstens 40"
        },
        "example": "40-0182"
      },
      {
        "name": "name_en",
        "required": true,
        "what": {
          "en": "Name in English.",
          "de": "Name auf Englisch."
        },
        "wanted": {
          "en": "text of at most 200 characters",
          "de": "Text von höchstens 200 Zeichen"
        },
        "example": "Acacia honey, 500 g"
      },
      {
        "name": "name_de",
        "required": false,
        "what": {
          "en": "Name in German.",
          "de": "Name auf Deutsch."
        },
        "wanted": {
          "en": "text of at most 200 characters",
          "de": "Text von höchstens 200 Zeichen"
        },
        "example": "Akazienhonig, 500 g"
      },
      {
        "name": "weight_g",
        "required": true,
        "what": {
          "en": "Weight of one unit, in grams.",
          "de": "Gewicht eines Stücks in Gramm."
        },
        "wanted": {
          "en": "a whole number from 0 to 1000000",
          "de": "eine ganze Zahl von 0 bis 1000000"
        },
        "example": "720"
      },
      {
        "name": "length_mm",
        "required": true,
        "what": {
          "en": "Length in millimetres.",
          "de": "Länge in Millimetern."
        },
        "wanted": {
          "en": "a whole number from 0 to 10000",
          "de": "eine ganze Zahl von 0 bis 10000"
        },
        "example": "80"
      },
      {
        "name": "width_mm",
        "required": true,
        "what": {
          "en": "Width in millimetres.",
          "de": "Breite in Millimetern."
        },
        "wanted": {
          "en": "a whole number from 0 to 10000",
          "de": "eine ganze Zahl von 0 bis 10000"
        },
        "example": "80"
      },
      {
        "name": "height_mm",
        "required": true,
        "what": {
          "en": "Height in millimetres.",
          "de": "Höhe in Millimetern."
        },
        "wanted": {
          "en": "a whole number from 0 to 10000",
          "de": "eine ganze Zahl von 0 bis 10000"
        },
        "example": "110"
      },
      {
        "name": "barcode",
        "required": false,
        "what": {
          "en": "Barcodes of one unit; several with a blank between them.",
          "de": "Barcodes eines Stücks; mehrere mit Leerzeichen dazwischen."
        },
        "wanted": {
          "en": "a GTIN of 8, 12, 13 or 14 digits with its check digit, or I-…",
          "de": "eine GTIN mit 8, 12, 13 oder 14 Stellen samt Prüfziffer, oder I-…"
        },
        "example": "4006381333931"
      },
      {
        "name": "inner_barcode",
        "required": false,
        "what": {
          "en": "Barcode of a whole inner.",
          "de": "Barcode einer ganzen Einheit: Zwischenverpackung."
        },
        "wanted": {
          "en": "a GTIN of 8, 12, 13 or 14 digits with its check digit, or I-…",
          "de": "eine GTIN mit 8, 12, 13 oder 14 Stellen samt Prüfziffer, oder I-…"
        },
        "example": ""
      },
      {
        "name": "inner_quantity",
        "required": false,
        "what": {
          "en": "Base units in one inner.",
          "de": "Stück je Einheit: Zwischenverpackung."
        },
        "wanted": {
          "en": "a whole number from 1 to 100000",
          "de": "eine ganze Zahl von 1 bis 100000"
        },
        "example": ""
      },
      {
        "name": "case_barcode",
        "required": false,
        "what": {
          "en": "Barcode of a whole case.",
          "de": "Barcode einer ganzen Einheit: Karton."
        },
        "wanted": {
          "en": "a GTIN of 8, 12, 13 or 14 digits with its check digit, or I-…",
          "de": "eine GTIN mit 8, 12, 13 oder 14 Stellen samt Prüfziffer, oder I-…"
        },
        "example": ""
      },
      {
        "name": "case_quantity",
        "required": false,
        "what": {
          "en": "Base units in one case.",
          "de": "Stück je Einheit: Karton."
        },
        "wanted": {
          "en": "a whole number from 1 to 100000",
          "de": "eine ganze Zahl von 1 bis 100000"
        },
        "example": ""
      },
      {
        "name": "pallet_barcode",
        "required": false,
        "what": {
          "en": "Barcode of a whole pallet.",
          "de": "Barcode einer ganzen Einheit: Palette."
        },
        "wanted": {
          "en": "a GTIN of 8, 12, 13 or 14 digits with its check digit, or I-…",
          "de": "eine GTIN mit 8, 12, 13 oder 14 Stellen samt Prüfziffer, oder I-…"
        },
        "example": ""
      },
      {
        "name": "pallet_quantity",
        "required": false,
        "what": {
          "en": "Base units in one pallet.",
          "de": "Stück je Einheit: Palette."
        },
        "wanted": {
          "en": "a whole number from 1 to 100000",
          "de": "eine ganze Zahl von 1 bis 100000"
        },
        "example": ""
      },
      {
        "name": "uom",
        "required": false,
        "what": {
          "en": "The unit that is counted; empty: each.",
          "de": "Die Einheit, die gezählt wird; leer: each."
        },
        "wanted": {
          "en": "each, inner, case or pallet",
          "de": "each, inner, case oder pallet"
        },
        "example": "each"
      },
      {
        "name": "tracking",
        "required": false,
        "what": {
          "en": "Whether lots, best-before dates or serials are kept; empty: none.",
          "de": "Ob Chargen, Haltbarkeit oder Seriennummern geführt werden; leer: none."
        },
        "wanted": {
          "en": "none, lot, lot_expiry or serial",
          "de": "none, lot, lot_expiry oder serial"
        },
        "example": "lot_expiry"
      },
      {
        "name": "velocity",
        "required": false,
        "what": {
          "en": "How fast it sells: A often, C seldom; empty: C.",
          "de": "Wie gut er geht: A oft, C selten; leer: C."
        },
        "wanted": {
          "en": "A, B or C",
          "de": "A, B oder C"
        },
        "example": "A"
      },
      {
        "name": "hazmat",
        "required": false,
        "what": {
          "en": "Dangerous goods number.",
          "de": "Gefahrgutnummer."
        },
        "wanted": {
          "en": "text of at most 40 characters",
          "de": "Text von höchstens 40 Zeichen"
        },
        "example": ""
      },
      {
        "name": "minimum_age",
        "required": false,
        "what": {
          "en": "Age that the law asks for of who buys it; empty: none.",
          "de": "Gesetzliches Mindestalter der Käufer; leer: keines."
        },
        "wanted": {
          "en": "a whole number from 0 to 99",
          "de": "eine ganze Zahl von 0 bis 99"
        },
        "example": "18"
      },
      {
        "name": "price",
        "required": false,
        "what": {
          "en": "Price of one unit.",
          "de": "Preis eines Stücks."
        },
        "wanted": {
          "en": "an amount such as 12.90 or 12,90",
          "de": "ein Betrag wie 12,90 oder 12.90"
        },
        "example": "6.49"
      },
      {
        "name": "currency",
        "required": false,
        "what": {
          "en": "Of the price; empty: EUR.",
          "de": "Für den Preis; leer: EUR."
        },
        "wanted": {
          "en": "a currency of ISO 4217, such as EUR",
          "de": "eine Währung nach ISO 4217, etwa EUR"
        },
        "example": "EUR"
      },
      {
        "name": "picture_svg",
        "required": false,
        "what": {
          "en": "A drawing, as SVG text.",
          "de": "Eine Zeichnung als SVG-Text."
        },
        "wanted": {
          "en": "a plain SVG drawing",
          "de": "eine einfache SVG-Zeichnung"
        },
        "example": ""
      },
      {
        "name": "active",
        "required": false,
        "what": {
          "en": "Whether it is sold; empty: yes.",
          "de": "Ob er verkauft wird; leer: ja."
        },
        "wanted": {
          "en": "yes or no",
          "de": "ja oder nein"
        },
        "example": "yes"
      }
    ]
  },
  {
    "name": "bins",
    "permission": "imports.bins",
    "words": {
      "en": "Bins",
      "de": "Plätze"
    },
    "rule": {
      "en": "One row a bin. A known code is changed; what the file does not say stays as it is.",
      "de": "Eine Zeile je Platz. Ein bekannter Code wird geändert; was die Datei nicht sagt, bleibt."
    },
    "columns": [
      {
        "name": "code",
        "required": true,
        "what": {
          "en": "The bin's code, without the B- of its barcode; a known one is changed.",
          "de": "Der Code des Platzes, ohne das B- seines Barcodes; ein bekannter wird geändert."
        },
        "wanted": {
          "en": "capitals, digits and dashes such as A07-03-B",
          "de": "Großbuchstaben, Ziffern, Striche, etwa A07-03-B"
        },
        "example": "A07-03-B"
      },
      {
        "name": "type",
        "required": false,
        "what": {
          "en": "What it is for; empty: pick.",
          "de": "Wofür er da ist; leer: pick."
        },
        "wanted": {
          "en": "pick, reserve, receiving, staging, pack, dock, quarantine, returns or cart",
          "de": "pick, reserve, receiving, staging, pack, dock, quarantine, returns oder cart"
        },
        "example": "pick"
      },
      {
        "name": "zone",
        "required": false,
        "what": {
          "en": "Code of its zone; an unknown one is made.",
          "de": "Kürzel der Zone; eine unbekannte wird angelegt."
        },
        "wanted": {
          "en": "text of at most 20 characters",
          "de": "Text von höchstens 20 Zeichen"
        },
        "example": "MEZ"
      },
      {
        "name": "zone_name",
        "required": false,
        "what": {
          "en": "Name of a new zone.",
          "de": "Name einer neuen Zone."
        },
        "wanted": {
          "en": "text of at most 100 characters",
          "de": "Text von höchstens 100 Zeichen"
        },
        "example": "Mezzanine"
      },
      {
        "name": "aisle",
        "required": false,
        "what": {
          "en": "Its aisle; empty: the code's first part. A new aisle is drawn beside the last.",
          "de": "Sein Gang; leer: der erste Teil des Codes. Ein neuer Gang kommt neben den letzten."
        },
        "wanted": {
          "en": "text of at most 20 characters",
          "de": "Text von höchstens 20 Zeichen"
        },
        "example": "A07"
      },
      {
        "name": "bay",
        "required": false,
        "what": {
          "en": "Its bay; empty: the code's second part.",
          "de": "Sein Feld; leer: der zweite Teil des Codes."
        },
        "wanted": {
          "en": "a whole number from 0 to 9999",
          "de": "eine ganze Zahl von 0 bis 9999"
        },
        "example": "3"
      },
      {
        "name": "level",
        "required": false,
        "what": {
          "en": "Its level; empty: the code's third part.",
          "de": "Seine Ebene; leer: der dritte Teil des Codes."
        },
        "wanted": {
          "en": "text of at most 10 characters",
          "de": "Text von höchstens 10 Zeichen"
        },
        "example": "B"
      },
      {
        "name": "side",
        "required": false,
        "what": {
          "en": "Its side of the aisle; empty: odd bays right, even ones left.",
          "de": "Seine Seite im Gang; leer: ungerade Felder rechts, gerade links."
        },
        "wanted": {
          "en": "left or right",
          "de": "left oder right"
        },
        "example": "right"
      },
      {
        "name": "sequence",
        "required": false,
        "what": {
          "en": "Its place in bin order; empty: the order of the file.",
          "de": "Seine Stelle in der Platzfolge; leer: die Reihenfolge der Datei."
        },
        "wanted": {
          "en": "a whole number from 0 to 1000000000",
          "de": "eine ganze Zahl von 0 bis 1000000000"
        },
        "example": "1050"
      },
      {
        "name": "x_mm",
        "required": false,
        "what": {
          "en": "Along the front.",
          "de": "Entlang der Front."
        },
        "wanted": {
          "en": "millimetres on the floor plan",
          "de": "Millimeter im Lagerplan"
        },
        "example": "16400"
      },
      {
        "name": "y_mm",
        "required": false,
        "what": {
          "en": "From the front to the back.",
          "de": "Von vorn nach hinten."
        },
        "wanted": {
          "en": "millimetres on the floor plan",
          "de": "Millimeter im Lagerplan"
        },
        "example": "2700"
      },
      {
        "name": "z_mm",
        "required": false,
        "what": {
          "en": "Above the floor.",
          "de": "Über dem Boden."
        },
        "wanted": {
          "en": "millimetres on the floor plan",
          "de": "Millimeter im Lagerplan"
        },
        "example": "600"
      },
      {
        "name": "check_digits",
        "required": false,
        "what": {
          "en": "What is typed to confirm it; empty: two digits are made.",
          "de": "Was man zur Bestätigung tippt; leer: zwei Ziffern werden erzeugt."
        },
        "wanted": {
          "en": "one to four digits",
          "de": "eine bis vier Ziffern"
        },
        "example": "42"
      },
      {
        "name": "max_weight_g",
        "required": false,
        "what": {
          "en": "What it carries, in grams.",
          "de": "Was er trägt, in Gramm."
        },
        "wanted": {
          "en": "a whole number from 0 to 1000000000",
          "de": "eine ganze Zahl von 0 bis 1000000000"
        },
        "example": "200000"
      },
      {
        "name": "max_volume_ml",
        "required": false,
        "what": {
          "en": "What goes in, in millilitres.",
          "de": "Was hineingeht, in Millilitern."
        },
        "wanted": {
          "en": "a whole number from 0 to 1000000000",
          "de": "eine ganze Zahl von 0 bis 1000000000"
        },
        "example": "700000"
      },
      {
        "name": "locked",
        "required": false,
        "what": {
          "en": "Whether nothing is taken from it; empty: no.",
          "de": "Ob nichts daraus entnommen wird; leer: nein."
        },
        "wanted": {
          "en": "yes or no",
          "de": "ja oder nein"
        },
        "example": "no"
      }
    ]
  },
  {
    "name": "stock",
    "permission": "imports.stock",
    "words": {
      "en": "Opening stock",
      "de": "Anfangsbestand"
    },
    "rule": {
      "en": "One row for each bin, item and lot. Booked once: a bin that holds the item already is skipped.",
      "de": "Eine Zeile je Platz, Artikel und Charge. Einmal gebucht: Ein Platz, der den Artikel schon hat, wird übersprungen."
    },
    "columns": [
      {
        "name": "bin",
        "required": true,
        "what": {
          "en": "Where it lies.",
          "de": "Wo es liegt."
        },
        "wanted": {
          "en": "a bin of this warehouse",
          "de": "ein Platz dieses Lagers"
        },
        "example": "A07-03-B"
      },
      {
        "name": "sku",
        "required": true,
        "what": {
          "en": "What lies there.",
          "de": "Was dort liegt."
        },
        "wanted": {
          "en": "an item of the catalogue",
          "de": "ein Artikel des Katalogs"
        },
        "example": "40-0182"
      },
      {
        "name": "quantity",
        "required": true,
        "what": {
          "en": "Base units of it.",
          "de": "Stück davon (Basiseinheit)."
        },
        "wanted": {
          "en": "a whole number from 1 to 10000000",
          "de": "eine ganze Zahl von 1 bis 10000000"
        },
        "example": "48"
      },
      {
        "name": "lot",
        "required": false,
        "what": {
          "en": "Its lot, where the item is kept by lot.",
          "de": "Die Charge, wenn der Artikel nach Chargen geführt wird."
        },
        "wanted": {
          "en": "text of at most 40 characters",
          "de": "Text von höchstens 40 Zeichen"
        },
        "example": "L2639"
      },
      {
        "name": "expiry",
        "required": false,
        "what": {
          "en": "Best before, where the item is kept by it.",
          "de": "Mindesthaltbarkeit, wenn der Artikel danach geführt wird."
        },
        "wanted": {
          "en": "a day such as 2027-03-31",
          "de": "ein Tag wie 2027-03-31"
        },
        "example": "2027-03-31"
      }
    ]
  },
  {
    "name": "orders",
    "permission": "orders.capture",
    "words": {
      "en": "Orders",
      "de": "Aufträge"
    },
    "rule": {
      "en": "One row a line; rows of one order stand next to each other. An order that is there is skipped.",
      "de": "Eine Zeile je Position; Zeilen eines Auftrags stehen untereinander. Ein Auftrag, der schon da ist, wird übersprungen."
    },
    "columns": [
      {
        "name": "reference",
        "required": true,
        "what": {
          "en": "The channel's own number. Rows with the same one, next to each other, are one order.",
          "de": "Die Nummer beim Kanal. Zeilen mit derselben, direkt untereinander, sind ein Auftrag."
        },
        "wanted": {
          "en": "text of at most 100 characters",
          "de": "Text von höchstens 100 Zeichen"
        },
        "example": "WEB-20417"
      },
      {
        "name": "channel",
        "required": false,
        "what": {
          "en": "Where it was sold; together with the reference it names the order for ever. Empty: import.",
          "de": "Wo verkauft wurde; mit der Referenz zusammen benennt das den Auftrag. Leer: import."
        },
        "wanted": {
          "en": "small letters, digits, - or _, at most 32",
          "de": "Kleinbuchstaben, Ziffern, - oder _, höchstens 32"
        },
        "example": "web"
      },
      {
        "name": "sku",
        "required": true,
        "what": {
          "en": "The item of this line.",
          "de": "Der Artikel dieser Position."
        },
        "wanted": {
          "en": "an item of the catalogue",
          "de": "ein Artikel des Katalogs"
        },
        "example": "40-0182"
      },
      {
        "name": "quantity",
        "required": true,
        "what": {
          "en": "Base units of it.",
          "de": "Stück davon (Basiseinheit)."
        },
        "wanted": {
          "en": "a whole number from 1 to 9999",
          "de": "eine ganze Zahl von 1 bis 9999"
        },
        "example": "2"
      },
      {
        "name": "price",
        "required": true,
        "what": {
          "en": "Price of one unit.",
          "de": "Preis eines Stücks."
        },
        "wanted": {
          "en": "an amount such as 12.90 or 12,90",
          "de": "ein Betrag wie 12,90 oder 12.90"
        },
        "example": "9.99"
      },
      {
        "name": "currency",
        "required": true,
        "what": {
          "en": "Of all amounts of the order.",
          "de": "Für alle Beträge des Auftrags."
        },
        "wanted": {
          "en": "a currency of ISO 4217, such as EUR",
          "de": "eine Währung nach ISO 4217, etwa EUR"
        },
        "example": "EUR"
      },
      {
        "name": "shipping",
        "required": false,
        "what": {
          "en": "Shipping, once an order.",
          "de": "Versandkosten, einmal je Auftrag."
        },
        "wanted": {
          "en": "an amount such as 12.90 or 12,90",
          "de": "ein Betrag wie 12,90 oder 12.90"
        },
        "example": "4.90"
      },
      {
        "name": "tax",
        "required": false,
        "what": {
          "en": "Tax on top of the prices; empty where they include it.",
          "de": "Steuer zusätzlich zu den Preisen; leer, wenn sie enthalten ist."
        },
        "wanted": {
          "en": "an amount such as 12.90 or 12,90",
          "de": "ein Betrag wie 12,90 oder 12.90"
        },
        "example": "0.00"
      },
      {
        "name": "total",
        "required": false,
        "what": {
          "en": "What the order costs; added up and compared where it is there.",
          "de": "Was der Auftrag kostet; wird nachgerechnet, wenn es dasteht."
        },
        "wanted": {
          "en": "an amount such as 12.90 or 12,90",
          "de": "ein Betrag wie 12,90 oder 12.90"
        },
        "example": "24.88"
      },
      {
        "name": "name",
        "required": true,
        "what": {
          "en": "Who ordered.",
          "de": "Wer bestellt hat."
        },
        "wanted": {
          "en": "text of at most 120 characters",
          "de": "Text von höchstens 120 Zeichen"
        },
        "example": "Ana Souza"
      },
      {
        "name": "email",
        "required": false,
        "what": {
          "en": "Mail address.",
          "de": "E-Mail-Adresse."
        },
        "wanted": {
          "en": "a mail address",
          "de": "eine E-Mail-Adresse"
        },
        "example": "ana@example.com"
      },
      {
        "name": "phone",
        "required": false,
        "what": {
          "en": "Phone number.",
          "de": "Telefonnummer."
        },
        "wanted": {
          "en": "text of at most 40 characters",
          "de": "Text von höchstens 40 Zeichen"
        },
        "example": "030 2312500"
      },
      {
        "name": "language",
        "required": false,
        "what": {
          "en": "The customer's language; empty: en.",
          "de": "Sprache des Kunden; leer: en."
        },
        "wanted": {
          "en": "two small letters",
          "de": "zwei Kleinbuchstaben"
        },
        "example": "de"
      },
      {
        "name": "recipient",
        "required": false,
        "what": {
          "en": "Whom it goes to, where that is somebody else.",
          "de": "An wen es geht, wenn an jemand anderen."
        },
        "wanted": {
          "en": "text of at most 120 characters",
          "de": "Text von höchstens 120 Zeichen"
        },
        "example": ""
      },
      {
        "name": "company",
        "required": false,
        "what": {
          "en": "Company.",
          "de": "Firma."
        },
        "wanted": {
          "en": "text of at most 120 characters",
          "de": "Text von höchstens 120 Zeichen"
        },
        "example": ""
      },
      {
        "name": "street",
        "required": true,
        "what": {
          "en": "Street and number.",
          "de": "Straße und Hausnummer."
        },
        "wanted": {
          "en": "text of at most 200 characters",
          "de": "Text von höchstens 200 Zeichen"
        },
        "example": "Lindenweg 4"
      },
      {
        "name": "postal_code",
        "required": false,
        "what": {
          "en": "Postal code.",
          "de": "Postleitzahl."
        },
        "wanted": {
          "en": "text of at most 20 characters",
          "de": "Text von höchstens 20 Zeichen"
        },
        "example": "50667"
      },
      {
        "name": "city",
        "required": true,
        "what": {
          "en": "City.",
          "de": "Ort."
        },
        "wanted": {
          "en": "text of at most 100 characters",
          "de": "Text von höchstens 100 Zeichen"
        },
        "example": "Köln"
      },
      {
        "name": "region",
        "required": false,
        "what": {
          "en": "State or province, where the country has them in addresses.",
          "de": "Bundesstaat oder Provinz, wo das Land sie in Adressen führt."
        },
        "wanted": {
          "en": "text of at most 100 characters",
          "de": "Text von höchstens 100 Zeichen"
        },
        "example": ""
      },
      {
        "name": "country",
        "required": true,
        "what": {
          "en": "Country.",
          "de": "Land."
        },
        "wanted": {
          "en": "two capital letters of ISO 3166, such as DE",
          "de": "zwei Großbuchstaben nach ISO 3166, etwa DE"
        },
        "example": "DE"
      },
      {
        "name": "service",
        "required": true,
        "what": {
          "en": "Code of the carrier's service.",
          "de": "Kürzel der Versandart."
        },
        "wanted": {
          "en": "a service of this house",
          "de": "eine Versandart dieses Hauses"
        },
        "example": "nordpost-parcel"
      },
      {
        "name": "payment",
        "required": true,
        "what": {
          "en": "How it is paid; prepaid and cash wait for the money, paid has it.",
          "de": "Wie bezahlt wird; prepaid und cash warten auf das Geld, paid hat es."
        },
        "wanted": {
          "en": "card, prepaid, invoice, cash or paid",
          "de": "card, prepaid, invoice, cash oder paid"
        },
        "example": "paid"
      },
      {
        "name": "payment_token",
        "required": false,
        "what": {
          "en": "The gateway's name for the card. Never a card number.",
          "de": "Der Name der Karte beim Zahlungsdienst. Nie eine Kartennummer."
        },
        "wanted": {
          "en": "text of at most 200 characters",
          "de": "Text von höchstens 200 Zeichen"
        },
        "example": ""
      },
      {
        "name": "split",
        "required": false,
        "what": {
          "en": "What happens to a short line; empty: ship_available.",
          "de": "Was bei einer Fehlmenge geschieht; leer: ship_available."
        },
        "wanted": {
          "en": "ship_available or ship_complete",
          "de": "ship_available oder ship_complete"
        },
        "example": "ship_available"
      },
      {
        "name": "warehouse",
        "required": false,
        "what": {
          "en": "Number of the warehouse it is sourced from; empty: the one chosen for the file.",
          "de": "Nummer des Lagers, aus dem es kommt; leer: das für die Datei gewählte."
        },
        "wanted": {
          "en": "a whole number from 1 to 32767",
          "de": "eine ganze Zahl von 1 bis 32767"
        },
        "example": ""
      }
    ]
  },
  {
    "name": "receipts",
    "permission": "stock.plan",
    "words": {
      "en": "Expected deliveries",
      "de": "Erwartete Lieferungen"
    },
    "rule": {
      "en": "One row for each delivery and item. A known one gets the quantity and the day of the file, and what is promised out of it follows.",
      "de": "Eine Zeile je Lieferung und Artikel. Eine bekannte bekommt Menge und Tag aus der Datei, und was daraus zugesagt ist, folgt."
    },
    "columns": [
      {
        "name": "reference",
        "required": true,
        "what": {
          "en": "The supplier's or the purchase order's number; with the SKU it names the row.",
          "de": "Die Nummer des Lieferanten oder der Bestellung; mit der SKU benennt sie die Zeile."
        },
        "wanted": {
          "en": "text of at most 100 characters",
          "de": "Text von höchstens 100 Zeichen"
        },
        "example": "PO-2214"
      },
      {
        "name": "sku",
        "required": true,
        "what": {
          "en": "What comes.",
          "de": "Was kommt."
        },
        "wanted": {
          "en": "an item of the catalogue",
          "de": "ein Artikel des Katalogs"
        },
        "example": "40-0182"
      },
      {
        "name": "quantity",
        "required": true,
        "what": {
          "en": "Base units of it.",
          "de": "Stück davon (Basiseinheit)."
        },
        "wanted": {
          "en": "a whole number from 1 to 10000000",
          "de": "eine ganze Zahl von 1 bis 10000000"
        },
        "example": "48"
      },
      {
        "name": "expected_on",
        "required": true,
        "what": {
          "en": "The day on which it will be here.",
          "de": "Der Tag, an dem es da ist."
        },
        "wanted": {
          "en": "a day such as 2027-03-31",
          "de": "ein Tag wie 2027-03-31"
        },
        "example": "2027-03-31"
      }
    ]
  }
] as const;
