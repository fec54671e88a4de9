/** Why: where the next bins are and how to walk, on the floor plan, in a glance. */

export type Point = readonly [x: number, y: number];

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
}

const RACK = 900;

export function MapView({ floor, path = [], later = [], marks = [], label, height = 128 }: MapViewProps) {
  const xs = Object.values(floor.aisles);
  const all = [...path, ...later, ...marks.map((mark) => mark.at), floor.depot];
  const [left, right] = extent([...xs, ...all.map(([x]) => x)], 2200);
  const [top, bottom] = extent([...floor.cross, ...all.map(([, y]) => y)], 1600);
  const unit = Math.max((right - left) / 328, (bottom - top) / height);
  const crosses = [...floor.cross].sort((a, b) => a - b);
  return (
    <svg class="map" viewBox={`${left} ${top} ${right - left} ${bottom - top}`} style={{ height: `${height / 16}rem` }} role="img" aria-label={label} preserveAspectRatio="xMidYMid meet">
      <g fill="var(--raised)">{xs.flatMap((x) => racksOf(x, crosses))}</g>
      <Line points={later} width={2 * unit} colour="var(--faint)" dashed={unit} />
      <Line points={path} width={4 * unit} colour="var(--accent)" />
      {marks.map((mark) => (
        <g>
          <circle cx={mark.at[0]} cy={mark.at[1]} r={(mark.now === true ? 9 : 6) * unit} fill={mark.tone === "soft" ? "var(--soft)" : `var(--${mark.tone})`} />
          {mark.now === true ? <circle cx={mark.at[0]} cy={mark.at[1]} r={4 * unit} fill="#fff" /> : null}
          {mark.text === undefined ? null : (
            <text x={mark.at[0] + 11 * unit} y={mark.at[1] + 4 * unit} font-size={12 * unit} fill="var(--soft)">
              {mark.text}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

/** The racks on both sides of an aisle, between the cross aisles. */
function racksOf(x: number, crosses: readonly number[]) {
  return crosses.slice(1).flatMap((end, i) => {
    const begin = crosses[i] ?? end;
    const [y, length] = [begin + 1000, end - begin - 2000];
    if (length <= 0) return [];
    return [x - RACK - 700, x + 700].map((side) => <rect x={side} y={y} width={RACK} height={length} rx={150} />);
  });
}

const Line = ({ points, width, colour, dashed }: { readonly points: readonly Point[]; readonly width: number; readonly colour: string; readonly dashed?: number }) =>
  points.length < 2 ? null : (
    <polyline
      points={points.map(([x, y]) => `${x},${y}`).join(" ")}
      fill="none"
      stroke={colour}
      stroke-width={width}
      stroke-linecap="round"
      stroke-linejoin="round"
      {...(dashed === undefined ? {} : { "stroke-dasharray": `${4 * dashed} ${5 * dashed}` })}
    />
  );

const extent = (values: readonly number[], margin: number): readonly [number, number] => [
  Math.min(...values) - margin,
  Math.max(...values) + margin,
];
