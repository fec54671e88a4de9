/** Why: the label is drawn from its own ZPL, off the page's thread. Its renderer is large: it is fetched at the first label. */

import { zplToBase64Async } from "zpl-renderer-js";

export interface Wanted {
  readonly id: number;
  readonly zpl: string;
  readonly width_mm: number;
  readonly height_mm: number;
  readonly dots_per_mm: number;
}
export type Drawn = { readonly id: number; readonly png: string } | { readonly id: number; readonly why: string };

addEventListener("message", ({ data }: MessageEvent<Wanted>) => {
  zplToBase64Async(data.zpl, data.width_mm, data.height_mm, data.dots_per_mm).then(
    (png) => postMessage({ id: data.id, png } satisfies Drawn),
    (error: unknown) => postMessage({ id: data.id, why: String(error) } satisfies Drawn),
  );
});
