import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { timers } from "../../adapters/platform";
import type { PackView } from "../../core/packing";
import { whyNot } from "../../core/refused";
import { heard, seeded, untaken, type Reading } from "../../core/scale";
import { Button, Fault, number, Pill, t, useApp, type Tone } from "../../ui";
import type { Said } from "../../core/machine";
import type { Send } from "./frame";
import { chosenScale, hidOf, hidScale, knownScale, simulatedScale, typedScale, type Scale, type ScaleKind } from "./scales";
import { isDoubted } from "./labels";
import { phaseOf, type State } from "./state";
import { onScale } from "./weight";

const SAVED_SCALE = "pack.scale";
/** Of the simulated scale: right at first, the fourth carton drifts, the fifth is odd. */
const SEED = 3;

/** The scale of this device: what it says, and how it is chosen. Typing is there beside each. */
export interface Weighing {
  readonly kind: ScaleKind;
  readonly reading: Reading | null;
  readonly fault: Said | null;
  readonly choose: (kind: ScaleKind) => void;
  readonly typed: (grams: number) => void;
  /** The carton is put on once more; null where a real scale notices that itself. */
  readonly again: (() => void) | null;
}

/** What the weight is waited for of: its carton, and what it should weigh. */
function dueOf(state: State): { readonly carton: string; readonly expected: number } | null {
  if (state.mode !== "packing") return null;
  const on = onScale(state);
  return on === null || isDoubted(on.carton) || phaseOf(state.view, on.order) !== "weigh" ? null : { carton: on.carton.id, expected: on.carton.expected_g };
}

export function useScale(state: State, send: Send): Weighing {
  const { saved } = useApp();
  const kind = useSignal<ScaleKind>("typed");
  const reading = useSignal<Reading | null>(null);
  const fault = useSignal<Said | null>(null);
  const scale = useRef<Scale | null>(null);
  const taking = useRef(untaken);
  const due = dueOf(state);
  const waited = useRef(due);
  waited.current = due;

  const hear = (next: Reading): void => {
    reading.value = next;
    taking.current = heard(taking.current, next, waited.current !== null);
    if (taking.current.take !== null) send({ type: "weight", grams: taking.current.take });
  };
  const use = (next: Scale | null): void => {
    scale.current?.close();
    scale.current = next;
    taking.current = untaken;
    reading.value = null;
    kind.value = next?.kind ?? "typed";
  };
  const open = async (wanted: ScaleKind, asked: boolean): Promise<void> => {
    const hid = hidOf(navigator);
    if (wanted === "simulated") return use(simulatedScale(hear, timers, seeded(SEED)));
    if (wanted === "typed" || hid === null) return use(null);
    const device = asked ? await chosenScale(hid) : await knownScale(hid);
    use(device === null ? null : await hidScale(hid, device, hear, () => use(null)));
  };
  const choose = (wanted: ScaleKind, asked = true): void => {
    fault.value = null;
    open(wanted, asked).then(
      () => asked && void saved.put(SAVED_SCALE, kind.peek()),
      (error: unknown) => {
        if (!(error instanceof DOMException)) fault.value = whyNot(error); // a DOMException: nobody chose one, or it is in use elsewhere
        else fault.value = { key: "pack.scale.notOpen" };
        use(null);
      },
    );
  };
  useEffect(() => {
    void saved.get<ScaleKind>(SAVED_SCALE).then((kept) => kept === undefined || kept === "typed" || choose(kept, false));
    return () => scale.current?.close();
  }, []);
  const put = (): void => void (waited.current !== null && scale.current?.put(waited.current.expected));
  useEffect(put, [due?.carton, kind.value]);
  return { kind: kind.value, reading: reading.value, fault: fault.value, choose, typed: (grams) => typedScale(({ state: is }) => is === "stable" && send({ type: "weight", grams })).type(grams), again: kind.value === "simulated" ? put : null };
}

const TONES: Readonly<Record<Reading["state"], Tone>> = { stable: "ok", zero: "ok", moving: "accent", overload: "bad", under: "bad", fault: "bad" };

/** What the scale says; nothing where weights are typed. */
export function ScalePill({ scale: { kind, reading } }: { readonly scale: Weighing }) {
  if (kind === "typed") return null;
  if (reading === null) return <Pill dot="hollow">{t("pack.scale.silent")}</Pill>;
  const kilos = number(reading.grams / 1000, 2);
  return (
    <Pill tone={TONES[reading.state]} dot={reading.state === "moving" ? "hollow" : "full"}>
      {t(`pack.scale.${reading.state}`, { kilos })}
    </Pill>
  );
}

/** Which scale this device weighs by; only what can be there is offered. */
export function ScaleChoice({ scale, view }: { readonly scale: Weighing; readonly view: PackView }) {
  const offered: readonly ScaleKind[] = [
    ...(hidOf(navigator) === null ? [] : (["hid"] as const)),
    ...([view.printer, view.other ?? null].some((printer) => printer?.virtual === true) ? (["simulated"] as const) : []),
  ];
  const others = [...offered, ...(scale.kind === "typed" ? [] : (["typed"] as const))].filter((kind) => kind !== scale.kind);
  if (others.length === 0) return null;
  return (
    <div class="pack-scales" role="group" aria-label={t("pack.scale")}>
      {scale.again === null ? null : <Button kind="line" onTap={scale.again}>{t("pack.scale.again")}</Button>}
      {others.map((kind) => (
        <Button key={kind} kind="line" onTap={() => scale.choose(kind)}>{t(`pack.scale.use.${kind}`)}</Button>
      ))}
      <Fault why={scale.fault} />
    </div>
  );
}
