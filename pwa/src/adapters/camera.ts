/**
 * Why: whoever has no scanner has a camera. What it sees goes the same way as what a scanner types.
 *
 * The browser's own detector reads where it can; elsewhere a reader of ours (WebAssembly, fetched when it is first
 * needed and kept by the service worker). A text counts when two pictures in a row say the same.
 */

/** Why there is no picture: each is said in words. */
export type Trouble = "insecure" | "refused" | "none" | "busy";

export class NoCamera extends Error {
  constructor(readonly why: Trouble) {
    super(`no camera: ${why}`);
    this.name = "NoCamera";
  }
}

/** Reads what stands in the picture that is shown now; null: nothing. */
export type Reader = (video: HTMLVideoElement) => Promise<string | null>;

export interface Camera {
  /** Whether there is a light beside the lens. */
  readonly hasTorch: boolean;
  /** Switches the light. */
  torch(on: boolean): Promise<void>;
  /** Resolves with what was read; never, when it was closed before. */
  readonly read: Promise<string>;
  close(): void;
}

const WHY: Readonly<Record<string, Trouble>> = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy",
};
const WANTED: MediaStreamConstraints = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } };
/** Pause between two looks, ms: a hand moves slower. */
const PAUSE = 90;

type Light = MediaTrackConstraintSet & { readonly torch: boolean };
type WithLight = MediaTrackCapabilities & { readonly torch?: boolean };

/** Shows the camera's picture and reads it until something is found. Throws `NoCamera`. */
export async function openCamera(video: HTMLVideoElement, reader: () => Promise<Reader> = bestReader): Promise<Camera> {
  const stream = await streamOf(navigator);
  const [track] = stream.getVideoTracks();
  let open = true;
  const close = (): void => {
    open = false;
    for (const each of stream.getTracks()) each.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    const read = await reader();
    return {
      hasTorch: (track?.getCapabilities?.() as WithLight | undefined)?.torch === true,
      torch: async (on) => track?.applyConstraints({ advanced: [{ torch: on } as Light] }),
      read: untilFound(() => (open ? read(video) : new Promise<null>(() => undefined))),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function streamOf({ mediaDevices }: { readonly mediaDevices?: MediaDevices }): Promise<MediaStream> {
  if (!isSecureContext || mediaDevices === undefined) throw new NoCamera("insecure");
  try {
    return await mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    const why = error instanceof DOMException ? WHY[error.name] : undefined;
    if (why === undefined) throw error;
    throw new NoCamera(why);
  }
}

/** The first text that two looks in a row have found. */
export async function untilFound(look: () => Promise<string | null>, pause = PAUSE): Promise<string> {
  let before: string | null = null;
  for (;;) {
    const found = await look();
    if (found !== null && found === before) return found;
    before = found;
    await new Promise((then) => setTimeout(then, pause));
  }
}

interface Detector {
  detect(from: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorType {
  new (options: { readonly formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}
/** What the floor's barcodes are made of: one that cannot read all of these is no help here. */
const NEEDED = ["code_128", "ean_13", "qr_code"];
const USEFUL = new Set([...NEEDED, "ean_8", "upc_a", "upc_e", "itf", "data_matrix"]);

/** The browser's own reader where there is one that reads what we print (some are there and find nothing), else ours. */
export async function bestReader(browser: { readonly BarcodeDetector?: DetectorType } = globalThis as never): Promise<Reader> {
  const own = browser.BarcodeDetector;
  const formats = own === undefined ? [] : await own.getSupportedFormats().catch(() => []);
  if (own === undefined || !NEEDED.every((each) => formats.includes(each))) return (await import("./reader")).reader();
  const detector = new own({ formats: formats.filter((each) => USEFUL.has(each)) });
  return async (video) => (await detector.detect(video)).find(({ rawValue }) => rawValue !== "")?.rawValue ?? null;
}
