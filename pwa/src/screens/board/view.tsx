import { useSignal } from "@preact/signals";
import type { Ref } from "preact";
import { useEffect, useState } from "preact/hooks";
import { newer } from "../../adapters/updates";
import { whyNot } from "../../core/refused";
import {
  AwaitHouse, Button, Empty, MapView, minutesText, number, Panel, Pill, printerWords, Spinner, StaleOrLive, t, time, TimeZone, useApp, useAwake, useFlow, useFocusBack, useHouseZone, useNow, useTopic, wordOf,
  type Floor, type MapMark, type ScreenProps, type Tone,
} from "../../ui";
import { PaceChart, type Quarter } from "./chart";
import { Decide, nameOf } from "./decide";
import { flow, start, type All, type Input, type Opened, type State } from "./flow";
import { devicesNow, linesAnHour, needsNow, parkedNow, peopleNow, waitsFor, wavesNow, type Board as Shown, type DeviceNow, type Need, type PersonNow, type Printer } from "./shapes";
import { Devices, Parked, silenceOf } from "./standing";
import { Waves } from "./waves";
import "./style.css";

/** So long nothing is decided at a board before it starts anew, ms. */
const UNTOUCHED = 60_000;

interface Pace {
  readonly since: string;
  readonly quarters: readonly Quarter[];
}

export default function Board(_props: ScreenProps) {
  useAwake();
  useHouseZone();
  const app = useApp();
  const warehouse = app.who.value.signedIn?.warehouse ?? null;
  const base = `/warehouses/${warehouse?.id ?? 1}`;
  const board = useTopic<Shown>("board", String(warehouse?.id ?? 1)).value;
  const now = useNow(5_000);
  const { state, send } = useFlow<State, Input, All>(flow, start, (effect, again) => {
    if (effect.type !== "ask") return;
    const path = effect.path.startsWith("/") ? effect.path : `${base}/${effect.path}`;
    app.http.post(path, effect.body).then(
      () => again({ type: "did" }),
      (error: unknown) => again({ type: "failed", why: whyNot(error) }),
    );
  });
  const open = (opened: Opened): void => send({ type: "open", opened });
  const heading = useFocusBack<HTMLHeadingElement>(state.value.mode !== "watching");
  useNewer(state.value.mode === "watching");
  if (board === undefined) {
    return (
      <main>
        <h1 class="sr">{t("nav.board")}</h1>
        <AwaitHouse base={base} none={t("board.noHouse")} />
      </main>
    );
  }
  return (
    <div class="board-room">
      <main class="board">
        <header>
          <h1>{t("nav.board")}</h1>
          <span class="board-where">{warehouse?.name ?? ""}</span>
          <StaleOrLive />
          <TimeZone />
          <a class="pill" href="/home">{t("nav.home")}</a>
          <Figures board={board} now={now} />
        </header>
        <div class="board-main">
          <Panel padded={false} class="board-waves">
            <div class="board-scroll" role="region" aria-label={t("board.waves")} tabIndex={0}>
              <Waves rows={wavesNow(board, now)} />
            </div>
          </Panel>
          <Lower base={base} board={board} now={now} />
        </div>
        <aside class="board-side" aria-label={t("board.needs")}>
          <Panel padded={false}>
            <Needs heading={heading} needs={needsNow(board)} devices={devicesNow(board, now)} now={now} open={open} />
            <Parked parked={parkedNow(board)} now={now} />
            <People people={peopleNow(board, now)} open={open} />
            <Printers printers={Object.values(board.printers)} />
            <Devices devices={devicesNow(board, now)} now={now} />
          </Panel>
        </aside>
        {state.value.mode === "watching" ? null : <Decide state={state.value} people={Object.values(board.people)} send={send} />}
      </main>
    </div>
  );
}

/** Nobody stands at a board on a wall to take a newer app: it does so itself, once nothing is being decided at it. */
function useNewer(watching: boolean): void {
  const take = watching ? newer.value : null;
  useEffect(() => {
    if (take === null) return;
    const timer = setTimeout(take, UNTOUCHED);
    return () => clearTimeout(timer);
  }, [take]);
}

