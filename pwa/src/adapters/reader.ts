/** Why: many browsers of scanners and phones read no barcodes themselves; this does, from the picture's own pixels. */

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Reader } from "./camera";

/** Wide enough for a long barcode, small enough for a handheld's processor. */
const WIDEST = 1280;
/** What the reader says of a barcode whose text is GS1 elements: with it in front the text is read as that. */
const GS1 = new Set(["]C1", "]d2", "]Q3", "]e0"]);

export async function reader(): Promise<Reader> {
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pixels = canvas.getContext("2d", { willReadFrequently: true });
  if (pixels === null) throw new Error("this browser draws no pictures");
  return async (video) => {
    if (video.videoWidth === 0) return null;
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    pixels.drawImage(video, 0, 0, canvas.width, canvas.height);
    const [found] = await readBarcodes(pixels.getImageData(0, 0, canvas.width, canvas.height), {
      formats: ["Code128", "EANUPC", "ITF", "QRCode", "DataMatrix"], textMode: "Plain", maxNumberOfSymbols: 1, tryInvert: false,
    });
    if (found === undefined) return null;
    return GS1.has(found.symbologyIdentifier) ? found.symbologyIdentifier + found.text : found.text;
  };
}
