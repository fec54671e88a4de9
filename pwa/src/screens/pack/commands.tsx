import { t } from "../../ui";
import type { Send } from "./frame";

const COMMANDS = ["NEW_CARTON", "SHORT", "REPRINT", "UNDO"] as const;

/** The command card once more, for fingers: each does what its printed barcode does. */
export function Commands({ send }: { readonly send: Send }) {
  const chip = (name: string) => (
    <button type="button" class="pack-command" key={name} onClick={() => send({ type: "tap", what: name })}>
      <Bars text={name} />
      {t(`pack.command.${name}`)}
    </button>
  );
  return (
    <>
      {COMMANDS.map(chip)}
      <span class="grow" />
      {chip("HELP")}
    </>
  );
}

/** A hint at the printed card, not a barcode to be read: bars of the letters, always the same for the same command. */
function Bars({ text }: { readonly text: string }) {
  const bits = [...`%${text}:`].flatMap((char) => [...(char.charCodeAt(0) * 11).toString(2).padStart(10, "0")]).slice(0, 74);
  return (
    <svg class="pack-bars" width={74} height={26} viewBox="0 0 74 26" aria-hidden="true">
      {bits.map((bit, x) => (bit === "1" ? <rect x={x} y={0} width={1} height={26} fill="currentColor" /> : null))}
    </svg>
  );
}