function Figures({ board, now }: { readonly board: Shown; readonly now: number }) {
  const pace = linesAnHour(board, now);
  const { lines, right, saved_m } = board.today;
  const figures: readonly (readonly [string, string])[] = [
    [number(lines), t("board.linesToday")],
    [pace === null ? t("board.dash") : number(pace), t("board.linesAnHour")],
    [lines === 0 ? t("board.dash") : t("board.percent", { n: number((100 * right) / lines, 1) }), t("board.rightFirst")],
    [t("board.km", { n: number(saved_m / 1000, 1) }), t("board.saved")],
    [time(now), t("board.clock")],
  ];
  return (
    <dl class="board-figures">
      {figures.map(([value, label]) => (
        <div key={label}>
          <dd>{value}</dd>
          <dt>{label}</dt>
        </div>
      ))}
    </dl>
  );
}

function Lower({ base, board, now }: { readonly base: string; readonly board: Shown; readonly now: number }) {
  const { http } = useApp();
  const floor = useSignal<Floor | null>(null);
  const pace = useSignal<Pace | null>(null);
  const minute = Math.floor(now / 60_000);
  // Without a network neither comes: both are asked for again with the next minute.
  useEffect(() => {
    http.get<Floor>(`${base}/floor`).then((found) => (floor.value = found), (error: unknown) => void whyNot(error));
  }, [base, floor.value === null ? minute : null]);
  useEffect(() => {
    http.get<Pace>(`${base}/board/pace`).then((found) => (pace.value = found), (error: unknown) => void whyNot(error));
  }, [base, minute]);
  return (
    <div class="board-lower">
      <Panel class="board-pace">
        <h2>{t("board.pace")}</h2>
        <Hours pace={pace.value} board={board} now={now} />
      </Panel>
      <Panel class="board-floor">
        <h2>{t("board.floor")}</h2>
        {floor.value === null ? <Spinner label={t("common.loading")} /> : <MapView floor={floor.value} marks={marksOf(peopleNow(board, now))} label={t("board.floorLabel", { n: String(Object.keys(board.people).length) })} width={560} height={250} />}
      </Panel>
    </div>
  );
}

function Hours({ pace, board, now }: { readonly pace: Pace | null; readonly board: Shown; readonly now: number }) {
  if (pace === null) return <Spinner label={t("common.loading")} />;
  if (pace.quarters.length === 0) return <Empty icon="clock" title={board.today.lines === 0 ? t("board.noLines") : t("board.firstLines", { n: board.today.lines })} />;
  return <PaceChart quarters={pace.quarters} now={now} pace={linesAnHour(board, now)} label={t("board.paceLabel", { n: number(board.today.lines) })} />;
}

const MARKS: Readonly<Record<PersonNow["standing"], MapMark["tone"]>> = { working: "ok", quiet: "warn", stuck: "bad", idle: "soft" };

const marksOf = (people: readonly PersonNow[]): MapMark[] =>
  people.flatMap(({ person, standing }) => (person.at === null ? [] : [{ at: person.at, tone: MARKS[standing], text: person.name.split(" ")[0] ?? "" }]));

interface NeedsProps {
  readonly heading: Ref<HTMLHeadingElement>;
  readonly needs: readonly Need[];
  readonly devices: readonly DeviceNow[];
  readonly now: number;
  readonly open: (opened: Opened) => void;
}

const HURTS: Readonly<Record<Need["kind"], Tone>> = { print: "bad", aside: "bad", hold: "accent", count: "warn" };
const SHOWN = 8;

