const [FIRST, LAST, ZEROS, END] = [0x21, 0x75, 0x7a, 0x7e];
const isSpace = (code: number): boolean => code === 0 || code === 0x20 || (code >= 0x09 && code <= 0x0d);

/** Decodes ASCII85 up to its end mark (ISO 32000-1, 7.4.3). Returns null if it is not valid. */
export function decodeAscii85(text: Uint8Array): Uint8Array | null {
  const bytes = new Uint8Array(text.length * 4);
  let [length, value, digits] = [0, 0, 0];
  for (const code of text) {
    if (isSpace(code)) continue;
    if (code === END) return finish(bytes, length, value, digits);
    if (code === ZEROS && digits === 0) {
      length += 4;
      continue;
    }
    if (code < FIRST || code > LAST) return null;
    value = value * 85 + (code - FIRST);
    digits += 1;
    if (digits < 5) continue;
    if (value > 0xffffffff) return null;
    length = put(bytes, length, value, 4);
    [value, digits] = [0, 0];
  }
  return null;
}

/** The last group may be short: n digits make n - 1 bytes. */
function finish(bytes: Uint8Array, length: number, value: number, digits: number): Uint8Array | null {
  if (digits === 1) return null;
  if (digits === 0) return bytes.subarray(0, length);
  for (let missing = digits; missing < 5; missing += 1) value = value * 85 + 84;
  return bytes.subarray(0, put(bytes, length, value, digits - 1));
}

function put(bytes: Uint8Array, at: number, value: number, count: number): number {
  for (let index = 0; index < count; index += 1) bytes[at + index] = Math.floor(value / 256 ** (3 - index)) % 256;
  return at + count;
}
