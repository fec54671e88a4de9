/** Why: an address is a screen and its parameters: `/orders/:number`. */

/** The parameters if the address is of this pattern, else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const [wanted, got] = [pattern, path].map((each) => each.split("/").filter((part) => part !== "")) as [string[], string[]];
  if (wanted.length !== got.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = got[i] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decoded(value);
    else if (part !== value) return null;
  }
  return params;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return value;
    throw error;
  }
}
