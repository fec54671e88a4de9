/** Why: numbers are typed with a glove; the soft keyboard stays away. */

import { t } from "./i18n";
import { Icon } from "./icons";

export interface KeypadProps {
  readonly onDigit: (digit: string) => void;
  readonly onErase: () => void;
  /** The key at the lower left: an icon's worth of meaning, or nothing. */
  readonly disabled?: boolean;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

export function Keypad({ onDigit, onErase, disabled = false }: KeypadProps) {
  const key = (digit: string) => (
    <button type="button" key={digit} disabled={disabled} onClick={() => onDigit(digit)}>
      {digit}
    </button>
  );
  return (
    <div class="keypad" role="group" aria-label={t("common.keypad")}>
      {DIGITS.map(key)}
      <span />
      {key("0")}
      <button type="button" disabled={disabled} aria-label={t("common.erase")} onClick={onErase}>
        <Icon name="erase" size={30} />
      </button>
    </div>
  );
}
