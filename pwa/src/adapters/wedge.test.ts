import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listen, type WedgeOptions } from "./wedge";

/** The parts of a page that the wedge touches. */
class FakeField extends EventTarget {
  tagName = "INPUT";
  type = "text";
  value = "";
  tabIndex = 0;
  className = "";
  focused = false;
  setAttribute(): void {}
  focus(): void {
    this.focused = true;
  }
  blur(): void {
    this.focused = false;
  }
  remove(): void {}
}

class FakePage extends EventTarget {
  readonly made: FakeField[] = [];
  readonly body = { append: (field: FakeField) => this.made.push(field) };
  createElement(): FakeField {
    return new FakeField();
  }
}

interface Key {
  readonly ctrlKey?: boolean;
  readonly keyCode?: number;
  readonly target?: unknown;
}

let page: FakePage;
let heard: string[];
let stop: () => void;

const begin = (options: Partial<WedgeOptions> = {}) => {
  stop = listen(page as unknown as Document, {
    onScan: (text, bounced) => heard.push(bounced ? `${text} (bounced)` : text),
    now: () => Date.now(),
    ...options,
  });
};

function key(name: string, { target = null, ...more }: Key = {}): boolean {
  const event = new Event("keydown", { cancelable: true });
  Object.assign(event, { key: name, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, keyCode: 0, ...more });
  Object.defineProperty(event, "target", { value: target });
  page.dispatchEvent(event);
  if (target instanceof FakeField && !event.defaultPrevented && name.length === 1) target.value += name;
  return event.defaultPrevented;
}

