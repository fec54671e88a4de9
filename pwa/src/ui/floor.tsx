/** Why: what people on the floor look at: the bin, the item, how many, into which slot, and what to scan now. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { CameraButton } from "./camera";
import { inOnePiece, plainDate, t } from "./i18n";
import { Icon } from "./icons";

/** A bin's code split into its groups: `A07-03-B` is drawn A07 · 03 · B, the first group in the accent. */
export function BinCode({ code, small }: { readonly code: string; readonly small?: boolean }) {
  const groups = code.split(/[-·]/);
  return (
    <div class={small === true ? "bin-code small" : "bin-code"}>
      <em class="sr">{groups.join(" ")}</em>
      <span aria-hidden="true">
        {groups.map((group, i) => (
          <>
            {i === 0 ? null : <i>·</i>}
            <b class={i === 0 ? "hot" : ""}>{group}</b>
          </>
        ))}
      </span>
    </div>
  );
}

const SHAPES = [
  "M18 2a16 16 0 1 0 .01 0z",
  "M18 2L35 34H1z",
  "M3 3h30v30H3z",
  "M18 0l18 18-18 18L0 18z",
  "M12 1h12v11h11v12H24v11H12V24H1V12h11z",
  "M18 0l5.3 11.700L36 13.200l-9.5 8.600L29.1 35 18 28.4 6.9 35l2.6-13.200L0 13.200l12.7-1.500z",
] as const;
const SIGNS = ["●", "▲", "■", "◆", "✚", "★"] as const;

const shapeOf = (slot: number): number => (slot - 1 + Math.floor((slot - 1) / 6)) % 6;
/** The sign of a slot's shape inside a sentence: "slot 2 ▲". */
export const slotSign = (slot: number): string => SIGNS[shapeOf(slot)] ?? "";

export interface SlotBadgeProps {
  readonly slot: number;
  readonly small?: boolean;
  /** Words between shape and number; "into slot" unless said. */
  readonly children?: ComponentChildren;
}

/** A tote's slot on the cart: colour and shape and number, never colour alone. No two of 36 slots look alike. */
export const SlotBadge = ({ slot, small, children }: SlotBadgeProps) => (
  <div class={small === true ? "slot small" : "slot"} style={{ "--slot-colour": `var(--slot${((slot - 1) % 6) + 1})` }}>
    <svg width={small === true ? 14 : 38} height={small === true ? 14 : 38} viewBox="0 0 36 36" aria-hidden="true">
      <path d={SHAPES[shapeOf(slot)]} fill="currentColor" />
    </svg>
    {small === true ? null : <div>{children ?? t("floor.intoSlot")}</div>}
    <span class="n">{slot}</span>
  </div>
);

/** How many: the number that counts as large as it goes. `of` is the whole, `unit` the unit's name. */
export const Quantity = ({ value, of, unit }: { readonly value: number; readonly of?: number; readonly unit: string }) => (
  <div class="qty">
    <b>{value}</b>
    <span>{of === undefined ? unit : t("floor.ofUnits", { n: of, unit })}</span>
  </div>
);

export interface ItemCardProps {
  readonly name: string;
  readonly sku: string;
  readonly picture?: string | null;
  readonly lot?: string | null;
  /** An ISO date. */
  readonly expiry?: string | null;
  /** Instead of SKU, lot and date: what to do with it. */
  readonly note?: ComponentChildren;
  readonly aside?: ComponentChildren;
}

export function ItemCard({ name, sku, picture, lot, expiry, note, aside }: ItemCardProps) {
  const more = [
    ...(lot === undefined || lot === null || lot === "" ? [] : [t("floor.lot", { lot })]),
    ...(expiry === undefined || expiry === null || expiry === "" ? [] : [t("floor.bestBefore", { date: plainDate(expiry) })]),
  ];
  return (
    <div class="item-card">
      <div class="pic">
        <ItemPicture sku={sku} picture={picture ?? null} />
      </div>
      <div class="grow">
        <b>{name}</b>
        <span class="mono">{note ?? t("floor.sku", { sku })}</span>
        {note === undefined && more.length > 0 ? <small>{more.join(" · ")}</small> : null}
      </div>
      {aside}
    </div>
  );
}

const FORMS = [
  ["M9 14h24v30a3 3 0 0 1-3 3H12a3 3 0 0 1-3-3z", "M9 14l6-9h12l6 9z"],
  ["M7 15h28v25a7 7 0 0 1-7 7H14a7 7 0 0 1-7-7z", "M10 5h22v8H10z"],
  ["M9 6h24l3 41H6z", "M9 6h24v7H9z"],
  ["M13 19c0-3 3-4 3-8h10c0 4 3 5 3 8v25a3 3 0 0 1-3 3H16a3 3 0 0 1-3-3z", "M16 3h10v7H16z"],
  ["M5 15h32v29a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2z", "M5 15l4-8h24l4 8z"],
  ["M8 10c0-6 26-6 26 0v32c0 6-26 6-26 0z", "M8 10c0 5 26 5 26 0s-26-6-26 0z"],
] as const;
const PAINTS = [
  ["#e8d7b5", "#cbb48a", "#7a9a5b"],
  ["#e3a52f", "#8a6a3a", "#fff3d6"],
  ["#6b4a36", "#4d3325", "#e9d9c7"],
  ["#5f8fc4", "#3f6a9a", "#e6f0fb"],
  ["#b9564e", "#8c3a34", "#fbe4e1"],
  ["#7fae8b", "#557f61", "#eff8f1"],
  ["#9a86c2", "#6e5c96", "#efeaf9"],
] as const;

/** The item's photograph; without one a drawing that is always the same for the same SKU. */
export function ItemPicture({ sku, picture, size = 40 }: { readonly sku: string; readonly picture: string | null; readonly size?: number }) {
  const missing = useSignal<string | null>(null); // no network, say
  if (picture !== null && missing.value !== picture) return <img src={picture} alt="" loading="lazy" decoding="async" onError={() => (missing.value = picture)} />;
  const sum = [...sku].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 100_003, 7);
  const [body, cap] = FORMS[sum % FORMS.length] ?? FORMS[0];
  const [main, dark, label] = PAINTS[Math.floor(sum / 7) % PAINTS.length] ?? PAINTS[0];
  return (
    <svg width={size} height={(size * 50) / 42} viewBox="0 0 42 50" aria-hidden="true">
      <path d={body} fill={main} />
      <path d={cap} fill={dark} />
      <rect x="14" y="24" width="14" height="13" rx="2.5" fill={label} />
    </svg>
  );
}

/** What to scan now. Announced to screen readers when it changes. */
export const ScanPrompt = ({ busy, children }: { readonly busy?: true; readonly children: ComponentChildren }) => (
  <div class="scan-prompt">
    {busy === undefined ? <Icon name="scan" size={34} /> : <span class="spinner" aria-hidden="true" />}
    <span class="grow" role="status" aria-live="polite">{typeof children === "string" ? inOnePiece(children) : children}</span>
    {busy === undefined ? <CameraButton /> : null}
  </div>
);
