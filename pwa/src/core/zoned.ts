/** Why: a date-time field knows no zone. What is typed into it is meant on the warehouse's clock, wherever the browser is. */

/** What a clock in a zone shows at a moment, as if it were UTC, ms; without a zone: the device's own clock. */
function shown(at: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...(zone === undefined ? {} : { timeZone: zone }),
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
}

/** An ISO moment as a date-time field writes it: 2026-11-27T16:00. */
export const fieldText = (moment: string, zone: string | undefined): string => new Date(shown(Date.parse(moment), zone)).toISOString().slice(0, 16);

/** The ISO moment that was typed; in the hour that a clock leaves out, the one after it. */
export function momentOf(typed: string, zone: string | undefined): string {
  const wall = Date.parse(`${typed}Z`);
  const ahead = (at: number): number => shown(at, zone) - at;
  const first = wall - ahead(wall);
  return new Date(wall - ahead(first)).toISOString();
}

/** Whether two zones' clocks show different times at a moment. */
export const areApart = (one: string | undefined, other: string | undefined, at: number): boolean => shown(at, one) !== shown(at, other);
