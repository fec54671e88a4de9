/** Why: what could not be read is no dead end: it is asked for anew once the server is there again, or when somebody says so. */

import type { ComponentChildren } from "preact";
import type { Said } from "../core/machine";
import { useBack } from "./hooks";
import { said, t } from "./i18n";
import { Button, Empty, Fault } from "./parts";

interface AgainProps {
  /** Why it could not be read; null: it could. */
  readonly why: Said | null;
  readonly again: () => void;
}

/** Over a screen whose list could not be read. */
export function Again({ why, again }: AgainProps) {
  useBack(() => void (why !== null && again()));
  return (
    <div class="again">
      <Fault why={why} />
      {why === null ? null : <Button kind="line" onTap={again}>{t("common.again")}</Button>}
    </div>
  );
}

/** In the place of a screen that has nothing to show without it; `children`: where else one may go. */
export function NotShown({ why, again, children }: { readonly why: Said; readonly again: () => void; readonly children?: ComponentChildren }) {
  useBack(again);
  return (
    <Empty icon="warn" title={said(why)} page>
      <Button onTap={again}>{t("common.again")}</Button>
      {children}
    </Empty>
  );
}