function Needs({ heading, needs, devices, now, open }: NeedsProps) {
  const [all, setAll] = useState(false);
  const shown = all ? needs : needs.slice(0, SHOWN);
  const watched = devices.filter(({ eyes }) => eyes !== null);
  const count = needs.length + watched.length;
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {t("board.needs")} <Pill tone={count === 0 ? "ok" : "bad"}>{number(count)}</Pill>
      </h2>
      {count === 0 ? <p class="soft board-none">{t("board.noNeeds")}</p> : null}
      <ul>
        {watched.map((each) => (
          <li key={each.device.id}>
            <i class="dot warn" aria-hidden="true" />
            <span class="grow">
              <b>{t(`board.eyes.${each.eyes ?? "low"}`, { device: each.device.name })}</b>
              <small>{silenceOf(each)}</small>
            </span>
          </li>
        ))}
        {shown.map((need) => (
          <li key={`${need.kind}:${need.id}`}>
            <i class={`dot ${need.late === true ? "bad" : HURTS[need.kind]}`} aria-hidden="true" />
            <span class="grow">
              <b>{nameOf(need)}</b> {need.late === true ? <Pill tone="bad">{t("board.late")}</Pill> : null}
              <small>{t(`board.about.${need.kind}`, { ...aboutOf(need), time: minutesText(waitsFor(need, now)) })}</small>
            </span>
            <Button kind={HURTS[need.kind] === "bad" ? "small" : "line"} onTap={() => open({ need })}>{t(`board.act.${need.kind}`)}</Button>
          </li>
        ))}
      </ul>
      {needs.length > SHOWN ? <Button kind="line" onTap={() => setAll(!all)}>{all ? t("board.fewer") : t("board.more", { n: String(needs.length - SHOWN) })}</Button> : null}
    </section>
  );
}

const aboutOf = (need: Need): Readonly<Record<string, string>> => ({
  why: need.why === null ? "" : wordOf(need.why),
  printer: need.printer ?? "",
  person: need.person ?? t("board.somebody"),
  bin: need.bin ?? "",
});

const STANDS: Readonly<Record<PersonNow["standing"], Tone>> = { working: "ok", quiet: "warn", stuck: "bad", idle: "plain" };

function People({ people, open }: { readonly people: readonly PersonNow[]; readonly open: (opened: Opened) => void }) {
  return (
    <section>
      <h2>{t("board.people")}</h2>
      {people.length === 0 ? <p class="soft board-none">{t("board.noPeople")}</p> : null}
      <ul>
        {people.map(({ person, standing, quiet }) => (
          <li key={person.id}>
            <i class={`dot ${STANDS[standing]}`} aria-hidden="true" />
            <span class="grow">
              <b>{person.name}</b>
              <small>{whereOf({ person, standing, quiet })}</small>
            </span>
            <Pill tone={STANDS[standing]}>{t(`board.standing.${standing}`, { time: minutesText(quiet ?? 0) })}</Pill>
            {person.tour === null ? null : <Button kind="line" label={t("board.giveAwayOf", { tour: String(person.tour_number), name: person.name })} onTap={() => open({ person })}>{t("board.act.person")}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const whereOf = ({ person }: PersonNow): string =>
  [
    person.tour_number === null ? "" : t("board.onTour", { tour: String(person.tour_number), done: String(person.stops_done), all: String(person.stops) }),
    person.place ?? "",
    person.device ?? "",
  ]
    .filter((part) => part !== "")
    .join(" · ");

const FINE = new Set(["ready", "busy"]);

function Printers({ printers }: { readonly printers: readonly Printer[] }) {
  return (
    <section>
      <h2>{t("nav.printers")}</h2>
      <ul>
        {printers.map((printer) => (
          <li key={printer.code}>
            <i class={`dot ${FINE.has(printer.condition) ? "ok" : "bad"}`} aria-hidden="true" />
            <span class="grow">
              <b>{printer.name}</b>
              <small>{t("board.waiting", { n: printer.waiting })}</small>
            </span>
            <Pill tone={FINE.has(printer.condition) ? "ok" : "bad"}>{printerWords(printer.condition)}</Pill>
          </li>
        ))}
      </ul>
    </section>
  );
}
