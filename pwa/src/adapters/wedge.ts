/**
 * Why: a scanner is a keyboard that types fast. Its text is caught wherever the focus is, without a field to tap first.
 *
 * A burst ends with Enter, Tab or silence. Outside fields everything of three characters or more is a scan; inside a
 * field only what came faster than fingers type, and the field gets its text back. GS arrives as CTRL+] or as itself.
 * What is pasted outside fields is a scan too: the way of a desk that has no scanner.
 */

import { bare } from "../core/barcode";

export interface WedgeOptions {
  /** What was scanned, and whether the same text came again so fast that the trigger may have bounced. */
  readonly onScan: (text: string, bounced: boolean) => void;
  /** Silence that ends a burst, ms. Raise it where an inter-character delay is set on the scanner. */
  readonly silence?: number;
  /** The longest mean gap between characters, ms, that is still a scanner when a field has the focus. */
  readonly fieldGap?: number;
  /** The same text within this time, ms, may be a bounce of the trigger. */
  readonly bounce?: number;
  readonly minLength?: number;
  /** A key that the scanner sends first (F13, say): what follows is a scan, whatever its speed. */
  readonly startKey?: string;
  readonly now?: () => number;
}

type Field = HTMLInputElement | HTMLTextAreaElement;
const GS = "\x1d";
/** A timer that is so many ms late was held up by work of the page, not by silence. */
const LATE = 30;
const ENDS = new Set(["Enter", "Tab"]);
/** Control characters that a scanner sends as CTRL + key: GS, and the two that end a scan. */
const CONTROL: Readonly<Record<string, string>> = { "]": GS, j: "Enter", m: "Enter", i: "Tab" };

/** Listens to the document until the returned function is called. */
export function listen(page: Document, options: WedgeOptions): () => void {
  const { onScan, silence = 100, fieldGap = 35, bounce = 500, minLength = 3, startKey } = options;
  const now = options.now ?? (() => performance.now());
  const second = hiddenField(page);
  let text = "";
  let began = 0;
  let latest = 0;
  let sure = false;
  let field: Field | null = null;
  let before = "";
  let lastScan = { text: "", at: -Infinity };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;

  const clear = (): void => {
    clearTimeout(timer);
    text = "";
    sure = false;
    field = null;
  };

  const emit = (scanned: string): void => {
    const at = now();
    const bounced = scanned === lastScan.text && at - lastScan.at < bounce;
    lastScan = { text: scanned, at };
    onScan(scanned, bounced);
  };

  /** Whether the burst so far is a scanner's. In a field only its speed tells. */
  const scanned = (): boolean => {
    if (text.length < minLength) return false;
    return sure || field === null || (latest - began) / (text.length - 1) <= fieldGap;
  };

  const finish = (): boolean => {
    const isScan = scanned();
    const [found, where, old] = [text, field, before];
    clear();
    if (!isScan) return false;
    if (where !== null) giveBack(where, old);
    emit(found);
    return true;
  };

  const awaitSilence = (): void => {
    clearTimeout(timer);
    due = now() + silence;
    timer = setTimeout(onSilence, silence);
  };

  /** A page that was busy hears the clock and the keys late, the clock perhaps first: then it waits once more. */
  const onSilence = (): void => {
    if (now() - due > LATE) awaitSilence();
    else finish();
  };

  const add = (char: string, target: Field | null): void => {
    if (text === "") {
      began = now();
      field = target;
      before = target?.value ?? "";
    }
    text += char;
    latest = now();
    awaitSilence();
  };

  const onKey = (event: KeyboardEvent): void => {
    if (second.field !== null && event.target === second.field) return second.onKey(event);
    if (event.isComposing || event.keyCode === 229) {
      if (editable(event.target) === null) second.catchNext(event);
      return;
    }
    if (startKey !== undefined && event.key === startKey) {
      clear();
      sure = true;
      return event.preventDefault();
    }
    const target = editable(event.target);
    if (event.ctrlKey && !event.altKey && !event.metaKey) return onControl(event, target);
    if (event.metaKey) return;
    if (ENDS.has(event.key)) return onEnd(event);
    if (event.key !== GS && [...event.key].length !== 1) return;
    if (text === "" && event.key === " " && pressable(event.target)) return;
    add(event.key, target);
    if (target === null) event.preventDefault();
  };

  const onEnd = (event: KeyboardEvent): void => {
    if (text === "") return;
    if (finish()) event.preventDefault();
  };

  /** In a burst no shortcut of the browser may run: a GS must not open a menu, a line feed not the downloads. */
  const onControl = (event: KeyboardEvent, target: Field | null): void => {
    const control = CONTROL[event.key.toLowerCase()] ?? (event.keyCode === 221 ? GS : undefined);
    if (text === "" && !(control === GS && (target === null || sure))) return;
    if (event.key.length === 1) event.preventDefault();
    if (control === GS) add(GS, target);
    else if (control !== undefined) onEnd(event);
  };

  /** Pasted where no field wants it: somebody at a desk without a scanner. */
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = bare(event.clipboardData?.getData("text/plain") ?? "").trim();
    if (editable(event.target) !== null || pasted.length < minLength) return;
    event.preventDefault();
    emit(pasted);
  };

  second.onText = (found) => {
    if (found.length >= minLength) emit(found);
  };
  second.silence = silence;
  page.addEventListener("keydown", onKey, { capture: true });
  page.addEventListener("paste", onPaste);
  return () => {
    clear();
    page.removeEventListener("keydown", onKey, { capture: true });
    page.removeEventListener("paste", onPaste);
    second.remove();
  };
}

