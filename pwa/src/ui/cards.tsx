/** Why: what the server answered differently than the device had thought must be read by a person before work goes on. */

import { Dialog } from "./dialog";
import { useApp } from "./hooks";
import { inOnePiece, outcomeText, t } from "./i18n";
import { Button } from "./parts";

/** The oldest card that nobody has read yet, as a sheet: what to do, in words. */
export function Cards() {
  const app = useApp();
  const [card] = app.sending.value.cards;
  if (card === undefined) return null;
  const { outcome, params } = card.answer;
  const read = (): void => void app.sync.dismiss(card);
  return (
    <Dialog key={card.seq} title={t("floor.cardTitle")} sheet onClose={read}>
      <p class="card-words">{inOnePiece(outcomeText(outcome, { ...params, ...(params?.["order"] === undefined ? {} : { order: String(params["order"]) }) }))}</p>
      <Button wide onTap={read}>{t("common.understood")}</Button>
    </Dialog>
  );
}
