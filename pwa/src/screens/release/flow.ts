/** Why: choose, look, release: what a supervisor may do in which moment, in one table. Nothing is released unseen. */

import { machine, to, type Effect, type Said } from "../../core/machine";

/** As the server's `WaveFilter`; what is left out does not filter. */
export interface Filter {
  readonly cutoff_before?: string;
  readonly carrier?: string;
  readonly zone?: string;
  /** Of a template: the form does not ask for these. */
  readonly services?: readonly string[];
  readonly limit?: number;
}

/** As the server's `Template`: a filter with a name, and what it means today. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly filter: Readonly<Record<keyof Filter, unknown>>;
}

/** What a template asks for, without what it leaves open. */
export const filterOf = ({ filter }: Template): Filter => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null)) as Filter;

/** As the server's `Preview`. */
export interface Preview {
  readonly orders: number;
  readonly lines: number;
  readonly units: number;
  readonly short_lines: number;
  readonly short_units: number;
  readonly totes: number;
  readonly tours: number;
  readonly metres: number;
  readonly bin_order_m: number;
  readonly left_out: readonly { readonly order: number; readonly reason: string }[];
  readonly order_numbers: readonly number[];
}

/** As the server's `WaveView`. */
export interface Wave {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly cutoff_at: string;
  readonly orders: number;
  readonly lines: number;
  readonly units: number;
  readonly short_lines: number;
  readonly tours: number;
  readonly metres: number;
  readonly bin_order_m: number;
  readonly slices_done: number;
  readonly slices: number;
  readonly tours_done: number;
  readonly picks_done: number;
  readonly picks: number;
}

interface Chosen {
  readonly filter: Filter;
}

export type State =
  | ({ readonly mode: "choosing"; readonly fault: Said | null } & Chosen)
  /** `fault`: why what was looked at could not go; it is said beside the new look. */
  | ({ readonly mode: "planning"; readonly fault: Said | null } & Chosen)
  | ({ readonly mode: "seen"; readonly preview: Preview; readonly fault: Said | null } & Chosen)
  | ({ readonly mode: "releasing"; readonly preview: Preview } & Chosen);

export type Input =
  | { readonly type: "choose"; readonly filter: Filter }
  | { readonly type: "look" }
  | { readonly type: "previewed"; readonly preview: Preview }
  | { readonly type: "release" }
  | { readonly type: "released"; readonly wave: Wave }
  /** `code`: the server's, where it refused. */
  | { readonly type: "failed"; readonly why: Said; readonly code?: string };

export type ReleaseEffect =
  | { readonly type: "preview"; readonly filter: Filter }
  | { readonly type: "release"; readonly orders: readonly number[] };

export type All = Effect | ReleaseEffect;

export const start = (): State => ({ mode: "choosing", filter: {}, fault: null });

export const flow = machine<State, Input, All>({
  choosing: {
    choose: (_, { filter }) => to({ mode: "choosing", filter, fault: null }),
    look: ({ filter }) => to<State, All>({ mode: "planning", filter, fault: null }, { type: "preview", filter }),
  },
  planning: {
    previewed: ({ filter, fault }, { preview }) => to({ mode: "seen", filter, preview, fault }),
    failed: ({ filter }, { why }) => to({ mode: "choosing", filter, fault: why }),
  },
  seen: {
    choose: (_, { filter }) => to({ mode: "choosing", filter, fault: null }),
    look: ({ filter }) => to<State, All>({ mode: "planning", filter, fault: null }, { type: "preview", filter }),
    release: (state) =>
      state.preview.orders === 0
        ? to(state)
        : to<State, All>({ mode: "releasing", filter: state.filter, preview: state.preview }, { type: "release", orders: state.preview.order_numbers }),
  },
  releasing: {
    released: ({ filter }) => to({ mode: "choosing", filter, fault: null }),
    failed: ({ filter, preview }, { why, code }) =>
      code !== undefined && OUTDATED.has(code)
        ? to<State, All>({ mode: "planning", filter, fault: why }, { type: "preview", filter })
        : to({ mode: "seen", filter, preview, fault: why }),
  },
});

/** What was looked at is no longer so: some of its orders cannot go any more. Look again. */
const OUTDATED = new Set(["already_released", "order_on_hold", "order_unknown", "wave_empty"]);

/** Nothing of it is left to do. */
export const isOver = (wave: Pick<Wave, "state">): boolean => wave.state === "finished" || wave.state === "undone";

/** What is under way, the next to leave first; then what is over, the last one first. */
export const inOrder = (waves: readonly Wave[]): readonly Wave[] =>
  [...waves].sort((a, b) => {
    if (isOver(a) !== isOver(b)) return isOver(a) ? 1 : -1;
    const first = Date.parse(a.cutoff_at) - Date.parse(b.cutoff_at) || a.number - b.number;
    return isOver(a) ? -first : first;
  });

/** How much of the walk in bin order is saved, in per cent. */
export const savedPercent = ({ metres, bin_order_m }: { readonly metres: number; readonly bin_order_m: number }): number =>
  bin_order_m === 0 ? 0 : Math.max(0, Math.round((100 * (bin_order_m - metres)) / bin_order_m));
