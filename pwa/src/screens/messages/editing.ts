/** Why: words are tried with a real order before they are saved, and saved only as they were read. */

import { machine, to, type Said } from "../../core/machine";
import type { Both } from "./flow";

/** As the server's `Template`. Version 0 is delivered. */
export interface Template {
  readonly milestone: string;
  readonly channel: "email" | "sms";
  readonly language: string;
  readonly version: number;
  readonly subject: string;
  readonly body: string;
  readonly by: string;
  readonly at: string | null;
  readonly edition: string;
}

export interface TemplateView {
  readonly template: Template;
  readonly words: Both;
  readonly when: Both;
  readonly fields: readonly { readonly name: string; readonly kind: string; readonly words: Both; readonly example: string }[];
}

export interface Preview {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly order: number | null;
}

export interface Fault {
  readonly field: string;
  readonly message: string;
}

export interface Draft {
  readonly subject: string;
  readonly body: string;
  /** The order that it is looked at with; empty: the newest. */
  readonly order: string;
  readonly to: string;
}

export type Doing = "save" | "preview" | "test";

export type State =
  | { readonly mode: "loading"; readonly fault: Said | null }
  | {
      readonly mode: "writing";
      readonly view: TemplateView;
      readonly draft: Draft;
      readonly busy: Doing | null;
      readonly preview: Preview | null;
      readonly fault: Said | null;
      readonly faults: readonly Fault[];
      readonly told: Said | null;
    };

export type Input =
  | { readonly type: "view"; readonly view: TemplateView }
  | { readonly type: "edit"; readonly draft: Partial<Draft> }
  | { readonly type: "insert"; readonly name: string; readonly at: number }
  | { readonly type: "restore"; readonly subject: string; readonly body: string }
  | { readonly type: "do"; readonly what: Doing }
  | { readonly type: "previewed"; readonly preview: Preview }
  /** `sent`: the words that it was saved by. */
  | { readonly type: "saved"; readonly template: Template; readonly sent: Readonly<Record<string, unknown>> }
  | { readonly type: "begun" }
  | { readonly type: "failed"; readonly why: Said; readonly faults: readonly Fault[] };

export interface Call {
  readonly type: Doing;
  readonly body: Readonly<Record<string, unknown>>;
}

export const start = (): State => ({ mode: "loading", fault: null });

type Writing = Extract<State, { mode: "writing" }>;

/** Whether something was written that is not saved. */
export const isChanged = ({ view: { template }, draft }: Writing): boolean => template.subject !== draft.subject || template.body !== draft.body;

function call({ view: { template }, draft }: Writing, what: Doing): Call | Said {
  const { milestone, channel, language } = template;
  const number = draft.order.trim();
  if (number !== "" && !/^[1-9]\d{0,14}$/.test(number)) return { key: "messages.noOrder" };
  const order = number === "" ? null : Number(number);
  const words = { subject: channel === "email" ? draft.subject : "", body: draft.body };
  if (what === "save") return { type: "save", body: { ...words, edition: template.edition } };
  if (what === "preview") return { type: "preview", body: { milestone, channel, language, ...words, order } };
  return draft.to.trim() === "" ? { key: "messages.noTo" } : { type: "test", body: { milestone, channel, language, to: draft.to.trim(), order } };
}

/** What is saved stands there as it was saved, unless somebody has written on meanwhile. */
const afterSaving = (draft: Draft, { subject, body }: Template, sent: Readonly<Record<string, unknown>>): Draft =>
  draft.subject === sent["subject"] && draft.body === sent["body"] ? { ...draft, subject, body } : draft;

const isSaid = (each: Call | Said): each is Said => "key" in each;
const quiet = { busy: null, fault: null, faults: [], told: null } as const;

export const editing = machine<State, Input, Call>({
  loading: {
    view: (_, { view }) => to({ mode: "writing", view, draft: { subject: view.template.subject, body: view.template.body, order: "", to: "" }, preview: null, ...quiet }),
    failed: (_, { why }) => to({ mode: "loading", fault: why }),
  },
  writing: {
    edit: (state, { draft }) => to({ ...state, draft: { ...state.draft, ...draft }, fault: null, faults: [], told: null }),
    insert: (state, { name, at }) => to({ ...state, draft: { ...state.draft, body: `${state.draft.body.slice(0, at)}{${name}}${state.draft.body.slice(at)}` }, fault: null, faults: [], told: null }),
    restore: (state, { subject, body }) => to({ ...state, draft: { ...state.draft, subject, body }, fault: null, faults: [], told: { key: "messages.restored" } }),
    do: (state, { what }) => {
      if (state.busy !== null) return to(state);
      const next = call(state, what);
      return isSaid(next) ? to<State, Call>({ ...state, fault: next, faults: [] }) : to<State, Call>({ ...state, ...quiet, busy: what }, next);
    },
    previewed: (state, { preview }) => to({ ...state, ...quiet, preview }),
    saved: (state, { template, sent }) => to({ ...state, ...quiet, view: { ...state.view, template }, draft: afterSaving(state.draft, template, sent), told: { key: "messages.saved", params: { version: String(template.version) } } }),
    begun: (state) => to({ ...state, ...quiet, told: { key: "messages.testing" } }),
    failed: (state, { why, faults }) => to({ ...state, busy: null, fault: why, faults }),
  },
});
