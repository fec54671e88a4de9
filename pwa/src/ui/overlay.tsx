/** Why: the answer to a scan fills the screen: colour and icon and words, with sound and vibration beside it. */

import { useEffect, useRef } from "preact/hooks";
import type { Feedback } from "../core/machine";
import { useApp } from "./hooks";
import { inOnePiece, said, t } from "./i18n";
import { Icon } from "./icons";
import { Button } from "./parts";

const ICONS = { right: "check", wrong: "stop", done: "done" } as const;

export interface FullScreenProps {
  readonly feedback: Feedback;
  readonly onAcknowledge: () => void;
}

/** `right` and `done` go by themselves or with a tap; `wrong` waits for its button, a tap on it or the next scan. */
export function FullScreen({ feedback, onAcknowledge }: FullScreenProps) {
  const { kind, title, lines = [], acknowledge } = feedback;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const answer = ref.current;
    if (kind === "wrong") answer?.querySelector("button")?.focus({ preventScroll: true });
    // What has taken the focus meanwhile keeps it: the PIN's field, say, that came with the next scan.
    return () => {
      const { activeElement } = document;
      if (activeElement === document.body || answer?.contains(activeElement) === true) before?.focus?.({ preventScroll: true });
    };
  }, [feedback]);
  return (
    <div ref={ref} class={`full ${kind}`} role={kind === "wrong" ? "alertdialog" : "status"} aria-live="assertive" aria-label={said(title)} onClick={() => kind !== "wrong" && onAcknowledge()}>
      <div>
        <Icon name={ICONS[kind]} size={96} weight={kind === "right" ? 3 : 2.2} />
        <h1>{inOnePiece(said(title))}</h1>
        {lines.map((line) => (
          <p>{inOnePiece(said(line))}</p>
        ))}
        {kind === "wrong" ? <Button onTap={onAcknowledge}>{acknowledge === undefined ? t("common.understood") : said(acknowledge)}</Button> : null}
      </div>
    </div>
  );
}

/** The full-screen answer that is up now, if any. Stands once, in the root. */
export function Answers() {
  const { shown, acknowledge } = useApp();
  return shown.value === null ? null : <FullScreen feedback={shown.value} onAcknowledge={acknowledge} />;
}
