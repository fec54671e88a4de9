/** Why: what the server answered differently than the device had thought must be read by a person before work goes on. */

import type { Card } from "../core/queue";
import { Dialog } from "./dialog";
import { useApp, useScan } from "./hooks";
import { inOnePiece, outcomeText, t } from "./i18n";
import { Button } from "./parts";

/** The oldest card that nobody has read yet, as a sheet: what to do, in words. */
export function Cards() {
  const app = useApp();
  const [card] = app.sending.value.cards;
  if (card === undefined) return null;
  return <Unread key={card.seq} card={card} read={() => void app.sync.dismiss(card)} />;
}

/** No scan counts until it is read: the button, or YES from the command card. */
function Unread({ card, read }: { readonly card: Card; readonly read: () => void }) {
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
