/** Why: what can be set up is a table: where its list is, what stands in it, what its form asks, what can be done with a row. */

import { bodyOf, type FieldDef, type Option, type Row, type Values } from "./forms";

export interface Call {
  readonly method: "post" | "put" | "patch" | "delete";
  readonly path: string;
  readonly body?: unknown;
  /** It is done once, however often it is sent. */
  readonly once?: true;
}

export interface Column {
  readonly name: string;
  readonly kind: "text" | "mono" | "number" | "moment" | "day" | "words" | "list" | "state" | "battery" | "yes" | "channel" | "whose";
  /** Shown in a unit that holds so many of the server's. */
  readonly scale?: number;
}

export interface Act {
  readonly name: string;
  readonly when?: (row: Row) => boolean;
  readonly call?: (warehouse: number, row: Row, body: Row) => Call;
  /** Asked in a form first. */
  readonly fields?: readonly FieldDef[];
  /** A page or a sheet to open instead of a call. */
  readonly href?: (warehouse: number, row: Row) => string;
  /** Asked once more. */
  readonly sure?: true;
  /** The answer must be seen. */
  readonly shows?: true;
}

/** A list that choices are taken from. */
export interface Source {
  readonly path: (warehouse: number) => string;
  readonly options: (answer: Row) => readonly Option[];
}

export interface Thing {
  readonly name: string;
  readonly permission: string;
  /** What it takes to add, change and act, where looking takes less. */
  readonly does?: string;
  readonly list: (warehouse: number) => string;
  /** Where the answer has its rows otherwise than as `items`. */
  readonly rows?: (answer: Row) => readonly Row[];
  /** One answer is the one thing there is. */
  readonly single?: true;
  readonly columns: readonly Column[];
  readonly fields: readonly FieldDef[];
  /** Asked of a new one only. */
  readonly save: (warehouse: number, row: Row | null, body: Row) => Call;
  readonly changes: boolean;
  /** Nobody keeps editions of it: the last word counts. */
  readonly plain?: true;
  /** What a new one answers must be seen once. */
  readonly shows?: true;
  readonly look?: (warehouse: number, body: Row) => Call;
  readonly acts?: readonly Act[];
  readonly tools?: readonly { readonly name: string; readonly href: (warehouse: number) => string }[];
  readonly sources?: Readonly<Record<string, Source>>;
}

const ROLES: readonly Option[] = ["picker", "packer", "receiver", "supervisor", "desk", "integrator", "operator", "admin"].map((each) => [each, `role.${each}`]);
const WEEKDAYS: readonly Option[] = ["1", "2", "3", "4", "5", "6", "7"].map((each) => [each, `.weekday.${each}`]);
const WHOSE: readonly Option[] = ["all", "channel", "customer"].map((each) => [each, `.whose.${each}`]);
const items = (answer: Row): readonly Row[] => (Array.isArray(answer["items"]) ? (answer["items"] as readonly Row[]) : []);
const named = (value: string, words: string) => (answer: Row): readonly Option[] => items(answer).map((each) => [String(each[value]), String(each[words])]);
const at = (warehouse: number, rest: string): string => `/warehouses/${warehouse}/${rest}`;
const code = encodeURIComponent;
const textOf = (row: Row, name: string): string => String(row[name] ?? "");
const sheet = (kind: string) => (warehouse: number): string => `/api/warehouses/${warehouse}/sheets/${kind}.pdf`;
const coded = (path: string) => (warehouse: number, _row: Row | null, body: Row): Call => ({ method: "put", path: `${at(warehouse, path)}/${code(textOf(body, "code"))}`, body });

const CODE = { name: "code", kind: "text", max: 40, fixed: true } as const satisfies FieldDef;
const CAPITALS = { ...CODE, shape: "capitals" } as const satisfies FieldDef;
const NAME = { name: "name", kind: "text", max: 80 } as const satisfies FieldDef;

