/** Why: an amount is typed as people write it and sent in its smallest unit; nothing is rounded on the way. */

/** Digits behind the point of this currency. */
export const digitsOf = (currency: string): number => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** What stands before the decimals in this language: a point, or a comma. */
export const markOf = (language: string): string => new Intl.NumberFormat(language).formatToParts(1.5).find((part) => part.type === "decimal")?.value ?? ".";

/** `12.90`, `12,90` or `12` in the smallest unit; null for what is no such amount. */
export function minorOf(text: string, digits: number): number | null {
  const found = /^(\d{1,10})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  const part = found?.[2] ?? "";
  if (found === null || part.length > digits) return null;
  return Number(`${found[1]}${part.padEnd(digits, "0")}`);
}

/** An amount as a person would type it. */
export const typed = (minor: number, digits: number, mark: string): string => (digits === 0 ? String(minor) : `${Math.floor(minor / 10 ** digits)}${mark}${String(minor % 10 ** digits).padStart(digits, "0")}`);
