/** Why: choose, look, release: what a supervisor may do in which moment, in one table. Nothing is released unseen. */

import { machine, to, type Effect, type Said } from "../../core/machine";

/** As the server's `WaveFilter`; what is left out does not filter. */
export interface Filter {
  readonly cutoff_before?: string;
  readonly carrier?: string;
  readonly zone?: string;
}

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
  | ({ readonly mode: "planning" } & Chosen)
  | ({ readonly mode: "seen"; readonly preview: Preview; readonly fault: Said | null } & Chosen)
  | ({ readonly mode: "releasing"; readonly preview: Preview } & Chosen);

export type Input =
  | { readonly type: "choose"; readonly filter: Filter }
  | { readonly type: "look" }
  | { readonly type: "previewed"; readonly preview: Preview }
  | { readonly type: "release" }
  | { readonly type: "released"; readonly wave: Wave }
  | { readonly type: "failed"; readonly why: Said };

export type ReleaseEffect =
  | { readonly type: "preview"; readonly filter: Filter }
  | { readonly type: "release"; readonly filter: Filter };

export type All = Effect | ReleaseEffect;

export const start = (): State => ({ mode: "choosing", filter: {}, fault: null });

export const flow = machine<State, Input, All>({
  choosing: {
    choose: (_, { filter }) => to({ mode: "choosing", filter, fault: null }),
    look: ({ filter }) => to<State, All>({ mode: "planning", filter }, { type: "preview", filter }),
  },
  planning: {
    previewed: ({ filter }, { preview }) => to({ mode: "seen", filter, preview, fault: null }),
    failed: ({ filter }, { why }) => to({ mode: "choosing", filter, fault: why }),
  },
  seen: {
    choose: (_, { filter }) => to({ mode: "choosing", filter, fault: null }),
    look: ({ filter }) => to<State, All>({ mode: "planning", filter }, { type: "preview", filter }),
    release: (state) =>
      state.preview.orders === 0
        ? to(state)
        : to<State, All>({ mode: "releasing", filter: state.filter, preview: state.preview }, { type: "release", filter: state.filter }),
  },
  releasing: {
    released: ({ filter }) => to({ mode: "choosing", filter, fault: null }),
    failed: ({ filter, preview }, { why }) => to({ mode: "seen", filter, preview, fault: why }),
  },
});

/** How much of the walk in bin order is saved, in per cent. */
export const savedPercent = ({ metres, bin_order_m }: { readonly metres: number; readonly bin_order_m: number }): number =>
  bin_order_m === 0 ? 0 : Math.max(0, Math.round((100 * (bin_order_m - metres)) / bin_order_m));