function type(text: string, gap = 2, target: unknown = null): void {
  for (const char of text) {
    key(char, { target });
    vi.advanceTimersByTime(gap);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  heard = [];
  begin();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("a page that was busy between two keys loses none of them, though its clock comes before the keys", () => {
  stop();
  let held = 0;
  begin({ now: () => Date.now() + held });
  key("9");
  held = 250;
  vi.advanceTimersByTime(100);
  type("520000002169");
  key("Enter");
  expect(heard).toEqual(["9520000002169"]);
});

test("a key that stays alone is forgotten after silence, also on a page that was busy", () => {
  stop();
  let held = 0;
  begin({ now: () => Date.now() + held });
  key("9");
  held = 250;
  vi.advanceTimersByTime(250);
  type("T-0001");
  key("Enter");
  expect(heard).toEqual(["T-0001"]);
});

describe("a scan with nothing in focus", () => {
  test.each(["Enter", "Tab"])("ends with %s, which does nothing else", (end) => {
    type("T-0419");
    expect(key(end)).toBe(true);
    expect(heard).toEqual(["T-0419"]);
  });

  test("ends with a tenth of a second of silence", () => {
    type("T-0419");
    vi.advanceTimersByTime(97);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(heard).toEqual(["T-0419"]);
  });

  test("that ends with two line ends counts once", () => {
    type("T-0419");
    key("Enter");
    expect(key("Enter")).toBe(false);
    vi.advanceTimersByTime(500);
    expect(heard).toEqual(["T-0419"]);
  });

  test("is kept apart from the next one", () => {
    type("T-0419");
    key("Enter");
    type("B-A07-03-B");
    key("Enter");
    expect(heard).toEqual(["T-0419", "B-A07-03-B"]);
  });

  test("may come slowly where the scanner has a delay and the silence is set longer", () => {
    stop();
    begin({ silence: 250 });
    type("T-0419", 100);
    vi.advanceTimersByTime(300);
    expect(heard).toEqual(["T-0419"]);
  });

  test("that comes again at once is told as a bounce, later as a new scan", () => {
    type("T-0419");
    key("Enter");
    type("T-0419");
    key("Enter");
    vi.advanceTimersByTime(600);
    type("T-0419");
    key("Enter");
    expect(heard).toEqual(["T-0419", "T-0419 (bounced)", "T-0419"]);
  });

  test("keeps capitals and signs, and minds no shift key", () => {
    key("Shift");
    type("%CMD:DONE:7");
    key("Enter");
    expect(heard).toEqual(["%CMD:DONE:7"]);
  });
});

describe("fingers", () => {
  test("that press a key now and then are no scan", () => {
    type("12345", 160);
    key("Enter");
    expect(heard).toEqual([]);
  });

  test("press a button with space or Enter as ever", () => {
    const button = { tagName: "BUTTON" };
    expect(key(" ", { target: button })).toBe(false);
    expect(key("Enter", { target: button })).toBe(false);
    expect(key("Tab", { target: button })).toBe(false);
  });

  test("type into a field as ever, with Enter at its end", () => {
    const field = new FakeField();
    type("honey", 90, field);
    expect(key("Enter", { target: field })).toBe(false);
    expect(field.value).toBe("honey");
    expect(heard).toEqual([]);
  });

  test("use shortcuts when nothing is being scanned", () => {
    expect(key("p", { ctrlKey: true })).toBe(false);
    expect(key("f", { ctrlKey: true })).toBe(false);
  });
});

describe("a scan into a field", () => {
  test("is taken out of the field again, and its Enter sends no form", () => {
    const field = new FakeField();
    field.value = "hon";
    type("4006381333931", 3, field);
    expect(key("Enter", { target: field })).toBe(true);
    expect(heard).toEqual(["4006381333931"]);
    expect(field.value).toBe("hon");
  });

  test("is no button's business: a focused button takes no Enter from it", () => {
    type("T-0419", 2, { tagName: "BUTTON" });
    expect(key("Enter", { target: { tagName: "BUTTON" } })).toBe(true);
    expect(heard).toEqual(["T-0419"]);
  });
});

describe("control characters", () => {
  test("CTRL+] is a GS, from the key or from its code on another layout", () => {
    type("0104006381333931");
    expect(key("]", { ctrlKey: true })).toBe(true);
    type("10L1");
    key("+", { ctrlKey: true, keyCode: 221 });
    type("21S");
    key("Enter");
    expect(heard).toEqual(["0104006381333931\x1d10L1\x1d21S"]);
  });

  test("a GS in front, FNC1 of a DataMatrix, begins a scan", () => {
    key("]", { ctrlKey: true });
    type("10L1");
    key("Enter");
    expect(heard).toEqual(["\x1d10L1"]);
  });

  test("in a burst start no shortcut: CTRL+J ends it instead of opening the downloads", () => {
    type("T-0419");
    expect(key("p", { ctrlKey: true })).toBe(true);
    expect(key("j", { ctrlKey: true })).toBe(true);
    expect(heard).toEqual(["T-0419"]);
  });
});

test("what is pasted is a scan where no field wants it", () => {
  const paste = (text: string, target: unknown): boolean => {
    const event = new Event("paste", { cancelable: true });
    Object.assign(event, { clipboardData: { getData: () => text } });
    Object.defineProperty(event, "target", { value: target });
    page.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(paste(" B\u2060-\u2060A07-03-B\n", { tagName: "BODY" })).toBe(true);
  expect(paste("honey", new FakeField())).toBe(false);
  expect(paste("ab", { tagName: "BODY" })).toBe(false);
  expect(heard).toEqual(["B-A07-03-B"]);
});

test("a start key makes a scan sure, however slow it is and wherever it goes", () => {
  stop();
  begin({ startKey: "F13", silence: 200 });
  const field = new FakeField();
  key("F13", { target: field });
  type("T-1", 120, field);
  key("Enter", { target: field });
  expect(heard).toEqual(["T-1"]);
});

test("where an input method hides the keys, the text is read from a hidden field", () => {
  key("Unidentified", { keyCode: 229 });
  const [hidden] = page.made;
  expect(hidden?.focused).toBe(true);
  hidden!.value = "B-A07-03-B";
  hidden!.dispatchEvent(new Event("input"));
  vi.advanceTimersByTime(120);
  expect(heard).toEqual(["B-A07-03-B"]);
  expect(hidden).toMatchObject({ value: "", focused: false });
});

test("nothing is heard after the listening has ended", () => {
  type("T-04");
  stop();
  type("19");
  key("Enter");
  vi.advanceTimersByTime(500);
  expect(heard).toEqual([]);
});
