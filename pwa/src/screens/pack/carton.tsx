import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fillingOf, leftOfOrder, type CartonType, type PackCarton, type PackOrder, type PackPrinter, type PackView } from "../../core/packing";
import { whyNot } from "../../core/refused";
import { Button, Label, number, said, t, useApp } from "../../ui";
import type { Send } from "./frame";
import { labelHint, printerOf, wayOf } from "./labels";
import { NotDrawn, pictureOf } from "./preview";

/** Which carton, how full and how heavy, and its label as it will come out. */
export function Carton({ view, order, send }: { readonly view: PackView; readonly order: PackOrder | null; readonly send: Send }) {
  if (order === null) return null;
  const carton = order.carton ?? null;
  if (carton === null) return <Suggested type={view.carton_types.find((type) => type.code === order.suggested) ?? null} />;
  return (
    <>
      <Label>{t("pack.takeCarton", { n: String(carton.number), name: carton.type.name })}</Label>
      <div class="pack-box">
        <BoxDrawing type={carton.type} />
        <div>
          <b class="mono">{cm(carton.type)}</b>
          <p class="soft">{t("pack.full", { percent: carton.fill_percent })}</p>
          <p class="soft">{t("pack.kilos", { kilos: number(carton.expected_g / 1000, 2) })}</p>
        </div>
      </div>
      {order.filling === null ? null : <p class="pack-behind">{t("pack.behind", { carton: String(order.filling.number), name: order.filling.type.name })}</p>}
      {fillingOf(order)?.id === carton.id && leftOfOrder(order) > 0 ? <Button kind="line" onTap={() => send({ type: "tap", what: "OTHER_CARTON" })}>{t("pack.otherCarton")}</Button> : null}
      <PaperLabel carton={carton} printer={printerOf(view, carton)} due={carton.state === "complete" || leftOfOrder(order) === 0} />
      <SlipLink warehouse={view.station.warehouse} carton={carton.id} />
      {order.closed.length === 0 ? null : <p class="soft pack-centre">{t("pack.closedBefore", { n: order.closed.length })}</p>}
    </>
  );
}

/** What lies in the carton, on paper: the browser shows it and prints it. */
export const SlipLink = ({ warehouse = 1, carton }: { readonly warehouse?: number | undefined; readonly carton: string }) => (
  <a class="btn small line" href={`/api/warehouses/${warehouse}/cartons/${carton}/slip.pdf`} target="_blank" rel="noreferrer">{t("pack.slip")}</a>
);

/** The label, and how far it is on its way onto the carton. */
function PaperLabel({ carton, printer, due }: { readonly carton: PackCarton; readonly printer: PackPrinter | null; readonly due: boolean }) {
  const way = wayOf(carton, printer);
  return (
    <>
      <Label>{way === "out" ? t("pack.labelPrinted") : t("pack.labelAsPrinted")}</Label>
      <Preview carton={carton} />
      <p class="soft pack-centre">{said(labelHint(carton, printer, due))}</p>
    </>
  );
}

const Suggested = ({ type }: { readonly type: CartonType | null }) => (
  <>
    <Label>{type === null ? t("pack.carton") : t("pack.takeCarton", { n: "1", name: type.name })}</Label>
    {type === null ? (
      <p class="soft">{t("pack.cartonAtFirst")}</p>
    ) : (
      <div class="pack-box">
        <BoxDrawing type={type} />
        <b class="mono">{cm(type)}</b>
      </div>
    )}
    <Label>{t("pack.labelAsPrinted")}</Label>
    <div class="pack-paper blank" />
    <p class="soft pack-centre">{t("pack.labelAtLast")}</p>
  </>
);

export const cm = (type: CartonType): string => [type.length_mm, type.width_mm, type.height_mm].map((mm) => number(mm / 10)).join(" × ");

/** The carton drawn in its own proportions. */
export function BoxDrawing({ type: { length_mm: l, width_mm: w, height_mm: h } }: { readonly type: CartonType }) {
  const at = (x: number, y: number, z: number): string => `${((x - y) * 0.866 + w * 0.866).toFixed(1)},${((x + y) * 0.5 - z + h).toFixed(1)}`;
  const face = (...points: readonly string[]): string => points.join(" ");
  return (
    <svg width={110} height={96} viewBox={`0 0 ${((l + w) * 0.866).toFixed(1)} ${((l + w) * 0.5 + h).toFixed(1)}`} aria-hidden="true">
      <polygon points={face(at(0, w, 0), at(l, w, 0), at(l, w, h), at(0, w, h))} fill="#c49f6b" />
      <polygon points={face(at(l, 0, 0), at(l, w, 0), at(l, w, h), at(l, 0, h))} fill="#d2ae7d" />
      <polygon points={face(at(0, 0, h), at(l, 0, h), at(l, w, h), at(0, w, h))} fill="#e6cca4" />
    </svg>
  );
}

function Preview({ carton }: { readonly carton: PackCarton }) {
  const url = carton.label?.state === "live" ? (carton.label.zpl_url ?? null) : null;
  const picture = usePicture(url);
  if (picture === null) return <div class="pack-paper blank" />;
  if (picture === "not drawn") return <p class="pack-paper soft">{t("pack.notDrawn")}</p>;
  return <img class="pack-paper" src={picture} alt={t("pack.labelAlt", { sscc: carton.sscc, tracking: carton.label?.tracking ?? "–" })} />;
}

function usePicture(url: string | null): string | null {
  const { http, saved } = useApp();
  const picture = useSignal<string | null>(null);
  useEffect(() => {
    picture.value = null;
    if (url === null) return undefined;
    let wanted = true;
    const show = (next: string): void => void (wanted && (picture.value = next));
    http.get<string>(url.replace(/^\/api/, "")).then((zpl) => pictureOf(zpl, saved)).then(show, (error: unknown) => {
      if (!(error instanceof NotDrawn)) void whyNot(error);
      show("not drawn");
    });
    return () => {
      wanted = false;
    };
  }, [url]);
  return picture.value;
}
