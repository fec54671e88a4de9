import { nameIn } from "../../core/named";
import { isAside, isParked, isStopped, ordersAt, packedOfOrder, wantedOfOrder, type PackElsewhere, type PackLine, type PackOrder, type PackView } from "../../core/packing";
import { Button, Icon, inOnePiece, Label, language, Panel, Pill, t, time, wordOf } from "../../ui";
import { SlipLink } from "./carton";
import type { Send } from "./frame";
import { openLines } from "./short";

/** Everything that lies at the station: what is packed, what is next, what waits and where. */
export function Orders({ view, current, send }: { readonly view: PackView; readonly current: PackOrder | null; readonly send: Send }) {
  const orders = ordersAt(view);
  const totes = Object.keys(view.totes);
  return (
    <>
      <Label>{totes.length === 0 ? t(current === null ? "pack.noTote" : "pack.onBench") : t("pack.totes", { totes: totes.join(", "), n: orders.length })}</Label>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>
            <OrderCard view={view} order={order} here={order.id === current?.id} />
            <Closed order={order} view={view} send={send} />
          </li>
        ))}
      </ul>
      <Places view={view} />
    </>
  );
}

/** Which numbered places are taken, by what and since when. */
export function Places({ view }: { readonly view: PackView }) {
  const places = view.places ?? [];
  if (places.length === 0) return null;
  return (
    <section class="pack-places" aria-label={t("pack.places")}>
      <Label>{t("pack.places")}</Label>
      <ul>
        {places.map(({ place, order, totes, since }) => (
          <li key={place}>
            <b class="mono">{place}</b>
            <span class="grow">
              {String(order)} <span class="soft mono">{inOnePiece(totes.join(", "))}</span>
            </span>
            <span class="soft">{t("pack.since", { time: time(since) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OrderCard({ view, order, here }: { readonly view: PackView; readonly order: PackOrder; readonly here: boolean }) {
  if (isStopped(order)) return <Stopped order={order} />;
  const parked = isParked(view, order);
  return (
    <Panel class={here ? "pack-order here" : "pack-order"}>
      <div class="row">
        <h2>{String(order.number)}</h2>
        <Standing order={order} here={here} parked={parked} />
        <span class="grow" />
        <b class="mono">{t("pack.of", { n: packedOfOrder(order), of: wantedOfOrder(order) })}</b>
      </div>
      {here ? (
        <ul class="pack-lines">
          {order.lines.map((line) => (
            <LineRow key={line.line} line={line} now={line === openLines(order)[0]} />
          ))}
        </ul>
      ) : null}
      {here && order.checklist.length > 0 ? <p class="soft">{order.checklist.join(" · ")}</p> : null}
      {order.place === null ? null : <p class="pack-place">{parked ? t("pack.onPlace", { place: String(order.place) }) : t("pack.takeFromPlace", { place: String(order.place) })}</p>}
      {!here && isAside(order) ? <p class="soft">{t("pack.aside")}</p> : null}
      <Rest order={order} />
    </Panel>
  );
}

const Stopped = ({ order }: { readonly order: PackOrder }) => (
  <Panel tone="warn" class="pack-order">
    <div class="row">
      <h2>{String(order.number)}</h2>
      <Pill tone="warn">{order.cancelled ? t("pack.cancelled") : t("pack.onHold")}</Pill>
    </div>
    {order.held ? <p class="soft">{holdWords(order.hold_reason)}</p> : null}
    {order.carton === null ? <p class="soft">{t("pack.leaveInTote")}</p> : <p class="pack-place">{t("pack.cartonAside", { carton: String(order.carton.number) })}</p>}
  </Panel>
);

function Standing({ order, here, parked }: { readonly order: PackOrder; readonly here: boolean; readonly parked: boolean }) {
  if (parked) return <Pill tone="warn">{t("pack.parked")}</Pill>;
  if (here) return <Pill tone="accent">{t("pack.here")}</Pill>;
  return <Pill>{order.carton?.state === "complete" ? t("pack.toClose") : t("pack.next")}</Pill>;
}

/** Closed cartons of an order that wait for its others: only they can still be opened. */
function Closed({ order, view, send }: { readonly order: PackOrder; readonly view: PackView; readonly send: Send }) {
  const waiting = order.closed.filter(({ voidable }) => voidable);
  if (waiting.length === 0) return null;
  return (
    <ul class="pack-closed">
      {waiting.map((carton) => (
        <li key={carton.id}>
          <span class="grow">{t("pack.closedHere", { carton: String(carton.number) })}</span>
          <SlipLink warehouse={view.station.warehouse} carton={carton.id} />
          <Button kind="line" onTap={() => send({ type: "closed", carton: carton.id })}>{t("pack.openClosed")}</Button>
        </li>
      ))}
    </ul>
  );
}

/** Where the rest of an order is: its other totes, what is still in its bins, what waits for stock. */
export function Rest({ order }: { readonly order: PackOrder }) {
  const rows = [
    ...order.elsewhere.map((tote) => ({ name: tote.code, words: whereWords(tote) })),
    ...(order.to_pick > 0 ? [{ name: "", words: t("pack.toPick", { n: order.to_pick }) }] : []),
    ...(order.whole && order.backordered > 0 ? [{ name: "", words: t("pack.backordered", { n: order.backordered }) }] : []),
  ];
  if (rows.length === 0) return null;
  return (
    <ul class="pack-rest">
      {rows.map(({ name, words }) => (
        <li key={words}>
          <Icon name="warn" size={18} />
          <span>
            {name === "" ? null : <b class="mono">{name} </b>}
            {words}
          </span>
        </li>
      ))}
    </ul>
  );
}

function whereWords({ state, station, cart }: PackElsewhere): string {
  if (station !== null) return t("pack.toteAt", { station });
  if (state !== "assigned") return t("pack.toteStaged");
  return cart === null ? t("pack.totePicked") : t("pack.toteOnCart", { cart });
}

const HOLDS = new Set(["payment_declined", "address_doubtful", "phone_doubtful", "not_available", "manual"]);
function holdWords(reason: string | null): string {
  if (reason !== null && !HOLDS.has(reason)) return t("pack.hold.other", { reason: wordOf(reason) });
  return t(`pack.hold.${reason ?? "manual"}`);
}

const LineRow = ({ line, now }: { readonly line: PackLine; readonly now: boolean }) => (
  <li class={now ? "now" : ""}>
    <Check done={line.packed >= line.wanted} />
    <span class="grow">{nameIn(line.item, language.value)}</span>
    <b class="mono">{t("pack.of", { n: line.packed, of: line.wanted })}</b>
  </li>
);

export const Check = ({ done }: { readonly done: boolean }) => (
  <span class={done ? "pack-check done" : "pack-check"}>
    {done ? <Icon name="check" size={15} weight={4} /> : null}
    <span class="sr">{done ? t("pack.complete") : t("pack.notYet")}</span>
  </span>
);
