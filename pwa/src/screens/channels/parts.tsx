import { useId } from "preact/hooks";
import { t } from "../../ui";
import type { Wrong } from "./flow";

interface LinesProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly rows?: number;
  readonly onInput: (value: string) => void;
}

/** Several lines of text with a word on what they are. */
export function Lines({ label, help, value, rows = 3, onInput }: LinesProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} class="mono" rows={rows} value={value} spellcheck={false} aria-describedby={`${id}-help`} onInput={(event) => onInput(event.currentTarget.value)} />
      <span class="soft" id={`${id}-help`}>{help}</span>
    </div>
  );
}

/** What is wrong, each at its field. */
export const Faults = ({ faults }: { readonly faults: readonly Wrong[] }) =>
  faults.length === 0 ? null : (
    <ul class="channels-faults">
      {faults.map((each, i) => (
        <li key={i} class="panel padded">
          <b class="mono">{each.field}</b>
          <p>{each.message}</p>
          {each.wanted === undefined && each.got === undefined ? null : <p class="soft">{t("channels.fault", { wanted: each.wanted ?? "–", got: each.got ?? "–" })}</p>}
        </li>
      ))}
    </ul>
  );
