/** Why: the way is drawn where it is known, beside the words; nobody waits for it. */

import { printedBin } from "../../core/barcode";
import type { Tour, TourStop } from "../../core/tour";
import { MapView, t, type Floor, type Point } from "../../ui";

export function TourMap({ tour, stop, floor }: { readonly tour: Tour; readonly stop: TourStop; readonly floor: Floor }) {
  const here: Point = [stop.bin.x_mm, stop.bin.y_mm];
  const cut = nearest(tour.path, here);
  const done = tour.stops.filter((each) => each.state !== "open").slice(-1);
  return (
    <MapView
      floor={floor}
      path={tour.path.slice(Math.max(0, cut - 6), cut + 1)}
      later={tour.path.slice(cut)}
      marks={[
        ...done.map((each) => ({ at: [each.bin.x_mm, each.bin.y_mm] as Point, tone: "ok" as const })),
        { at: here, tone: "accent", now: true },
      ]}
      label={t("pick.map", { bin: printedBin(stop.bin.code) })}
    />
  );
}

function nearest(path: readonly Point[], [x, y]: Point): number {
  let best = 0;
  path.forEach(([px, py], i) => {
    const [bx, by] = path[best] ?? [0, 0];
    if (Math.abs(px - x) + Math.abs(py - y) < Math.abs(bx - x) + Math.abs(by - y)) best = i;
  });
  return best;
}
