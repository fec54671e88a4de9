/** Why: one small set of drawings, stable over languages. Lines of 2 on a grid of 24, in the colour of the text. */

const PATHS = {
  check: "M4 12.5l5.5 5.5L20 6.5",
  stop: "M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 16.4v.2",
  done: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM7.5 12.5l3 3 6-7",
  scan: "M3 7V4h4M17 4h4v3M21 17v3h-4M7 20H3v-3M7 8v8M11 8v8M14 8v8M17.2 8v8",
  clock: "M12 5a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9v4l3 2M9 2h6",
  back: "M15 5l-7 7 7 7",
  putBack: "M12 3v10M8 9.500l4 4 4-4M3 13v7h18v-7",
  erase: "M9 5h12v14H9l-6-7zM12 9.5l5 5M17 9.5l-5 5",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c1-4.5 4-6.5 8-6.5s7 2 8 6.5",
  badge: "M7 5h10a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM10 5V3h4v2M12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM8.5 18.5c.6-2 1.8-2.8 3.5-2.800s2.9.8 3.5 2.8",
  box: "M3 8l9-5 9 5v8.500l-9 5-9-5zM3 8l9 5 9-5M12 13v8.5",
  cart: "M3 4h2.500l2 11h10L20 7H6M9 20a1 1 0 1 0 0-.1M16 20a1 1 0 1 0 0-.1",
  wave: "M2 9c3-4 5-4 8 0s5 4 8 0 3-3 4-3M2 17c3-4 5-4 8 0s5 4 8 0 3-3 4-3",
  list: "M8 6h13M8 12h13M8 18h13M3.5 6h.1M3.5 12h.1M3.5 18h.1",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.500L21 21",
  printer: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  scale: "M4 20h16l-2-12H6zM12 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 2.5 4 5.5 4 9s-1 6.5-4 9c-3-2.5-4-5.5-4-9s1-6.5 4-9z",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  warn: "M12 3L2.5 20h19zM12 9.500v5M12 17.400v.1",
  offline: "M2 8c6-5.5 14-5.5 20 0M5.5 12c4-3.5 9-3.5 13 0M9 16c2-1.5 4-1.5 6 0M12 20h.1M4 3l16 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  close: "M5 5l14 14M19 5L5 19",
  arrow: "M4 12h15M13 6l6 6-6 6",
  camera: "M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  mail: "M3 6h18v12H3zM3 7l9 6.5L21 7",
  truck: "M2 6h11v10H2zM13 10h5l4 4v2h-9M6.5 16.500a2 2 0 1 0 .1 0M17.500 16.500a2 2 0 1 0 .1 0",
  fork: "M6 3v6a5 5 0 0 0 5 5h8M15 10l4 4-4 4M6 9v12",
  compare: "M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4",
  link: "M9 15l6-6M11 6.500l1.500-1.500a4.200 4.200 0 0 1 6 6L17 12.500M13 17.500L11.500 19a4.200 4.200 0 0 1-6-6L7 11.500",
  map: "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
} as const;

export type IconName = keyof typeof PATHS;

export interface IconProps {
  readonly name: IconName;
  readonly size?: number;
  readonly weight?: number;
}

/** Decoration beside words: hidden from screen readers. */
export const Icon = ({ name, size = 24, weight = 2 }: IconProps) => (
  <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width={weight} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);

/** The house mark: a wave over three shelves. */
export const Mark = ({ size = 28 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="var(--accent)" />
    <path d="M6 13c3.3-5 6.7-5 10 0s6.7 5 10 0" fill="none" stroke="var(--on-accent)" stroke-width="3.4" stroke-linecap="round" />
    <path d="M7 21h4M14 21h4M21 21h4" fill="none" stroke="var(--on-accent)" stroke-width="3.4" stroke-linecap="round" />
  </svg>
);
