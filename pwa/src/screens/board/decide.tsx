/** Why: before something is decided it is said what it is, and what each answer does. */

import { useState } from "preact/hooks";
import { Button, Dialog, Fault, language, t, wordOf } from "../../ui";
import type { Input, Opened, State } from "./flow";
import type { Need, Person } from "./shapes";

interface DecideProps {
  readonly state: Exclude<State, { mode: "watching" }>;
  readonly people: readonly Person[];
  readonly send: (input: Input) => void;
}

export function Decide({ state, people, send }: DecideProps) {
  const busy = state.mode === "asking";
  return (
    <Dialog title={titleOf(state.opened)} onClose={() => send({ type: "close" })}>
      <div class="board-decide">
        <What opened={state.opened} />
        <Fault why={state.mode === "open" ? state.fault : null} />
        {"person" in state.opened ? <Give person={state.opened.person} people={people} busy={busy} send={send} /> : <Answers need={state.opened.need} busy={busy} send={send} />}
        <Button kind="line" disabled={busy} onTap={() => send({ type: "close" })}>{t("common.cancel")}</Button>
      </div>
    </Dialog>
  );
}

const titleOf = (opened: Opened): string =>
  "person" in opened ? t("board.giveAway", { tour: String(opened.person.tour_number), name: opened.person.name }) : nameOf(opened.need);

/** What waits, in a few words. */
export function nameOf(need: Need): string {
  const item = need.item === null ? "" : (need.item[language.value] ?? need.item["en"] ?? "");
  const kind = need.said === null ? "" : wordOf(need.said.kind);
  return t(`board.need.${need.kind}`, { order: need.order === null ? "" : String(need.order), item, bin: need.bin ?? "", kind, printer: need.printer ?? "" });
}

/** What of a scan a person can check on the floor; ids say nothing there. */
const SHOWN = ["item", "qty", "missing", "counted", "bin", "tote", "slot", "lot", "reason"] as const;

function What({ opened }: { readonly opened: Opened }) {
  if ("person" in opened) return <p>{t("board.what.person")}</p>;
  const { kind, said, why } = opened.need;
  return (
    <>
      <p>{t(`board.what.${kind}`)}</p>
      {why === null ? null : <p class="soft">{t("board.because", { why: wordOf(why) })}</p>}
      {said === null ? null : (
        <dl class="board-fact">
          {SHOWN.filter((name) => said.body[name] !== undefined && said.body[name] !== null).map((name) => (
            <div key={name}>
              <dt>{t(`board.field.${name}`)}</dt>
              <dd>{String(said.body[name])}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

interface AnswersProps {
  readonly need: Need;
  readonly busy: boolean;
  readonly send: (input: Input) => void;
}

function Answers({ need, busy, send }: AnswersProps) {
  const act = (what: Extract<Input, { type: "act" }>["act"]) => (): void => send({ type: "act", act: what });
  switch (need.kind) {
    case "print":
      return (
        <>
          <Button kind="small" busy={busy} onTap={act({ do: "print", decision: "printed" })}>{t("board.printed")}</Button>
          <Button kind="line" busy={busy} onTap={act({ do: "print", decision: "reprint" })}>{t("board.reprint")}</Button>
        </>
      );
    case "aside":
      return (
        <>
          <Button kind="small" busy={busy} onTap={act({ do: "aside", decision: "book" })}>{t("board.book")}</Button>
          <Button kind="bad" busy={busy} onTap={act({ do: "aside", decision: "dismiss" })}>{t("board.dismiss")}</Button>
        </>
      );
    case "hold":
      return (
        <>
          <Button kind="small" busy={busy} onTap={act({ do: "release" })}>{t("board.release")}</Button>
          <a class="btn small line" href={`/orders/${need.order ?? ""}`}>{t("board.openOrder")}</a>
        </>
      );
    case "count":
      return <Button kind="small" busy={busy} onTap={act({ do: "later" })}>{t("board.later")}</Button>;
  }
}

function Give({ person, people, busy, send }: { readonly person: Person; readonly people: readonly Person[]; readonly busy: boolean; readonly send: (input: Input) => void }) {
  const [to, setTo] = useState("");
  return (
    <>
      <label class="field">
        <span>{t("board.to")}</span>
        <select value={to} onChange={(event) => setTo(event.currentTarget.value)}>
          <option value="">{t("board.everyone")}</option>
          {people.filter((each) => each.id !== person.id).map((each) => (
            <option key={each.id} value={each.id}>{each.name}</option>
          ))}
        </select>
      </label>
      <Button kind="small" busy={busy} onTap={() => send({ type: "act", act: { do: "reassign", person: to === "" ? null : to } })}>{t("board.give")}</Button>
    </>
  );
}