export const THINGS: readonly Thing[] = [
  {
    name: "warehouse",
    permission: "setup.manage",
    list: (warehouse) => `/warehouses/${warehouse}`,
    single: true,
    columns: [
      { name: "code", kind: "mono" }, { name: "name", kind: "text" }, { name: "time_zone", kind: "text" }, { name: "gcp", kind: "mono" },
      { name: "aisles", kind: "number" }, { name: "bins", kind: "number" }, { name: "sscc_left", kind: "number" }, { name: "sscc_few", kind: "yes" },
    ],
    fields: [
      { ...CAPITALS, max: 12 }, NAME, { name: "time_zone", kind: "text", max: 60, start: "Europe/Berlin" }, { name: "country", kind: "text", max: 2, shape: "country", start: "DE" },
      { name: "gcp", kind: "text", max: 12 }, { name: "address.name", kind: "text", max: 60 }, { name: "address.street", kind: "text", max: 60 },
      { name: "address.postal_code", kind: "text", max: 16 }, { name: "address.city", kind: "text", max: 60 }, { name: "address.phone", kind: "text", max: 24, optional: "text" },
    ],
    save: (warehouse, _, body) => ({ method: "put", path: `/warehouses/${warehouse}`, body }),
    changes: true,
  },
  {
    name: "bins",
    permission: "setup.manage",
    list: (warehouse) => at(warehouse, "bins"),
    columns: [
      { name: "code", kind: "mono" }, { name: "type", kind: "words" }, { name: "zone", kind: "text" }, { name: "check_digits", kind: "mono" },
      { name: "sequence", kind: "number" }, { name: "locked", kind: "yes" },
    ],
    fields: [
      { name: "zone", kind: "text", max: 12, shape: "capitals", start: "MAIN" }, { name: "zone_name", kind: "text", max: 60 }, { name: "first", kind: "number", min: 1, max: 99, start: "1" },
      { name: "aisles", kind: "number", min: 1, max: 50, start: "4" }, { name: "bays", kind: "number", min: 1, max: 99, start: "20" },
      { name: "levels", kind: "number", min: 1, max: 9, start: "3" }, { name: "aisle_distance_mm", kind: "number", min: 800, max: 10_000, scale: 10, start: "240" },
      { name: "bay_width_mm", kind: "number", min: 200, max: 5_000, scale: 10, start: "240" }, { name: "level_height_mm", kind: "number", min: 100, max: 5_000, scale: 10, start: "60" },
    ],
    save: (warehouse, _, body) => ({ method: "post", path: at(warehouse, "layout"), body }),
    changes: false,
    look: (warehouse, body) => ({ method: "post", path: at(warehouse, "layout/preview"), body }),
    tools: [{ name: "import", href: () => "/imports?kind=bins" }, { name: "print", href: sheet("bins") }, { name: "printPlaces", href: sheet("places") }],
  },
  {
    name: "carts",
    permission: "setup.manage",
    list: (warehouse) => at(warehouse, "carts"),
    columns: [
      { name: "code", kind: "mono" }, { name: "slots", kind: "number" }, { name: "slot_volume_ml", kind: "number", scale: 1000 },
      { name: "slot_weight_g", kind: "number", scale: 1000 }, { name: "busy", kind: "yes" },
    ],
    fields: [
      { name: "count", kind: "number", min: 1, max: 50, start: "1" }, { name: "slots", kind: "number", min: 1, max: 24, start: "6" },
      { name: "slot_volume_ml", kind: "number", min: 1_000, max: 1_000_000, scale: 1000, start: "40" }, { name: "slot_weight_g", kind: "number", min: 1_000, max: 500_000, scale: 1000, start: "15" },
    ],
    save: (warehouse, _, body) => ({ method: "post", path: at(warehouse, "carts"), body }),
    changes: false,
    shows: true,
    tools: [{ name: "print", href: sheet("carts") }],
  },
  {
    name: "totes",
    permission: "setup.manage",
    list: (warehouse) => at(warehouse, "totes"),
    columns: [{ name: "code", kind: "mono" }, { name: "state", kind: "state" }],
    fields: [{ name: "count", kind: "number", min: 1, max: 200, start: "30" }],
    save: (warehouse, _, body) => ({ method: "post", path: at(warehouse, "totes"), body }),
    changes: false,
    shows: true,
    tools: [{ name: "print", href: sheet("totes") }],
  },
  {
    name: "services",
    permission: "house.manage",
    list: () => "/services",
    columns: [
      { name: "code", kind: "mono" }, { name: "carrier", kind: "text" }, { name: "name", kind: "text" }, { name: "cutoff", kind: "mono" },
      { name: "countries", kind: "list" }, { name: "active", kind: "yes" },
    ],
    fields: [
      { ...CODE, max: 64, shape: "small" }, { name: "carrier", kind: "text", max: 64 }, NAME, { name: "cutoff", kind: "time", start: "16:00" },
      { name: "weekdays", kind: "numbers", options: WEEKDAYS, start: ["1", "2", "3", "4", "5"] }, { name: "countries", kind: "codes", shape: "country" },
      { name: "max_weight_g", kind: "number", min: 1, max: 10_000_000, scale: 1000, start: "31.5" }, { name: "price_minor", kind: "number", min: 0, max: 10_000_000, scale: 100, start: "0" },
      { name: "transit_days", kind: "number", min: 0, max: 60, optional: "null" }, { name: "active", kind: "flag", start: true },
    ],
    save: (_, __, body) => ({ method: "put", path: `/services/${code(textOf(body, "code"))}`, body }),
    changes: true,
  },
  {
    name: "cartons",
    permission: "house.manage",
    list: () => "/carton-types",
    columns: [
      { name: "code", kind: "mono" }, { name: "name", kind: "text" }, { name: "length_mm", kind: "number" }, { name: "width_mm", kind: "number" },
      { name: "height_mm", kind: "number" }, { name: "tare_g", kind: "number" }, { name: "active", kind: "yes" },
    ],
    fields: [
      { ...CODE, max: 24 }, NAME, ...(["length_mm", "width_mm", "height_mm"] as const).map((name) => ({ name, kind: "number", min: 1, max: 5_000 }) as const),
      { name: "tare_g", kind: "number", min: 0, max: 100_000 }, { name: "max_weight_g", kind: "number", min: 1, max: 1_000_000, scale: 1000, start: "30" },
      { name: "fill_percent", kind: "number", min: 10, max: 100, start: "85" }, { name: "active", kind: "flag", start: true },
    ],
    save: (_, __, body) => ({ method: "put", path: `/carton-types/${code(textOf(body, "code"))}`, body }),
    changes: true,
  },
  {
    name: "printers",
    permission: "printers.manage",
    list: (warehouse) => at(warehouse, "printers"),
    columns: [
      { name: "code", kind: "mono" }, { name: "name", kind: "text" }, { name: "profile", kind: "mono" }, { name: "address", kind: "mono" },
      { name: "condition", kind: "state" }, { name: "waiting", kind: "number" }, { name: "unknown", kind: "number" },
    ],
    fields: [CAPITALS, NAME, { name: "profile", kind: "choice", options: "profiles" }, { name: "address", kind: "text", max: 80 }, { name: "page", kind: "text", max: 200, optional: "null" }],
    save: coded("printers"),
    changes: true,
    acts: [{ name: "testPrint", call: (warehouse, row) => ({ method: "post", path: at(warehouse, `printers/${code(textOf(row, "code"))}/test`), body: {} }) }],
    sources: { profiles: { path: (warehouse) => at(warehouse, "printers"), options: (answer) => (answer["profiles"] as readonly string[]).map((each) => [each, each]) } },
  },
  {
    name: "stations",
    permission: "stations.manage",
    list: (warehouse) => at(warehouse, "stations"),
    columns: [{ name: "code", kind: "mono" }, { name: "name", kind: "text" }, { name: "bin", kind: "mono" }, { name: "printer_names", kind: "list" }, { name: "parking", kind: "number" }],
    fields: [
      CAPITALS, NAME, { name: "bin", kind: "text", max: 60, optional: "null" }, { name: "printers", from: "printer_codes", kind: "many", options: "printers", optional: "null" },
      { name: "parking", kind: "number", min: 0, max: 99, start: "6" },
    ],
    save: coded("stations"),
    changes: true,
    sources: { printers: { path: (warehouse) => at(warehouse, "printers"), options: named("code", "name") } },
    tools: [{ name: "printPlaces", href: sheet("places") }, { name: "printCommands", href: sheet("commands") }],
  },
  {
    name: "people",
    permission: "people.manage",
    list: () => "/auth/people",
    columns: [{ name: "name", kind: "text" }, { name: "badge", kind: "mono" }, { name: "roles", kind: "list" }, { name: "language", kind: "words" }, { name: "standing", kind: "state" }],
    fields: [
      NAME, { name: "roles", kind: "many", options: ROLES }, { name: "language", kind: "choice", options: [["en", ".language.en"], ["de", ".language.de"]], start: "en" },
      { name: "warehouse", kind: "choice", options: "warehouses", optional: "null" },
    ],
    save: (_, row, body) => (row === null ? { method: "post", path: "/auth/people", body: without(body, "edition") } : { method: "patch", path: `/auth/people/${textOf(row, "id")}`, body }),
    changes: true,
    shows: true,
    acts: [
      { name: "badge", when: (row) => row["active"] === true, href: (warehouse, row) => `${sheet("badges")(warehouse)}?person=${textOf(row, "id")}` },
      { name: "unlock", when: (row) => row["locked_until"] !== null, call: person("unlock") },
      { name: "resetPin", when: (row) => row["active"] === true, call: person("reset-pin"), sure: true, shows: true },
      { name: "newBadge", when: (row) => row["active"] === true, call: person("new-badge"), sure: true },
      { name: "signOut", when: (row) => row["active"] === true, call: person("sign-out"), sure: true },
      { name: "disable", when: (row) => row["active"] === true, call: person("disable"), sure: true },
      { name: "enable", when: (row) => row["active"] !== true, call: person("enable") },
    ],
    sources: { warehouses: { path: () => "/warehouses/", options: (answer) => items(answer).map((each) => [String(each["number"]), String(each["name"])]) } },
    tools: [{ name: "printBadges", href: sheet("badges") }],
  },
  {
    name: "devices",
    permission: "devices.manage",
    list: () => "/auth/devices",
    columns: [{ name: "name", kind: "text" }, { name: "kind", kind: "words" }, { name: "state", kind: "state" }, { name: "seen_at", kind: "moment" }, { name: "battery_percent", kind: "battery" }],
    fields: [
      NAME, { name: "kind", kind: "choice", options: [["handheld", ".kind.handheld"], ["station", ".kind.station"], ["desk", ".kind.desk"]], start: "handheld" },
      { name: "station", kind: "choice", options: "stations", optional: "null" },
    ],
    save: (warehouse, _, body) => ({ method: "post", path: "/auth/devices", body: { ...body, warehouse } }),
    changes: false,
    shows: true,
    acts: [
      { name: "offer", call: (_, row) => ({ method: "post", path: `/auth/devices/${textOf(row, "id")}/offer`, body: {} }), sure: true, shows: true },
      { name: "revoke", when: (row) => row["state"] === "enrolled", call: (_, row) => ({ method: "post", path: `/auth/devices/${textOf(row, "id")}/revoke`, body: {} }), sure: true },
    ],
    sources: { stations: { path: (warehouse) => at(warehouse, "stations"), options: named("id", "name") } },
  },
  {
    name: "keys",
    permission: "keys.manage",
    list: () => "/auth/keys",
    columns: [{ name: "name", kind: "text" }, { name: "prefix", kind: "mono" }, { name: "roles", kind: "list" }, { name: "created_at", kind: "moment" }, { name: "standing", kind: "state" }],
    fields: [NAME, { name: "roles", kind: "many", options: ROLES, start: ["integrator"] }, { name: "warehouse", kind: "choice", options: "warehouses", optional: "null" }],
    save: (_, __, body) => ({ method: "post", path: "/auth/keys", body }),
    changes: false,
    shows: true,
    acts: [{ name: "revokeKey", when: (row) => row["revoked_at"] === null, call: (_, row) => ({ method: "post", path: `/auth/keys/${textOf(row, "id")}/revoke`, body: {} }), sure: true }],
    sources: { warehouses: { path: () => "/warehouses/", options: (answer) => items(answer).map((each) => [String(each["number"]), String(each["name"])]) } },
  },
  {
    name: "templates",
    permission: "waves.release",
    list: (warehouse) => at(warehouse, "wave-templates"),
    columns: [{ name: "name", kind: "text" }, { name: "cutoff", kind: "mono" }, { name: "carrier", kind: "text" }, { name: "zone", kind: "text" }, { name: "services", kind: "list" }, { name: "most", kind: "number" }],
    fields: [
      { ...NAME, max: 60 }, { name: "cutoff", kind: "time", optional: "null" }, { name: "carrier", kind: "choice", options: "carriers", optional: "null" },
      { name: "services", kind: "codes", optional: "null" }, { name: "zone", kind: "choice", options: "zones", optional: "null" }, { name: "most", kind: "number", min: 1, max: 10_000, start: "500" },
    ],
    save: (warehouse, row, body) =>
      row === null
        ? { method: "post", path: at(warehouse, "wave-templates"), body: without(body, "edition") }
        : { method: "put", path: at(warehouse, `wave-templates/${textOf(row, "id")}`), body },
    changes: true,
    acts: [
      { name: "tryTemplate", call: (warehouse, row) => ({ method: "post", path: at(warehouse, "waves/preview"), body: row["filter"] }), shows: true },
      { name: "forget", call: (warehouse, row) => ({ method: "delete", path: at(warehouse, `wave-templates/${textOf(row, "id")}`) }), sure: true },
    ],
    sources: {
      carriers: { path: () => "/services", options: (answer) => [...new Set(items(answer).map((each) => String(each["carrier"])))].sort().map((each) => [each, each]) },
      zones: { path: (warehouse) => at(warehouse, "floor"), options: (answer) => (answer["zones"] as readonly Row[]).map((each) => [String(each["code"]), String(each["name"])]) },
    },
  },
  {
    name: "deliveries",
    permission: "stock.plan",
    list: (warehouse) => at(warehouse, "receipts"),
    columns: [
      { name: "reference", kind: "mono" }, { name: "sku", kind: "mono" }, { name: "expected_on", kind: "day" }, { name: "quantity", kind: "number" }, { name: "arrived", kind: "number" },
      { name: "promised", kind: "number" },
    ],
    fields: [
      { name: "reference", kind: "text", max: 100, fixed: true }, { name: "sku", kind: "text", max: 60, fixed: true }, { name: "quantity", kind: "number", min: 1, max: 10_000_000 },
      { name: "expected_on", kind: "date" },
    ],
    save: (warehouse, _, body) => ({ method: "post", path: at(warehouse, "receipts"), body }),
    changes: true,
    plain: true,
    acts: [
      {
        name: "arrive",
        fields: [
          { name: "quantity", kind: "number", min: 1, max: 10_000_000 }, { name: "bin", kind: "text", max: 40 }, { name: "lot", kind: "text", max: 40, optional: "text" },
          { name: "expiry", kind: "date", optional: "null" },
        ],
        call: (warehouse, row, body) => ({ method: "post", path: at(warehouse, `receipts/${textOf(row, "id")}/arrivals`), body, once: true }),
      },
      { name: "notComing", call: (warehouse, row) => ({ method: "post", path: at(warehouse, `receipts/${textOf(row, "id")}/cancel`), body: {} }), sure: true },
    ],
    tools: [{ name: "import", href: () => "/imports?kind=receipts" }],
  },
  {
    name: "kept",
    permission: "stock.plan",
    does: "stock.keep_back",
    list: () => "/stock-rules",
    columns: [
      { name: "name", kind: "text" }, { name: "warehouse", kind: "number" }, { name: "sku", kind: "mono" }, { name: "safety", kind: "number" }, { name: "aside", kind: "number" },
      { name: "percent", kind: "number" }, { name: "whose", kind: "whose" },
    ],
    fields: [
      NAME, { name: "warehouse", kind: "choice", options: "warehouses", optional: "null", number: true }, { name: "sku", kind: "text", max: 60, optional: "null" },
      { name: "safety", kind: "number", min: 0, max: 1_000_000, start: "0" }, { name: "aside", kind: "number", min: 0, max: 1_000_000, start: "0" },
      { name: "percent", kind: "number", min: 0, max: 100, optional: "null" }, { name: "for", kind: "choice", options: WHOSE, start: "all" },
      { name: "whose", kind: "text", max: 254, optional: "text" },
    ],
    save: (_, __, body) => ({ method: "post", path: "/stock-rules", body: { ...without(body, "for"), whose: body["for"] === "all" ? "" : `${textOf(body, "for")}:${textOf(body, "whose")}` } }),
    changes: false,
    acts: [{ name: "keepNoMore", call: (_, row) => ({ method: "delete", path: `/stock-rules/${textOf(row, "id")}` }), sure: true }],
    sources: { warehouses: { path: () => "/warehouses/", options: (answer) => items(answer).map((each) => [String(each["number"]), String(each["name"])]) } },
  },
  {
    name: "zones",
    permission: "stock.plan",
    does: "stock.keep_back",
    list: (warehouse) => at(warehouse, "zone-chart"),
    rows: (answer) => answer["rows"] as readonly Row[],
    columns: [{ name: "country", kind: "mono" }, { name: "prefix", kind: "mono" }, { name: "zone", kind: "number" }, { name: "price_minor", kind: "number", scale: 100 }],
    fields: [
      { name: "country", kind: "text", max: 2, shape: "country", start: "DE", fixed: true }, { name: "prefix", kind: "text", max: 12, optional: "text", fixed: true },
      { name: "zone", kind: "number", min: 1, max: 99 }, { name: "price_minor", kind: "number", min: 0, max: 10_000_000, scale: 100, optional: "null" },
    ],
    save: (warehouse, _, body) => ({ method: "put", path: at(warehouse, "zone-chart/rows"), body }),
    changes: true,
    plain: true,
    acts: [
      {
        name: "forgetZone",
        call: (warehouse, row) => ({ method: "delete", path: at(warehouse, `zone-chart/rows?country=${code(textOf(row, "country"))}&prefix=${code(textOf(row, "prefix"))}`) }),
        sure: true,
      },
    ],
  },
  {
    name: "sourcing",
    permission: "stock.plan",
    does: "stock.keep_back",
    list: () => "/sourcing",
    rows: (answer) => Object.entries(answer["channels"] as Row).map(([channel, policy]) => ({ channel: channel || "others", policy })),
    columns: [{ name: "channel", kind: "channel" }, { name: "policy", kind: "words" }],
    fields: [{ name: "channel", kind: "text", max: 32, shape: "small", start: "others", fixed: true }, { name: "policy", kind: "choice", options: "policies" }],
    save: (_, __, body) => ({ method: "put", path: `/sourcing/${code(textOf(body, "channel"))}`, body: without(body, "channel") }),
    changes: true,
    plain: true,
    acts: [{ name: "asOthers", call: (_, row) => ({ method: "put", path: `/sourcing/${code(textOf(row, "channel"))}`, body: { policy: null } }), sure: true }],
    sources: { policies: { path: () => "/sourcing", options: (answer) => Object.keys(answer["policies"] as Row).map((each) => [each, `.policy.${each}`]) } },
  },
];

