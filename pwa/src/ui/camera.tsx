/** Why: the camera is one tap away wherever something is to be scanned, and weighs nothing until then. */

import { signal } from "@preact/signals";
import { Icon } from "./icons";
import { loadScreenTexts, t } from "./i18n";
import { later } from "./later";

/** Whether somebody looks through the camera now. */
export const cameraOpen = signal(false);

const Camera = later(async () => {
  const [screen] = await Promise.all([import("../screens/camera/view"), loadScreenTexts("camera")]);
  return screen;
}, "Camera");

/** The camera over everything, while it is open. Stands once, in the root. */
export const CameraOver = () => (cameraOpen.value ? <Camera onClose={() => (cameraOpen.value = false)} /> : null);

/** Only what is held in a hand has a camera to point with. */
export const held = typeof matchMedia !== "undefined" && matchMedia("(pointer: coarse)").matches;

export const CameraButton = () =>
  held ? (
    <button type="button" class="camera-button" aria-label={t("common.camera")} onClick={() => (cameraOpen.value = true)}>
      <Icon name="camera" size={30} />
    </button>
  ) : null;
