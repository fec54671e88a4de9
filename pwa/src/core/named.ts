/** Why: goods have a name in each language of their seller; a person sees theirs, else the English one, else the SKU. */

interface Named {
  readonly sku: string;
  readonly names: Readonly<Record<string, string>>;
}

/** A number stays with its unit, wherever the line breaks: 500 ml, 9 V. */
const unbroken = (name: string): string => name.replace(/(\d) (?=\p{L}{1,3}\b)/gu, "$1\u00a0");

/** What a person calls this item; nothing for one that is not known here. */
export const nameIn = (item: Named | undefined, language: string): string => unbroken(item?.names[language] ?? item?.names["en"] ?? item?.sku ?? "");
