/** Why: where the next bins are and how to walk, in a glance. A plan, not a survey: it fills its frame in both directions. */

import { labels, type Label, type Place as Point } from "../core/labels";

export type { Point };

/** A warehouse's floor in millimetres: x of each aisle, y of each cross aisle, where tours begin. */
export interface Floor {
  readonly aisles: Readonly<Record<string, number>>;
  readonly cross: readonly number[];
  readonly depot: Point;
}

export interface MapMark {
  readonly at: Point;
  readonly tone: "ok" | "accent" | "warn" | "bad" | "soft";
  readonly text?: string;
  /** The one that counts now: larger, with a white heart. */
  readonly now?: boolean;
}

export interface MapViewProps {
  readonly floor: Floor;
  /** The way that is walked now, drawn bold. */
  readonly path?: readonly Point[];
  /** The way after it, dashed. */
  readonly later?: readonly Point[];
  readonly marks?: readonly MapMark[];
  /** What the map shows, in words. */
  readonly label: string;
  readonly height?: number;
  readonly width?: number;
}

/** Between the frame and what is drawn; half the aisle between two racks. */
const MARGIN = 14;
const LANE = 0.26;

export function MapView({ floor, path = [], later = [], marks = [], label, width = 328, height = 128 }: MapViewProps) {
  const aisles = [...new Set(Object.values(floor.aisles))].sort((a, b) => a - b);
  const crosses = [...floor.cross].sort((a, b) => a - b);
  const all = [...path, ...later, ...marks.map((mark) => mark.at), floor.depot];
  const step = stepOf(aisles);
  const toX = scale([...aisles.flatMap((x) => [x - step / 2, x + step / 2]), ...all.map(([x]) => x)], width);
  const toY = scale([...crosses, ...all.map(([, y]) => y)], height);
  const place = ([x, y]: Point): Point => [toX(x), toY(y)];
  const placed = marks.map((mark) => ({ ...mark, at: place(mark.at) }));
  const names = labels(placed, [width, height]);
  const racks = racksBetween(aisles, step).flatMap(([left, right]) =>
    crosses.slice(1).map((end, i) => {
      const [top, bottom] = [toY(crosses[i] ?? end) + 7, toY(end) - 7];
      return { x: toX(left), y: top, width: toX(right) - toX(left), height: Math.max(0, bottom - top) };
    }),
  );
  return (
    <svg class="map" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <g fill="var(--raised)">
        {racks.map((rack) => (
          <rect {...rack} rx={3} />
        ))}
      </g>
      <Line points={later.map(place)} width={2} colour="var(--faint)" dashed />
      <Line points={path.map(place)} width={4} colour="var(--accent)" />
      {placed.map((mark, i) => (
        <Dot mark={mark} name={names[i] ?? null} />
      ))}
    </svg>
  );
}

const Dot = ({ mark, mark: { at: [x, y] }, name }: { readonly mark: MapMark; readonly name: Label | null }) => (
  <g>
    <circle cx={x} cy={y} r={mark.now === true ? 9 : 6} fill={mark.tone === "soft" ? "var(--soft)" : `var(--${mark.tone})`} />
    {mark.now === true ? <circle cx={x} cy={y} r={4} fill="#fff" /> : null}
    {name === null ? null : (
      <text x={name.x} y={name.y} text-anchor={name.anchor} font-size={12} fill="var(--soft)">
        {mark.text}
      </text>
    )}
  </g>
);

interface LineProps {
  readonly points: readonly Point[];
  readonly width: number;
  readonly colour: string;
  readonly dashed?: true;
}

const Line = ({ points, width, colour, dashed }: LineProps) =>
  points.length < 2 ? null : (
    <polyline
      points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}
      fill="none"
      stroke={colour}
      stroke-width={width}
      stroke-linecap="round"
      stroke-linejoin="round"
      {...(dashed === undefined ? {} : { "stroke-dasharray": "4 5" })}
    />
  );

/** Millimetres to the frame's own units. */
function scale(values: readonly number[], size: number): (value: number) => number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = most - least;
  return (value) => (span === 0 ? size / 2 : MARGIN + ((value - least) / span) * (size - 2 * MARGIN));
}

/** The usual distance of two aisles. */
const stepOf = (aisles: readonly number[]): number =>
  aisles.length < 2 ? 4000 : ((aisles[aisles.length - 1] ?? 0) - (aisles[0] ?? 0)) / (aisles.length - 1);

/** The racks: between two aisles, and one on the outside of the first and the last. */
function racksBetween(aisles: readonly number[], step: number): (readonly [number, number])[] {
  const lane = step * LANE;
  const between = aisles.slice(1).map((x, i) => [(aisles[i] ?? x) + lane, x - lane] as const);
  const [first, last] = [aisles[0] ?? 0, aisles[aisles.length - 1] ?? 0];
  return [[first - step / 2, first - lane], ...between, [last + lane, last + step / 2]];
}
