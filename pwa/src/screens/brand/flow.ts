/** Why: how the shop shows itself is seen before it is saved, and saved only as it was read. */

import { machine, to, type Said } from "../../core/machine";

/** As the server's `Brand`. */
export interface Brand {
  readonly name: string;
  readonly contact: string;
  readonly colour: string;
  readonly ink: string;
  readonly logo: string;
  readonly edition: string;
}

/** A picture that was chosen here: as base64, and as an address that shows it. */
export interface Picture {
  readonly file: string;
  readonly shown: string;
}

export interface Draft {
  readonly name: string;
  readonly contact: string;
  readonly colour: string;
  readonly logo: "keep" | "none" | "new";
  readonly picture: Picture | null;
}

export type State =
  | { readonly mode: "loading"; readonly fault: Said | null }
  | { readonly mode: "writing"; readonly brand: Brand; readonly draft: Draft; readonly busy: boolean; readonly fault: Said | null; readonly faults: readonly string[]; readonly saved: boolean };

export type Input =
  | { readonly type: "brand"; readonly brand: Brand }
  | { readonly type: "edit"; readonly draft: Partial<Draft> }
  | { readonly type: "picture"; readonly picture: Picture }
  | { readonly type: "noPicture" }
  | { readonly type: "save" }
  | { readonly type: "saved"; readonly brand: Brand }
  | { readonly type: "failed"; readonly why: Said; readonly faults: readonly string[] };

export interface Save {
  readonly type: "save";
  readonly body: Readonly<Record<string, unknown>>;
}

export const start = (): State => ({ mode: "loading", fault: null });

const draftOf = ({ name, contact, colour }: Brand): Draft => ({ name, contact, colour, logo: "keep", picture: null });
const writing = (brand: Brand, saved: boolean): State => ({ mode: "writing", brand, draft: draftOf(brand), busy: false, fault: null, faults: [], saved });

const COLOUR = /^#[0-9a-f]{6}$/i;
/** A text that can be shown as a colour. */
export const isColour = (text: string): boolean => COLOUR.test(text);

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
function luminance(colour: string): number {
  const part = (at: number): number => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
const contrast = (one: string, other: string): number => {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};
const LIGHT = "#ffffff";
const DARK = "#000000";
/** What is written on a colour: light or dark, whichever is read more easily. The server reckons the same. */
export const inkOn = (colour: string): string => (contrast(LIGHT, colour) >= contrast(DARK, colour) ? LIGHT : DARK);

export const flow = machine<State, Input, Save>({
  loading: {
    brand: (_, { brand }) => to(writing(brand, false)),
    failed: (_, { why }) => to({ mode: "loading", fault: why }),
  },
  writing: {
    edit: (state, { draft }) => to({ ...state, draft: { ...state.draft, ...draft }, fault: null, faults: [], saved: false }),
    picture: (state, { picture }) => to({ ...state, draft: { ...state.draft, logo: "new", picture }, fault: null, faults: [], saved: false }),
    noPicture: (state) => to({ ...state, draft: { ...state.draft, logo: "none", picture: null }, fault: null, faults: [], saved: false }),
    save: (state) => {
      if (state.busy) return to(state);
      const { name, contact, colour, logo, picture } = state.draft;
      const body = { name, contact, colour, logo, edition: state.brand.edition, ...(logo === "new" && picture !== null ? { file: picture.file } : {}) };
      return to<State, Save>({ ...state, busy: true, fault: null, faults: [], saved: false }, { type: "save", body });
    },
    saved: (_, { brand }) => to(writing(brand, true)),
    failed: (state, { why, faults }) => to({ ...state, busy: false, fault: why, faults }),
  },
});
