/** Why: small wishes that outlive a reload; a browser that keeps nothing is no reason to fail. */

export const stored = (key: string): string | null => {
  try {
    return localStorage.getItem(`pickwave.${key}`);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
};
export const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(`pickwave.${key}`, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
};
