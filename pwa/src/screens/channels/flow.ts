/** Why: what a channel's words mean is written as plain lines; what is looked at stands in the address. */

/** As the server's `Take`. */
export interface Take {
  readonly path?: string;
  readonly table?: Readonly<Record<string, string>>;
  readonly otherwise?: string;
}

type Words = Readonly<Record<string, string>>;

/** As the server's `Settings`; what is as usual is left out. */
export interface Settings {
  readonly service?: string;
  readonly warehouse?: number | null;
  readonly services?: Words;
  readonly payments?: Words;
  readonly items?: Words;
  readonly countries?: Words;
  readonly signature?: { readonly header?: string; readonly encoding?: "hex" | "base64"; readonly prefix?: string; readonly delivery?: string };
  readonly fields?: Readonly<Record<string, Take>>;
  readonly money?: "decimal" | "minor";
  readonly back?: { readonly url?: string; readonly user?: string; readonly notify?: boolean };
  readonly table?: { readonly columns?: Words; readonly constants?: Words; readonly decimal?: "" | "." | "," };
}

export const KINDS = ["shopify", "woocommerce", "json", "csv"] as const;
export type Kind = (typeof KINDS)[number];

/** As the server's `Channel`. */
export interface Channel {
  readonly code: string;
  readonly kind: Kind;
  readonly name: string;
  readonly path: string;
  readonly settings: Settings;
  readonly version: number;
  readonly heard_at: string | null;
  readonly refused: number;
  readonly has_token: boolean;
  /** Its way back, as an endpoint of webhooks is shown. */
  readonly back: { readonly id: string; readonly url: string; readonly state: "on" | "off"; readonly why: string | null; readonly waiting: number; readonly failed: number } | null;
}

/** As the server's `ChannelList`. */
export interface Channels {
  readonly items: readonly Channel[];
  readonly services: Words;
  readonly fields: Words;
}

/** As the server's `Fault`. */
export interface Wrong {
  readonly field: string;
  readonly message: string;
  readonly wanted?: string;
  readonly got?: string;
}

/** As the server's `Incoming`. */
export interface Incoming {
  readonly id: string;
  readonly channel: string;
  readonly topic: string;
  readonly shop: string;
  readonly triggered_at: string;
  readonly received_at: string;
  readonly state: "received" | "placed" | "refused" | "ignored" | "dismissed";
  readonly order: number | null;
  readonly reason: string | null;
  readonly faults: readonly Wrong[];
}

export interface IncomingList {
  readonly items: readonly Incoming[];
  readonly next: string | null;
}

export interface IncomingPage {
  readonly incoming: Incoming;
  readonly body: string;
}

/** As the server's `LeftCheckout`. */
export interface Checkout {
  readonly id: string;
  readonly channel: string;
  readonly began_at: string;
  readonly currency: string;
  readonly value_minor: number;
  readonly units: number;
  readonly order: number | null;
  readonly state: "open" | "left" | "recovered";
}

/** As the server's `CheckoutDay`. */
export interface Day {
  readonly day: string;
  readonly channel: string;
  readonly currency: string;
  readonly began: number;
  readonly left: number;
  readonly recovered: number;
  readonly left_minor: number;
  readonly recovered_minor: number;
}

/** As the server's `Tried`. */
export interface Tried {
  readonly what: string;
  readonly order: { readonly external_ref: string; readonly currency: string; readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly price_minor: number }[]; readonly totals: { readonly total_minor: number }; readonly service: string } | null;
  readonly reason: string | null;
  readonly faults: readonly Wrong[];
}

// --- what is looked at

export const TABS = ["channels", "came", "checkouts"] as const;
export type Tab = (typeof TABS)[number];
export const INCOMING_STATES = ["received", "placed", "refused", "ignored", "dismissed"] as const;

