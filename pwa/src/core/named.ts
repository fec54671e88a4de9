/** Why: goods have a name in each language of their seller; a person sees theirs, else the English one, else the SKU. */

interface Named {
  readonly sku: string;
  readonly names: Readonly<Record<string, string>>;
}

/** What a person calls this item; nothing for one that is not known here. */
export const nameIn = (item: Named | undefined, language: string): string => item?.names[language] ?? item?.names["en"] ?? item?.sku ?? "";