/** The field that takes the text, or null: then nothing on the page wants it. */
function editable(target: EventTarget | null): Field | null {
  const element = target as (Field & { isContentEditable?: boolean }) | null;
  if (element === null || typeof element.tagName !== "string") return null;
  if (element.tagName === "TEXTAREA" || element.isContentEditable === true) return element;
  const buttons = ["button", "checkbox", "radio", "range", "submit", "reset", "file", "color"];
  return element.tagName === "INPUT" && !buttons.includes(element.type) ? element : null;
}

const pressable = (target: EventTarget | null): boolean =>
  ["BUTTON", "A", "INPUT", "SELECT", "SUMMARY"].includes((target as HTMLElement | null)?.tagName ?? "");

function giveBack(field: Field, value: string): void {
  if (field.value === value || field.value === undefined) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

interface SecondPath {
  readonly field: HTMLInputElement | null;
  onText: (text: string) => void;
  silence: number;
  catchNext(event: KeyboardEvent): void;
  onKey(event: KeyboardEvent): void;
  remove(): void;
}

/** Where a soft keyboard's input method hides the keys (code 229): its text is read from a field that nobody sees. */
function hiddenField(page: Document): SecondPath {
  let field: HTMLInputElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const path: SecondPath = {
    get field() {
      return field;
    },
    onText: () => undefined,
    silence: 100,
    catchNext: () => {
      field ??= make();
      field.focus({ preventScroll: true });
    },
    onKey: (event) => {
      if (!ENDS.has(event.key)) return;
      event.preventDefault();
      finish();
    },
    remove: () => {
      clearTimeout(timer);
      field?.remove();
    },
  };
  const finish = (): void => {
    clearTimeout(timer);
    const text = field?.value ?? "";
    if (field !== null) field.value = "";
    field?.blur();
    if (text !== "") path.onText(text);
  };
  const make = (): HTMLInputElement => {
    const made = page.createElement("input");
    made.setAttribute("inputmode", "none");
    made.setAttribute("aria-hidden", "true");
    made.tabIndex = -1;
    made.className = "wedge-field";
    made.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(finish, path.silence);
    });
    page.body.append(made);
    return made;
  };
  return path;
}
