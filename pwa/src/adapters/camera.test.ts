import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bestReader, NoCamera, openCamera, untilFound, type Trouble } from "./camera";

const given = (parts: Record<string, unknown>): void => {
  for (const [name, value] of Object.entries(parts)) vi.stubGlobal(name, value);
};
const videoOf = (): HTMLVideoElement => ({ srcObject: null, play: async () => undefined }) as unknown as HTMLVideoElement;
const track = (capabilities: object = {}) => ({ stop: vi.fn(), getCapabilities: () => capabilities, applyConstraints: vi.fn(async () => undefined) });
const streamOf = (one: ReturnType<typeof track>) => ({ getVideoTracks: () => [one], getTracks: () => [one] });
const camera = (getUserMedia: () => Promise<unknown>): void => given({ isSecureContext: true, navigator: { mediaDevices: { getUserMedia } } });

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("opening the camera", () => {
  test.each<[string, Trouble]>([
    ["NotAllowedError", "refused"],
    ["NotFoundError", "none"],
    ["NotReadableError", "busy"],
  ])("%s is told as %s", async (name, why) => {
    camera(() => Promise.reject(new DOMException("no", name)));
    await expect(openCamera(videoOf())).rejects.toEqual(new NoCamera(why));
  });

  test("where the page is not trusted there is none, and it is said before anybody is asked", async () => {
    given({ isSecureContext: false, navigator: {} });
    await expect(openCamera(videoOf())).rejects.toMatchObject({ why: "insecure" });
  });

  test("an error that nobody expected is not taken for a refusal", async () => {
    camera(() => Promise.reject(new TypeError("broken")));
    await expect(openCamera(videoOf())).rejects.toThrow(TypeError);
  });

  test("a reader that cannot be fetched lets the camera go", async () => {
    const one = track();
    camera(() => Promise.resolve(streamOf(one)));
    await expect(openCamera(videoOf(), () => Promise.reject(new Error("no network")))).rejects.toThrow("no network");
    expect(one.stop).toHaveBeenCalled();
  });

  test("the light is offered where there is one, and switched", async () => {
    const one = track({ torch: true });
    camera(() => Promise.resolve(streamOf(one)));
    const opened = await openCamera(videoOf(), async () => async () => null);
    expect(opened.hasTorch).toBe(true);
    await opened.torch(true);
    expect(one.applyConstraints).toHaveBeenCalledWith({ advanced: [{ torch: true }] });
    opened.close();
    expect(one.stop).toHaveBeenCalled();
  });

  test("what was closed reads no more", async () => {
    camera(() => Promise.resolve(streamOf(track())));
    const read = vi.fn(async () => null);
    const opened = await openCamera(videoOf(), async () => read);
    await vi.advanceTimersByTimeAsync(500);
    const looks = read.mock.calls.length;
    expect(looks).toBeGreaterThan(2);
    opened.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(read.mock.calls.length).toBeLessThanOrEqual(looks + 1);
  });
});

describe("reading", () => {
  test("a text counts when two looks in a row have found it", async () => {
    const seen = ["T-0419", null, "T-0149", "T-0419", "T-0419", "never"];
    const found = untilFound(async () => seen.shift() ?? null);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await found).toBe("T-0419");
    expect(seen).toEqual(["never"]);
  });

  const detector = (formats: readonly string[]) =>
    class {
      static asked: readonly string[] = [];
      static getSupportedFormats = async () => formats;
      constructor(options: { readonly formats: readonly string[] }) {
        (this.constructor as unknown as { asked: readonly string[] }).asked = options.formats;
      }
      detect = async () => [{ rawValue: "" }, { rawValue: "B-A07-03-B" }];
    };

  test("the browser's own reader is used where it reads what the floor prints", async () => {
    const own = detector(["code_128", "ean_13", "qr_code", "pdf417"]);
    const read = await bestReader({ BarcodeDetector: own });
    expect(await read(videoOf())).toBe("B-A07-03-B");
    expect(own.asked).toEqual(["code_128", "ean_13", "qr_code"]);
  });

  test.each([["that is missing", {}], ["that reads nothing", { BarcodeDetector: detector([]) }], ["that reads too little", { BarcodeDetector: detector(["qr_code"]) }]])(
    "a browser's reader %s is no help: ours is fetched",
    async (_what, browser) => {
      const ours = async () => "ours";
      vi.doMock("./reader", () => ({ reader: async () => ours }));
      expect(await bestReader(browser)).toBe(ours);
      vi.doUnmock("./reader");
    },
  );
});
