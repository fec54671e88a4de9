import { useSignal } from "@preact/signals";
import { Button, dateTime, Dialog, Icon, t } from "../../ui";
import type { State } from "./flow";
import type { Row } from "./forms";
import type { Thing } from "./things";

interface ShownProps {
  readonly thing: Thing;
  readonly state: Extract<State, { mode: "shown" }>;
  readonly warehouse: number;
  readonly close: () => void;
}

/** What is shown this once: a PIN, a code with its picture, a key; or what came of a try. */
export function Shown({ thing, state: { act, row, answer }, warehouse, close }: ShownProps) {
  const inner = (answer["person"] ?? answer["device"] ?? answer["key"] ?? row) as Row;
  const name = String(inner["name"] ?? "");
  return (
    <Dialog title={t(`register.shown.${act === "add" ? thing.name : act}`, { name })} onClose={close}>
      {typeof answer["pin"] === "string" ? <Once value={answer["pin"]} what={t("register.shown.pin")} /> : null}
      {typeof answer["code"] === "string" && typeof answer["qr"] === "string" ? (
        <>
          <Once value={answer["code"]} what={t("register.shown.code", { until: dateTime(String(answer["valid_until"])) })} />
          <img class="register-qr" src={`data:image/svg+xml,${encodeURIComponent(answer["qr"])}`} alt={t("register.shown.qr")} />
        </>
      ) : null}
      {typeof answer["text"] === "string" ? <Key text={answer["text"]} /> : null}
      {Array.isArray(answer["codes"]) ? <p class="register-codes mono">{(answer["codes"] as readonly string[]).map((code) => <span key={code}>{`${code} `}</span>)}</p> : null}
      {Array.isArray(answer["codes"]) ? <Sheet href={`/api/warehouses/${warehouse}/sheets/${thing.name}.pdf`} words={t("register.tool.print")} /> : null}
      {act === "tryTemplate" ? <p class="register-seen">{t("register.shown.preview", answer as Record<string, number>)}</p> : null}
      {typeof answer["person"] === "object" && typeof inner["id"] === "string" ? (
        <Sheet href={`/api/warehouses/${warehouse}/sheets/badges.pdf?person=${inner["id"]}`} words={t("register.act.badge")} />
      ) : null}
      <Button kind="small" onTap={close}>{t("common.understood")}</Button>
    </Dialog>
  );
}

const Sheet = ({ href, words }: { readonly href: string; readonly words: string }) => (
  <a class="btn small line" href={href} target="_blank" rel="noreferrer">
    <Icon name="printer" size={18} />
    {words}
  </a>
);

const Once = ({ value, what }: { readonly value: string; readonly what: string }) => (
  <>
    <p>{what}</p>
    <p class="register-once mono">{value}</p>
  </>
);

/** A key is tried before it is copied into another system: what the server says it is. */
function Key({ text }: { readonly text: string }) {
  const said = useSignal<string | null>(null);
  const attempt = (): void => {
    fetch("/api/auth/me", { headers: { authorization: `Bearer ${text}` }, credentials: "omit", cache: "no-store" })
      .then(async (response) => {
        const found = response.ok ? ((await response.json()) as { readonly permissions: readonly string[] }) : null;
        said.value = found === null ? t("register.shown.keyBad", { status: response.status }) : t("register.shown.keyGood", { n: found.permissions.length });
      })
      .catch(() => (said.value = t("common.noNetwork")));
  };
  return (
    <>
      <Once value={text} what={t("register.shown.key")} />
      <div class="row">
        <Button kind="line" onTap={attempt}>{t("register.shown.tryKey")}</Button>
        <p role="status">{said.value}</p>
      </div>
    </>
  );
}
