// Draws the app's icons: the mark of src/ui/icons.tsx as SVG and, dot by dot, as PNG. Run again after changing it.

import { mkdirSync, writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const BLUE = [0x5b, 0x9d, 0xff];
const INK = [0x04, 0x12, 0x2b];
const FOLDER = new URL("../public/icons/", import.meta.url);

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#5b9dff"/><path d="M6 13c3.3-5 6.7-5 10 0s6.7 5 10 0M7 21h4M14 21h4M21 21h4" fill="none" stroke="#04122b" stroke-width="3.4" stroke-linecap="round"/></svg>\n`;

const bezier = (points, t) => {
  const [a, b, c, d] = points;
  const u = 1 - t;
  return [0, 1].map((i) => u ** 3 * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t ** 3 * d[i]);
};
const CURVES = [
  [[6, 13], [9.3, 8], [12.7, 8], [16, 13]],
  [[16, 13], [19.3, 18], [22.7, 18], [26, 13]],
];
const DOTS = [
  ...CURVES.flatMap((curve) => Array.from({ length: 60 }, (_, i) => bezier(curve, i / 59))),
  ...[7, 14, 21].flatMap((x) => Array.from({ length: 20 }, (_, i) => [x + (4 * i) / 19, 21])),
];

/** How far inside (above 0) a point of the 32-grid is: of the rounded square, of the strokes. */
const inSquare = (x, y, radius) => {
  const dx = Math.max(radius - x, x - (32 - radius), 0);
  const dy = Math.max(radius - y, y - (32 - radius), 0);
  return radius - Math.hypot(dx, dy);
};
const inStroke = (x, y) => 1.7 - Math.min(...DOTS.map(([px, py]) => Math.hypot(x - px, y - py)));
const cover = (inside, pixel) => Math.min(1, Math.max(0, inside / pixel + 0.5));

function draw(size, maskable) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  const pixel = 32 / size;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [x, y] = [(column + 0.5) * pixel, (row + 0.5) * pixel];
      const [mx, my] = maskable ? [16 + (x - 16) / 0.72, 16 + (y - 16) / 0.72] : [x, y];
      const square = maskable ? 1 : cover(inSquare(x, y, 9), pixel);
      const stroke = cover(inStroke(mx, my), pixel);
      const at = row * (size * 4 + 1) + 1 + column * 4;
      for (let i = 0; i < 3; i++) rows[at + i] = Math.round(BLUE[i] * (1 - stroke) + INK[i] * stroke);
      rows[at + 3] = Math.round(255 * square);
    }
  }
  return png(size, rows);
}

function png(size, rows) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

mkdirSync(FOLDER, { recursive: true });
writeFileSync(new URL("icon.svg", FOLDER), svg);
writeFileSync(new URL("icon-192.png", FOLDER), draw(192, false));
writeFileSync(new URL("icon-512.png", FOLDER), draw(512, false));
writeFileSync(new URL("maskable-512.png", FOLDER), draw(512, true));
