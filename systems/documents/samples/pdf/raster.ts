import { crc32, deflateSync } from 'node:zlib';
import type { Dice } from '#core/chance/dice.ts';

const PAPER = 247;
const INK = 40;

/** A grey picture of a page, one pixel per point: a scanned contract without text recognition. */
export class Raster {
  readonly width: number;
  readonly height: number;
  readonly #pixels: Uint8Array;

  constructor(width: number, height: number) {
    this.width = Math.round(width);
    this.height = Math.round(height);
    this.#pixels = new Uint8Array(this.width * this.height).fill(PAPER);
  }

  rectangle(left: number, top: number, width: number, height: number): void {
    for (let y = Math.max(0, Math.round(top)); y < Math.min(this.height, top + height); y++) {
      const from = y * this.width + Math.max(0, Math.round(left));
      this.#pixels.fill(INK, from, Math.max(from, y * this.width + Math.min(this.width, Math.round(left + width))));
    }
  }

  /** Draws a word as strokes. It looks like text from afar, but no letter is readable. */
  word(text: string, left: number, baseline: number, width: number, size: number): void {
    const step = width / text.length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const tall = code % 3 === 0 || code < 91;
      this.rectangle(left + index * step, baseline - size * (tall ? 0.7 : 0.45), 1, size * (tall ? 0.7 : 0.45));
      if (code % 2 === 0) this.rectangle(left + index * step, baseline - 1, step * 0.8, 1);
      else this.rectangle(left + index * step, baseline - size * 0.45, step * 0.8, 1);
    }
  }

  /** Draws dust on the scanner's glass. */
  speckle(dice: Dice): void {
    for (let count = dice.int(40, 160); count > 0; count--) {
      this.rectangle(dice.int(0, this.width - 1), dice.int(0, this.height - 1), 1, 1);
    }
  }

  /** PNG, 8-bit greyscale. https://www.w3.org/TR/png-3/ */
  png(): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    header[8] = 8;
    // Each row begins with its filter: 0, none.
    const rows = new Uint8Array((this.width + 1) * this.height);
    for (let y = 0; y < this.height; y++) {
      rows.set(this.#pixels.subarray(y * this.width, (y + 1) * this.width), y * (this.width + 1) + 1);
    }
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
