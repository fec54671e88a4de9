/** Why: a card that waits to be read stands in the way until it is. */

import type { Card } from "../core/queue";
import { Dialog } from "./dialog";
import { useApp, useScan } from "./hooks";
import { inOnePiece, outcomeText, t } from "./i18n";
import { Button } from "./parts";

/** No scan counts until it is read: the button, or YES from the command card. */
export function Unread({ card, read }: { readonly card: Card; readonly read: () => void }) {
  const { feedback } = useApp();
  useScan((scan) => {
    if (scan.kind === "badge") return false;
    return scan.kind === "command" && scan.code === "YES" ? read() : feedback.play("wrong");
  });
  const { outcome, params } = card.answer;
  return (
    <Dialog title={t("floor.cardTitle")} sheet onClose={read}>
      <p class="card-words">{inOnePiece(outcomeText(outcome, { ...params, ...(params?.["order"] === undefined ? {} : { order: String(params["order"]) }) }))}</p>
      <Button wide onTap={read}>{t("common.understood")}</Button>
    </Dialog>
  );
}
