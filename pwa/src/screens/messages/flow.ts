/** Why: what customers are told, and what went out, is looked at by addresses that can be shared and stepped back from. */

/** Words in both languages. */
export interface Both {
  readonly en: string;
  readonly de: string;
}

/** As the server's `Message`. */
export interface Message {
  readonly id: string;
  readonly order: number;
  readonly milestone: string;
  readonly words: Both;
  readonly channel: Channel;
  readonly address: string;
  readonly language: string;
  readonly state: string;
  readonly reason: string;
  readonly subject: string;
  readonly tries: number;
  readonly made_at: string;
  readonly sent_at: string | null;
  readonly due_at: string | null;
  readonly test: boolean;
  readonly can: readonly string[];
}

export interface MessageList {
  readonly items: readonly Message[];
  readonly next: string | null;
}

export interface MessagePage {
  readonly message: Message;
  readonly text: string;
  readonly template: number | null;
  readonly tries: readonly { readonly at: string; readonly address: string; readonly verdict: string; readonly reason: string; readonly said: string }[];
}

export type Channel = "email" | "sms";
export const CHANNELS = ["email", "sms"] as const satisfies readonly Channel[];

export interface MilestoneRow {
  readonly name: string;
  readonly words: Both;
  readonly when: Both;
  readonly on: boolean;
  readonly languages: readonly string[];
  readonly changed: readonly string[];
}

export interface Milestones {
  readonly items: readonly MilestoneRow[];
  readonly channels: readonly { readonly channel: Channel; readonly is_set_up: boolean; readonly where: string; readonly parked: number }[];
}

export const STATES = ["waiting", "parked", "sending", "sent", "failed", "unsure", "dismissed"] as const;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const TABS = ["told", "log"] as const;

export interface Wanted {
  readonly tab: (typeof TABS)[number];
  readonly state: string | null;
  readonly after: string | null;
  readonly one: string | null;
  /** `confirmed/email/de`: the template that is written. */
  readonly template: string | null;
}

const TEMPLATE = /^[a-z_]{1,32}\/(email|sms)\/[a-z]{2}$/;
const fit = (text: string | null, shape: RegExp): string | null => (text !== null && shape.test(text) ? text : null);

/** What the address asks for; what it cannot mean is left out. */
export function wantedOf(params: URLSearchParams): Wanted {
  const state = params.get("state");
  return {
    tab: params.get("tab") === "log" ? "log" : "told",
    state: state !== null && (STATES as readonly string[]).includes(state) ? state : null,
    after: fit(params.get("after"), ID),
    one: fit(params.get("one"), ID),
    template: fit(params.get("template"), TEMPLATE),
  };
}

export function addressOf(wanted: Partial<Wanted>): string {
  const { tab, ...rest } = wanted;
  const pairs = Object.entries({ tab: tab === "log" ? "log" : null, ...rest }).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return pairs.length === 0 ? "/messages" : `/messages?${new URLSearchParams(pairs)}`;
}
