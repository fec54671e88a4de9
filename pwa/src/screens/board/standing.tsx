/** Why: what stands about beside people and printers, and for how long: orders on numbered places, devices. */

import { useState } from "preact/hooks";
import { Button, minutesText, number, Pill, t, timeFrom } from "../../ui";
import { waitsFor, type DeviceNow, type MissingTote, type Parked as Waiting } from "./shapes";

interface ParkedProps {
  readonly parked: readonly Waiting[];
  readonly now: number;
}

/** Orders that wait on a place of a pack station for the rest of them; mostly there are none, then nothing is said. */
export function Parked({ parked, now }: ParkedProps) {
  if (parked.length === 0) return null;
  return (
    <section>
      <h2>
        {t("board.parked")} <Pill>{number(parked.length)}</Pill>
      </h2>
      <ul>
        {parked.map((each) => (
          <li key={`${each.station} ${each.place}`}>
            <i class={`dot ${each.complete ? "ok" : ""}`} aria-hidden="true" />
            <span class="grow">
              <b>
                <a href={`/orders/${each.order}`}>{String(each.order)}</a> {t("board.onPlace", { station: each.station, place: String(each.place) })}
              </b>
              <small>{awaitedBy(each)}</small>
            </span>
            <Pill>{minutesText(waitsFor(each, now))}</Pill>
          </li>
        ))}
      </ul>
    </section>
  );
}

function awaitedBy({ complete, totes, to_pick, backordered }: Waiting): string {
  if (complete) return t("board.parkedComplete");
  const parts = [
    ...totes.map((tote) => t("board.toteIs", { tote: tote.code, where: whereIs(tote) })),
    ...(to_pick > 0 ? [t("board.toPick", { n: to_pick })] : []),
    ...(backordered > 0 ? [t("board.toCome", { n: backordered })] : []),
  ];
  return parts.join(" · ");
}

function whereIs({ state, station, cart, person }: MissingTote): string {
  if (station !== null) return t("board.toteAt", { station });
  if (state !== "assigned") return t("board.toteStaged");
  if (person === null) return cart === null ? t("board.totePicked") : t("board.toteOnCart", { cart });
  return cart === null ? t("board.toteWith", { person }) : t("board.toteOnCartWith", { cart, person });
}

const SHOWN = 6;

interface DevicesProps {
  readonly devices: readonly DeviceNow[];
  readonly now: number;
}

/** The floor's devices: who works with each, when it was heard, how full it is. */
export function Devices({ devices, now }: DevicesProps) {
  const [all, setAll] = useState(false);
  if (devices.length === 0) return null;
  return (
    <section>
      <h2>{t("board.devices")}</h2>
      <ul>
        {(all ? devices : devices.slice(0, SHOWN)).map(({ device, eyes }) => (
          <li key={device.id}>
            <i class={`dot ${eyes !== null ? "warn" : device.person === null ? "" : "ok"}`} aria-hidden="true" />
            <span class="grow">
              <b>{device.name}</b>
              <small>
                {[device.person ?? "", device.heard_at === null ? t("board.neverHeard") : t("board.heardAt", { at: timeFrom(device.heard_at, now) })]
                  .filter((part) => part !== "")
                  .join(" · ")}
              </small>
            </span>
            {device.battery === null ? null : <Pill tone={eyes === "low" ? "warn" : "plain"}>{t(device.charging === true ? "board.charging" : "board.battery", { n: number(device.battery) })}</Pill>}
          </li>
        ))}
      </ul>
      {devices.length > SHOWN ? <Button kind="line" onTap={() => setAll(!all)}>{all ? t("board.fewer") : t("board.more", { n: String(devices.length - SHOWN) })}</Button> : null}
    </section>
  );
}

/** What is the matter with a device that needs eyes. */
export function silenceOf({ device, eyes, quiet }: DeviceNow): string {
  const person = device.person ?? "";
  if (eyes === "silent") return t("board.about.silent", { person, time: minutesText(quiet ?? 0) });
  return [person, t("board.battery", { n: number(device.battery ?? 0) })].filter((part) => part !== "").join(" · ");
}
