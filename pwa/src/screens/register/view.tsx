import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Said } from "../../core/machine";
import { ApiError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Again, AppShell, Button, Dialog, Empty, Fault, Icon, language, Spinner, t, useApp, useFlow, type ScreenProps } from "../../ui";
import { Form } from "./form";
import { bodyOf, placed, valuesOf, type Option, type Row } from "./forms";
import { flow, start, type Faults, type Input, type RegisterEffect, type State } from "./flow";
import { Rows } from "./rows";
import { Shown } from "./shown";
import { fieldsOf, nameOf, saidOf, SUPPLY, THINGS, thingNamed, type Call, type Thing } from "./things";
import "./style.css";

const PAGE = 100;
const AGAIN = 20_000;

export default function Register({ params }: ScreenProps) {
  const thing = thingNamed(params["thing"] ?? "");
  const { who } = useApp();
  const permissions = who.value.signedIn?.permissions ?? [];
  const supply = thing !== undefined && SUPPLY.has(thing.name);
  const tabs = useRef<HTMLElement>(null);
  // On a narrow screen the row is longer than the screen: where one is shall be in sight.
  useEffect(() => tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [thing?.name]);
  return (
    <AppShell>
      <nav class="register-tabs" aria-label={t("register.all")} ref={tabs}>
        <a class="btn small line" href={supply ? "/supply" : "/setup"}>{t(supply ? "register.supply" : "register.guide")}</a>
        {THINGS.filter((each) => permissions.includes(each.permission) && SUPPLY.has(each.name) === supply).map(({ name }) => (
          <a key={name} class="btn small line" href={`/setup/${name}`} {...(name === thing?.name ? { "aria-current": "page" as const } : {})}>
            {t(`register.${name}.title`)}
          </a>
        ))}
      </nav>
      {thing === undefined || !permissions.includes(thing.permission) ? <Empty icon="warn" title={t("register.notHere")} /> : <One key={thing.name} thing={thing} />}
    </AppShell>
  );
}

