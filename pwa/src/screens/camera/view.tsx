/** Why: a phone without a scanner reads the same barcodes; the picture goes away by itself when one was read. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { NoCamera, openCamera, type Camera as Opened, type Trouble } from "../../adapters/camera";
import { Button, t, useAnswered, useApp } from "../../ui";
import "./style.css";

export function Camera({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const opened = useSignal<Opened | null>(null);
  const lit = useSignal(false);
  const trouble = useSignal<Trouble | "broken" | null>(null);
  const tries = useSignal(0);

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    const hidden = (): void => void (document.visibilityState === "hidden" && onClose());
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      dialog.current?.close();
      if (document.activeElement === document.body) before?.focus({ preventScroll: true });
    };
  }, []);

  useEffect(() => {
    let gone = false;
    trouble.value = null;
    look().catch((error: unknown) => {
      if (!(error instanceof NoCamera)) console.error(error);
      if (!gone) trouble.value = error instanceof NoCamera ? error.why : "broken";
    });
    async function look(): Promise<void> {
      if (video.current === null) return;
      const camera = await openCamera(video.current);
      if (gone) return camera.close();
      opened.value = camera;
      const text = await camera.read;
      if (gone) return;
      onClose();
      app.scanned(text);
    }
    return () => {
      gone = true;
      opened.peek()?.close();
      opened.value = null;
    };
  }, [tries.value]);

  useAnswered(onClose); // what a scanner has read meanwhile is answered below
  const light = (): void => {
    lit.value = !lit.value;
    void opened.peek()?.torch(lit.value).catch(() => (lit.value = false));
  };
  return (
    <dialog
      ref={dialog}
      class="camera"
      aria-labelledby="camera-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id="camera-title">{t("camera.title")}</h2>
      <div class="camera-picture" hidden={trouble.value !== null}>
        <video ref={video} muted playsInline aria-label={t("camera.picture")} />
        <i aria-hidden="true" />
      </div>
      {trouble.value === null ? null : (
        <div class="camera-trouble" role="alert">
          <p>{t(`camera.${trouble.value}`)}</p>
          <Button kind="quiet" wide onTap={() => (tries.value += 1)}>{t("common.again")}</Button>
        </div>
      )}
      <div class="camera-bottom">
        {opened.value?.hasTorch === true ? <Button kind="quiet" onTap={light}>{t(lit.value ? "camera.dark" : "camera.light")}</Button> : null}
        <Button wide onTap={onClose}>{t("common.close")}</Button>
      </div>
    </dialog>
  );
}
