import { t } from "../../ui";
import type { Send } from "./frame";
import { VoiceSwitch } from "./speaking";

const COMMANDS = ["NEW_CARTON", "SHORT", "REPRINT", "UNDO"] as const;

/** The command card once more, for fingers: each does what its printed barcode does. */
export function Commands({ send }: { readonly send: Send }) {
  const chip = (name: string) => (
    <button type="button" class="pack-command" key={name} onClick={() => send({ type: "tap", what: name })}>
      {t(`pack.command.${name}`)}
    </button>
  );
  return (
    <>
      {COMMANDS.map(chip)}
      <span class="grow" />
      <VoiceSwitch />
      {chip("HELP")}
    </>
  );
}