export interface Wanted {
  readonly tab: Tab;
  /** The channel that is set up, or what came in, that is looked at alone. */
  readonly one: string | null;
  /** The kind of a new channel. */
  readonly kind: Kind | null;
  readonly state: string | null;
  readonly after: string | null;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** As the server takes it: it stands on the orders. */
export const CODE = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** What the address asks for; what it cannot mean is left out. */
export function wantedOf(params: URLSearchParams, tabs: readonly Tab[]): Wanted {
  const tab = tabs.find((each) => each === params.get("tab")) ?? tabs[0] ?? "came";
  const fitting = (name: string, shape: RegExp): string | null => (shape.test(params.get(name) ?? "") ? params.get(name) : null);
  const states: readonly string[] = INCOMING_STATES;
  const state = params.get("state");
  return {
    tab,
    one: fitting("one", tab === "channels" ? CODE : ID),
    kind: KINDS.find((each) => each === params.get("kind")) ?? null,
    state: state !== null && states.includes(state) ? state : null,
    after: fitting("after", ID),
  };
}

export function addressOf(wanted: Partial<Wanted> & { readonly tab: Tab }): string {
  const pairs = (["tab", "kind", "state", "after", "one"] as const).flatMap((name) => (wanted[name] == null ? [] : [[name, wanted[name]] as [string, string]]));
  return `/channels?${new URLSearchParams(pairs)}`;
}

// --- tables as lines: `theirs = ours`

export const linesOf = (table: Words = {}): string => Object.entries(table).map(([theirs, ours]) => `${theirs} = ${ours}`).join("\n");

/** The table that lines say; null where one of them says nothing. The last `=` of a line divides it. */
export function tableOf(text: string, divider: RegExp = /\n/): Words | null {
  const rows = text.split(divider).map((line) => line.trim()).filter((line) => line !== "");
  const pairs = rows.map((line) => [line.slice(0, line.lastIndexOf("=")).trim(), line.slice(line.lastIndexOf("=") + 1).trim()] as const);
  return pairs.every(([theirs, ours], i) => theirs !== "" && ours !== "" && rows[i]?.includes("=")) ? Object.fromEntries(pairs) : null;
}

// --- a channel as it is being set up

export interface FieldDraft {
  readonly path: string;
  readonly otherwise: string;
  readonly table: string;
}

export const TABLES = ["services", "payments", "items", "countries"] as const;

export interface Draft {
  readonly code: string;
  readonly kind: Kind;
  readonly name: string;
  readonly secret: string;
  readonly service: string;
  readonly warehouse: string;
  readonly tables: Readonly<Record<(typeof TABLES)[number], string>>;
  readonly header: string;
  readonly encoding: "hex" | "base64";
  readonly prefix: string;
  readonly delivery: string;
  readonly money: "decimal" | "minor";
  readonly fields: Readonly<Record<string, FieldDraft>>;
  readonly columns: string;
  readonly constants: string;
  readonly decimal: "" | "." | ",";
  readonly backUrl: string;
  readonly backUser: string;
  readonly token: string;
  readonly notify: boolean;
}

const EMPTY: FieldDraft = { path: "", otherwise: "", table: "" };
export const fieldOf = (draft: Draft, name: string): FieldDraft => draft.fields[name] ?? EMPTY;

/** A channel as it stands in the form. */
export function draftOf(known: Pick<Channel, "code" | "kind" | "name" | "settings"> | null, kind: Kind, service: string): Draft {
  const settings: Settings = known?.settings ?? { service };
  const signature = settings.signature ?? {};
  const fields = Object.entries(settings.fields ?? {}).map(([name, take]) => [name, { path: take.path ?? "", otherwise: take.otherwise ?? "", table: linesOf(take.table).replaceAll("\n", "; ") }] as const);
  return {
    code: known?.code ?? "", kind: known?.kind ?? kind, name: known?.name ?? "", secret: "",
    service: settings.service ?? "", warehouse: settings.warehouse == null ? "" : String(settings.warehouse),
    tables: { services: linesOf(settings.services), payments: linesOf(settings.payments), items: linesOf(settings.items), countries: linesOf(settings.countries) },
    header: signature.header ?? "X-Signature", encoding: signature.encoding ?? "hex", prefix: signature.prefix ?? "", delivery: signature.delivery ?? "X-Delivery-Id",
    money: settings.money ?? "decimal", fields: Object.fromEntries(fields),
    columns: linesOf(settings.table?.columns), constants: linesOf(settings.table?.constants), decimal: settings.table?.decimal ?? "",
    backUrl: settings.back?.url ?? "", backUser: settings.back?.user ?? "", token: "", notify: settings.back?.notify ?? false,
  };
}

/** The settings that a form says beside those that it does not show, or the first place where it says nothing. */
export function settingsOf(draft: Draft, known: Settings = {}): { readonly settings: Settings } | { readonly wrong: string } {
  const read: Record<string, Words> = {};
  for (const [name, text] of [...TABLES.map((each) => [each, draft.tables[each]] as const), ["columns", draft.columns] as const, ["constants", draft.constants] as const]) {
    const table = tableOf(text);
    if (table === null) return { wrong: name };
    read[name] = table;
  }
  const fields: Record<string, Take> = {};
  for (const [name, { path, otherwise, table: text }] of Object.entries(draft.fields)) {
    const table = tableOf(text, /;/);
    if (table === null) return { wrong: name };
    if (path.trim() !== "" || otherwise.trim() !== "") fields[name] = { path: path.trim(), otherwise: otherwise.trim(), table };
  }
  const warehouse = draft.warehouse.trim() === "" ? null : Number(draft.warehouse);
  if (warehouse !== null && !Number.isInteger(warehouse)) return { wrong: "warehouse" };
  const json = draft.kind === "json" ? { signature: { header: draft.header.trim(), encoding: draft.encoding, prefix: draft.prefix, delivery: draft.delivery.trim() }, fields, money: draft.money } : {};
  const csv = draft.kind === "csv" ? { table: { columns: read["columns"] ?? {}, constants: read["constants"] ?? {}, decimal: draft.decimal } } : {};
  const tables = Object.fromEntries(TABLES.map((each) => [each, read[each] ?? {}]));
  const back = draft.kind === "csv" ? {} : { back: { url: draft.backUrl.trim(), user: draft.backUser.trim(), notify: draft.notify } };
  return { settings: { ...known, service: draft.service, warehouse, ...tables, ...json, ...csv, ...back } };
}

/** A word of a channel's that nobody knows here. */
export interface Unknown {
  readonly of: "items" | "services" | "countries";
  readonly theirs: string;
}

/** What the words are that a refused delivery could not be placed by, each once: a person says what they mean. */
export function unknownsOf(faults: readonly Wrong[]): readonly Unknown[] {
  const found = faults.flatMap(({ field, got = "" }): readonly Unknown[] => {
    if (got === "") return [];
    if (/sku$/i.test(field)) return [{ of: "items", theirs: got }];
    if (/country$/i.test(field)) return [{ of: "countries", theirs: got }];
    return /title$|^service$|service$|way$/i.test(field) ? [{ of: "services", theirs: got }] : [];
  });
  return found.filter((each, i) => found.findIndex((other) => other.of === each.of && other.theirs === each.theirs) === i);
}

/** What is wrong besides words that nobody knows: those are asked for. */
export const othersOf = (faults: readonly Wrong[]): readonly Wrong[] => faults.filter((each) => unknownsOf([each]).length === 0);

/** JSON as people read it; what is none stays as it came. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return body;
    throw error;
  }
}
