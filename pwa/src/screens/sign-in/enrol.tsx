/** Why: a device is enrolled once; who only signs in does not load this. */

import { useSignal } from "@preact/signals";
import type { Said } from "../../core/machine";
import { Button, CameraButton, Fault, Field, Icon, t, useApp } from "../../ui";
import type { Input } from "./flow";

type Send = (input: Input) => void;

/** What became of what was scanned here, and what to do. */
export function LockedStep({ send }: { readonly send: Send }) {
  const { waiting } = useApp().sending.value;
  return (
    <>
      <div class="sign-in-badge locked" aria-hidden="true">
        <Icon name="stop" size={104} weight={1.3} />
      </div>
      <h1>{t("sign-in.locked")}</h1>
      <p>{waiting === 0 ? t("sign-in.lockedSent") : t("sign-in.lockedUnsent", { n: waiting })}</p>
      <p>{t("sign-in.lockedWhat")}</p>
      <Button wide onTap={() => send({ type: "enrol" })}>{t("sign-in.enrol")}</Button>
    </>
  );
}

export function EnrolStep({ fault, busy, send }: { readonly fault: Said | null; readonly busy: boolean; readonly send: Send }) {
  const code = useSignal("");
  return (
    <form
      class="sign-in-enrol"
      onSubmit={(event) => {
        event.preventDefault();
        send({ type: "code", code: code.value });
      }}
    >
      <h1>{t("sign-in.enrolTitle")}</h1>
      <p class="soft">{t("sign-in.enrolHow")}</p>
      <div class="sign-in-type">
        <Field label={t("sign-in.code")} value={code.value} onInput={(value) => (code.value = value)} class="grow" autoFocus maxLength={64} />
        <CameraButton />
      </div>
      <Fault why={fault} />
      <Button submit wide busy={busy} disabled={code.value.trim() === ""}>{t("sign-in.enrolNow")}</Button>
      <Button kind="quiet" wide disabled={busy} onTap={() => send({ type: "back" })}>{t("common.back")}</Button>
    </form>
  );
}
