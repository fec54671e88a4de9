/** Why: people stand close on a floor. No name on its plan hides another, and a name without room is left out: the list beside the plan has it. */

export type Place = readonly [x: number, y: number];

export interface Named {
  readonly at: Place;
  readonly text?: string;
}

/** Where a name begins (or ends), on its baseline. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "end";
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A letter's usual width and a line's height at the plan's size of type. */
const LETTER = 7;
const LINE = 12;
/** Half of a dot, with some air. */
const DOT = 8;

/** Beside the dot first, then under it, on its other side, above it. */
const around = ([x, y]: Place): readonly Label[] => [
  { x: x + 12, y: y + 4, anchor: "start" },
  { x, y: y + 20, anchor: "start" },
  { x: x - 12, y: y + 4, anchor: "end" },
  { x, y: y - 12, anchor: "start" },
];

function boxOf({ x, y, anchor }: Label, text: string): Box {
  const width = text.length * LETTER;
  const left = anchor === "start" ? x : x - width;
  return { left, right: left + width, top: y - LINE, bottom: y + 2 };
}

const dotOf = ([x, y]: Place): Box => ({ left: x - DOT, right: x + DOT, top: y - DOT, bottom: y + DOT });
const areOver = (one: Box, other: Box): boolean => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Where each name stands in a frame of this size; null where there is none, or no room for it. */
export function labels(marks: readonly Named[], [width, height]: Place): readonly (Label | null)[] {
  const taken: Box[] = [];
  return marks.map(({ at, text }) => {
    if (text === undefined) return null;
    const others = marks.filter((each) => each.at[0] !== at[0] || each.at[1] !== at[1]).map((each) => dotOf(each.at));
    const isFree = (label: Label): boolean => {
      const box = boxOf(label, text);
      return box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height && ![...taken, ...others].some((each) => areOver(box, each));
    };
    const found = around(at).find(isFree) ?? null;
    if (found !== null) taken.push(boxOf(found, text));
    return found;
  });
}
