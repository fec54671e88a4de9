/** Why: what is done now and then stands behind one button, so that what matters now stands alone. */

import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { openedAt, stepped } from "../core/roving";
import "./menu.css";
import { Button } from "./parts";

export interface Choice {
  readonly key: string;
  readonly words: string;
  readonly onChoose: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly choices: readonly Choice[];
}

/** A button that opens these choices (ARIA's menu button). A single one stands there itself. */
export function Menu({ label, choices }: MenuProps) {
  const [only] = choices;
  if (only === undefined) return null;
  return choices.length === 1 ? <Button kind="line" onTap={only.onChoose}>{only.words}</Button> : <Several label={label} choices={choices} />;
}

/** So far from the edge of the window it stays, px. */
const EDGE = 12;

function keepInSight(list: HTMLElement): void {
  const { left, right } = list.getBoundingClientRect();
  const { clientWidth } = document.documentElement;
  const beyond = Math.max(right - (clientWidth - EDGE), 0) || Math.min(left - EDGE, 0);
  list.style.translate = `${-beyond}px`;
  list.scrollIntoView({ block: "nearest" });
}

function Several({ label, choices }: MenuProps) {
  const id = useId();
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLUListElement>(null);
  /** The choice that has the focus; null while it is shut. */
  const at = useSignal<number | null>(null);
  const isOpen = at.value !== null;
  useLayoutEffect(() => {
    if (list.current !== null) keepInSight(list.current);
  }, [isOpen]);
  useLayoutEffect(() => {
    if (at.value !== null) list.current?.querySelectorAll("button")[at.value]?.focus();
  }, [at.value]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const elsewhere = (event: Event): void => {
      if (whole.current?.contains(event.target as Node) !== true) at.value = null;
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [isOpen]);
  const shut = (): void => {
    button.current?.focus({ preventScroll: true });
    at.value = null;
  };
  const press = (event: KeyboardEvent): void => {
    // The button has the focus then: Tab goes on from there by itself.
    if (isOpen && event.key === "Tab") return shut();
    if (isOpen && event.key === "Escape") {
      event.preventDefault();
      return shut();
    }
    const next = at.value === null ? openedAt(event.key, choices.length) : stepped(event.key, at.value, choices.length);
    if (next === null) return;
    event.preventDefault();
    at.value = next;
  };
  return (
    <div class="menu" ref={whole} onKeyDown={press}>
      <button ref={button} id={id} type="button" class="btn small line" aria-haspopup="menu" aria-expanded={isOpen} onClick={() => (isOpen ? shut() : void (at.value = 0))}>
        {label}
      </button>
      {isOpen ? (
        <ul ref={list} class="menu-list" role="menu" aria-labelledby={id}>
          {choices.map(({ key, words, onChoose }) => (
            <li key={key} role="none">
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  shut();
                  onChoose();
                }}
              >
                {words}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