/** Supply is planned from another page than the set-up. */
export const SUPPLY: ReadonlySet<string> = new Set(["deliveries", "kept", "zones", "sourcing"]);

function person(what: string): (warehouse: number, row: Row) => Call {
  return (_, row) => ({ method: "post", path: `/auth/people/${textOf(row, "id")}/${what}`, body: {} });
}

function without(body: Row, name: string): Row {
  const { [name]: _, ...rest } = body;
  return rest;
}

/** What a form says to the server: with the edition it was opened with, which is none where the thing shall be new. */
export const saidOf = (thing: Thing, row: Row | null, values: Values): Row => ({ ...bodyOf(thing.fields, values), ...(thing.changes && thing.plain !== true ? { edition: row?.["edition"] ?? "" } : {}) });

/** What its form asks, or that of an act. */
export const fieldsOf = (thing: Thing, act: string | null): readonly FieldDef[] => (act === null ? thing.fields : (thing.acts?.find(({ name }) => name === act)?.fields ?? []));

/** What a row is called in a question. */
export const nameOf = (row: Row): string => ["name", "code", "reference", "prefix", "country", "channel"].map((each) => textOf(row, each)).find((each) => each !== "") ?? "";

/** A state that the server says in several fields: of a person, of a key. */
export function standing(row: Row): string {
  if ("revoked_at" in row) return row["revoked_at"] === null ? "active" : "revoked";
  if (row["active"] !== true) return "disabled";
  if (row["locked_until"] !== null) return "locked";
  return row["pin_once"] === true ? "pinOnce" : "active";
}

export const thingNamed = (name: string): Thing | undefined => THINGS.find((each) => each.name === name);
