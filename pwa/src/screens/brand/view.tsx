import { useEffect, useId, useRef } from "preact/hooks";
import { ApiError } from "../../core/problem";
import { whyNot } from "../../core/refused";
import { Again, AppShell, Button, Fault, Field, Panel, Spinner, t, useApp, useFlow, type ScreenProps } from "../../ui";
import { flow, inkOn, isColour, start, type Brand as Its, type Input, type Save, type State } from "./flow";
import "./style.css";

type Send = (input: Input) => void;
type Writing = Extract<State, { mode: "writing" }>;

export default function Brand(_props: ScreenProps) {
  const { http, who } = useApp();
  const { state, send } = useFlow<State, Input, Save>(flow, start, (save, again) => {
    http.put<Its>("/brand", save.body).then(
      (brand) => again({ type: "saved", brand }),
      (error: unknown) => again({ type: "failed", why: whyNot(error), faults: error instanceof ApiError ? error.faults.map(({ message }) => message) : [] }),
    );
  });
  const look = (): void => void http.get<Its>("/brand").then((brand) => send({ type: "brand", brand }), (error: unknown) => send({ type: "failed", why: whyNot(error), faults: [] }));
  useEffect(look, []);
  const now = state.value;
  const mayEdit = who.value.signedIn?.permissions.includes("house.manage") === true;
  return (
    <AppShell>
      <h1>{t("brand.title")}</h1>
      <p class="soft">{t("brand.what")}</p>
      {now.mode === "loading" ? now.fault === null ? <Spinner label={t("common.loading")} /> : <Again why={now.fault} again={look} /> : <Form state={now} mayEdit={mayEdit} send={send} />}
    </AppShell>
  );
}

function Form({ state, mayEdit, send }: { readonly state: Writing; readonly mayEdit: boolean; readonly send: Send }) {
  const { draft, busy, fault, faults, saved, brand } = state;
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const hasLogo = draft.logo === "new" || (draft.logo === "keep" && brand.logo !== "");
  return (
    <div class="brand-parts">
      <form
        class="brand-form"
        onSubmit={(event) => {
          event.preventDefault();
          send({ type: "save" });
        }}
      >
        <Field label={t("brand.name")} value={draft.name} maxLength={80} readOnly={!mayEdit} onInput={(name) => send({ type: "edit", draft: { name } })} />
        <Field label={t("brand.contact")} value={draft.contact} maxLength={200} readOnly={!mayEdit} onInput={(contact) => send({ type: "edit", draft: { contact } })} />
        <div class="field">
          <label for={id}>{t("brand.colour")}</label>
          <div class="brand-colour">
            <input type="color" disabled={!mayEdit} aria-label={t("brand.choose")} value={isColour(draft.colour) ? draft.colour.toLowerCase() : "#1f62d9"} onInput={(event) => send({ type: "edit", draft: { colour: event.currentTarget.value } })} />
            <input id={id} type="text" class="mono" maxLength={7} readOnly={!mayEdit} value={draft.colour} onInput={(event) => send({ type: "edit", draft: { colour: event.currentTarget.value } })} />
          </div>
        </div>
        <div class="field">
          <label for={`${id}-logo`}>{t("brand.logo")}</label>
          <input
            id={`${id}-logo`}
            ref={file}
            type="file"
            disabled={!mayEdit}
            accept="image/png,image/svg+xml"
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              if (chosen !== undefined) void read(chosen).then((picture) => send({ type: "picture", picture }));
            }}
          />
          {hasLogo && mayEdit ? (
            <Button
              kind="line"
              onTap={() => {
                if (file.current !== null) file.current.value = "";
                send({ type: "noPicture" });
              }}
            >
              {t("brand.noLogo")}
            </Button>
          ) : null}
        </div>
        <Fault why={fault} />
        {faults.length === 0 ? null : <ul class="brand-faults">{faults.map((each) => <li key={each}>{each}</li>)}</ul>}
        <p role="status" class="brand-saved">{saved ? t("brand.saved") : ""}</p>
        {mayEdit ? <Button kind="small" submit busy={busy}>{t("brand.save")}</Button> : <p class="soft">{t("brand.notYours")}</p>}
      </form>
      <Seen state={state} />
    </div>
  );
}

/** A file as base64, and as an address that shows it: data, because nothing else may be shown here. */
async function read(file: File): Promise<{ readonly file: string; readonly shown: string }> {
  const shown = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("not read"));
    reader.readAsDataURL(file);
  });
  return { shown, file: shown.slice(shown.indexOf(",") + 1) };
}

/** The head of the tracking page as customers will see it. */
function Seen({ state: { draft, brand } }: { readonly state: Writing }) {
  const colour = isColour(draft.colour) ? draft.colour : brand.colour;
  const logo = draft.logo === "new" ? draft.picture?.shown : draft.logo === "keep" && brand.logo !== "" ? `/api/track/logo?v=${brand.logo}` : undefined;
  return (
    <Panel label={t("brand.preview")}>
      <div class="brand-head" style={{ background: colour, color: inkOn(colour) }}>
        {logo === undefined ? null : <img src={logo} alt="" />}
        <b>{draft.name === "" ? t("brand.nameless") : draft.name}</b>
      </div>
      <p class="soft">{draft.contact === "" ? t("brand.noContact") : t("brand.questions", { contact: draft.contact })}</p>
    </Panel>
  );
}
