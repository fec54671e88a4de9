/** Why: one scan box, always listening: what is scanned goes to the screen on top, whatever has the focus. */

import type { Scan } from "../core/barcode";

/** Return false for what is not this screen's business: then whoever listens below gets it. */
export type ScanHandler = (scan: Scan, bounced: boolean) => boolean | void;

export class Scans {
  private readonly handlers: ScanHandler[] = [];

  /** Listens above everybody until the returned function is called. */
  listen(handler: ScanHandler): () => void {
    this.handlers.push(handler);
    return () => {
      const at = this.handlers.lastIndexOf(handler);
      if (at >= 0) this.handlers.splice(at, 1);
    };
  }

  heard(scan: Scan, bounced = false): void {
    for (const handler of [...this.handlers].reverse()) {
      if (handler(scan, bounced) !== false) return;
    }
  }
}
