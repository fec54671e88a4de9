/** Why: one scan box, always listening: what is scanned goes to the screen on top, whatever has the focus. */

import type { Scan } from "../core/barcode";

/** Return false for what is not this screen's business: then whoever listens below gets it. */
export type ScanHandler = (scan: Scan, bounced: boolean) => boolean | void;

export class Scans {
  private readonly handlers: ScanHandler[] = [];
  private early: (() => void)[] | null = [];

  /** Listens above everybody until the returned function is called. */
  listen(handler: ScanHandler): () => void {
    this.handlers.push(handler);
    return () => {
      const at = this.handlers.lastIndexOf(handler);
      if (at >= 0) this.handlers.splice(at, 1);
    };
  }

  /** Takes a scan as soon as a screen stands: one that comes while the app is still loading is not lost. */
  whenReady(take: () => void): void {
    if (this.early === null) take();
    else this.early.push(take);
  }

  /** The first screen stands. */
  ready(): void {
    const early = this.early ?? [];
    this.early = null;
    for (const take of early) take();
  }

  heard(scan: Scan, bounced = false): void {
    for (const handler of [...this.handlers].reverse()) {
      if (handler(scan, bounced) !== false) return;
    }
  }
}
