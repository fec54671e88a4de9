/** Why: small wishes that outlive a reload; a browser that keeps nothing is no reason to fail. */

const OURS = "pickwave.";

/** What a browser does for us; null where it refuses to keep anything. */
function tried<T>(does: () => T): T | null {
  try {
    return does();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

export const stored = (key: string): string | null => tried(() => localStorage.getItem(OURS + key));
export const keep = (key: string, value: string): void => void tried(() => localStorage.setItem(OURS + key, value));

/** What this tab keeps until it is shut or the person leaves: half a form. Two tabs have two. */
export const storedInTab = (key: string): string | null => tried(() => sessionStorage.getItem(OURS + key));
export const keepInTab = (key: string, value: string | null): void =>
  void tried(() => (value === null ? sessionStorage.removeItem(OURS + key) : sessionStorage.setItem(OURS + key, value)));

/** The person leaves: nothing that they typed stays here. */
export const forgetTab = (): void =>
  void tried(() => {
    const names = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at) ?? "");
    for (const name of names.filter((each) => each.startsWith(OURS))) sessionStorage.removeItem(name);
  });
