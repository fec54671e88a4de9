/** Why: what the server answered differently than the device had thought must be read by a person before work goes on. */

import { useApp } from "./hooks";
import { later } from "./later";

const unread = () => import("./unread");
const Unread = later(unread, "Unread");

/** The oldest card that nobody has read yet, as a sheet: what to do, in words. */
export function Cards() {
  const app = useApp();
  const [card] = app.sending.value.cards;
  if (card === undefined) return null;
  return <Unread key={card.seq} card={card} read={() => void app.sync.dismiss(card)} />;
}