interface Page {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

function One({ thing }: { readonly thing: Thing }) {
  const { http, newId, who } = useApp();
  const warehouse = who.value.signedIn?.warehouse?.id ?? 1;
  const permissions = who.value.signedIn?.permissions ?? [];
  const may = thing.does === undefined || permissions.includes(thing.does);
  const { page, fault, reload, more } = usePages(thing, warehouse);
  const options = useOptions(thing, warehouse);
  const send = (call: Call, key = ""): Promise<Row> =>
    (call.method === "delete" ? http.delete<Row>(call.path) : http[call.method]<Row>(call.path, call.body, call.once === true ? { key } : {})).then((answer) => answer ?? {});
  const calling = (act: string, row: Row, body: Row): Call | undefined => thing.acts?.find((each) => each.name === act)?.call?.(warehouse, row, body);
  const { state, send: tell } = useFlow<State, Input, RegisterEffect>(flow, start, (effect, again) => {
    const act = effect.type === "save" ? effect.act : null;
    const failed = (error: unknown): void => again({ type: "failed", why: whyNot(error), faults: error instanceof ApiError ? placed(fieldsOf(thing, act), error.faults) : ({} as Faults) });
    if (effect.type === "reload") reload();
    else if (effect.type === "look") send(thing.look!(warehouse, bodyOf(thing.fields, effect.values))).then((answer) => again({ type: "looked", answer }), failed);
    else if (effect.type === "save" && effect.act !== null) {
      const call = calling(effect.act, effect.row ?? {}, bodyOf(fieldsOf(thing, effect.act), effect.values));
      if (call !== undefined) send(call, effect.key).then((answer) => again({ type: "saved", answer, shows: false }), failed);
    } else if (effect.type === "save") {
      send(thing.save(warehouse, effect.row, saidOf(thing, effect.row, effect.values))).then((answer) => again({ type: "saved", answer, shows: thing.shows === true && effect.row === null }), failed);
    } else {
      const call = calling(effect.act, effect.row, {});
      const shows = thing.acts?.find((each) => each.name === effect.act)?.shows === true;
      if (call !== undefined) send(call).then((answer) => again({ type: "acted", act: effect.act, row: effect.row, answer, shows }), failed);
    }
  });
  const now = state.value;
  return (
    <>
      <div class="register-head">
        <h1>{t(`register.${thing.name}.title`)}</h1>
        <span class="grow" />
        {(thing.tools ?? []).filter(({ href }) => permissions.includes("imports.use") || !href(warehouse).startsWith("/imports")).map(({ name, href }) => <Tool key={name} name={name} href={href(warehouse)} />)}
        {!may || (thing.single === true && (page?.rows.length ?? 0) > 0) ? null : (
          <Button kind="small" icon="plus" onTap={() => tell({ type: "open", row: null, values: valuesOf(thing.fields, null) })}>{t(`register.${thing.name}.add`)}</Button>
        )}
      </div>
      <p class="soft">{t(`register.${thing.name}.what`)}</p>
      <p class="register-told" role="status">{now.mode === "list" && now.told !== null ? <Told told={now.told} /> : null}</p>
      <Again why={fault} again={reload} />
      <Fault why={now.mode === "list" ? now.fault : null} />
      {page === null ? fault === null ? <Spinner label={t("common.loading")} /> : null : <Rows thing={thing} rows={page.rows} warehouse={warehouse} may={may} tell={(input) => tell(input.type === "open" ? { ...input, key: newId() } : input)} />}
      {page?.next === null || page === null ? null : <Button kind="line" onTap={more}>{t("register.more")}</Button>}
      {now.mode === "form" ? <Form thing={thing} state={now} options={options.value} tell={tell} /> : null}
      {now.mode === "sure" ? (
        <Dialog title={t(`register.act.${now.act}`)} onClose={() => tell({ type: "close" })}>
          <p>{t(`register.sure.${now.act}`, { name: nameOf(now.row) })}</p>
          <Fault why={now.fault} />
          <div class="row">
            <Button kind="bad" busy={now.busy} onTap={() => tell({ type: "yes" })}>{t(`register.act.${now.act}`)}</Button>
            <Button kind="line" disabled={now.busy} onTap={() => tell({ type: "close" })}>{t("common.cancel")}</Button>
          </div>
        </Dialog>
      ) : null}
      {now.mode === "shown" ? <Shown thing={thing} state={now} warehouse={warehouse} close={() => tell({ type: "close" })} /> : null}
    </>
  );
}

const Told = ({ told }: { readonly told: Said }) => (
  <>
    <Icon name="check" size={18} />
    {t(told.key, told.params)}
  </>
);

/** A sheet opens beside the app; a page of ours in it. */
const Tool = ({ name, href }: { readonly name: string; readonly href: string }) => (
  <a class="btn small line" href={href} {...(href.startsWith("/api/") ? { target: "_blank", rel: "noreferrer" } : {})}>
    <Icon name={name === "import" ? "list" : "printer"} size={18} />
    {t(`register.tool.${name}`)}
  </a>
);

function usePages(thing: Thing, warehouse: number) {
  const { http } = useApp();
  const page = useSignal<Page | null>(null);
  const fault = useSignal<Said | null>(null);
  const ask = (after: string | null, before: readonly Row[]): void => {
    http.get<Row>(thing.list(warehouse), thing.single === true ? {} : { query: thing.rows === undefined ? { limit: PAGE, after } : {} }).then(
      (answer) => {
        fault.value = null;
        page.value = thing.single === true ? { rows: [answer], next: null } : { rows: [...before, ...(thing.rows?.(answer) ?? (answer["items"] as readonly Row[]))], next: (answer["next"] as string | null | undefined) ?? null };
      },
      (error: unknown) => {
        const nothing = error instanceof ApiError && error.code === "not_found";
        if (thing.single === true && nothing) page.value = { rows: [], next: null };
        else fault.value = nothing ? { key: "register.warehouseFirst" } : whyNot(error);
      },
    );
  };
  const reload = (): void => ask(null, []);
  useEffect(() => {
    reload();
    // Devices enrol, printers wake up: a list that is whole on the screen is looked at again now and then.
    const timer = setInterval(() => (page.peek()?.next === null ? reload() : undefined), AGAIN);
    return () => clearInterval(timer);
  }, [thing.name, warehouse]);
  return { page: page.value, fault: fault.value, reload, more: () => ask(page.value?.next ?? null, page.value?.rows ?? []) };
}

/** What the choices of a form are, by the name of their source; asked for once a screen. */
function useOptions(thing: Thing, warehouse: number): ReadonlySignal<Readonly<Record<string, readonly Option[]>>> {
  const { http } = useApp();
  const found = useSignal<Readonly<Record<string, readonly Option[]>>>({});
  useEffect(() => {
    for (const [name, { path, options }] of Object.entries(thing.sources ?? {})) {
      http.get<Row>(path(warehouse)).then(
        (answer) => void (found.value = { ...found.value, [name]: options(answer) }),
        (error: unknown) => void whyNot(error), // the form says that there is nothing to choose from
      );
    }
  }, [thing.name, warehouse, language.value]);
  return useComputed(() => found.value);
}
