import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** The predefined CMaps of Chinese, Japanese and Korean fonts, see README.md. In a bundle they lie beside the module. */
export const PACKED = new URL('cmaps.bin', import.meta.url);

let unpacked: ReadonlyMap<string, Uint8Array> | undefined;

/** Returns a predefined CMap by its file name, such as `90ms-RKSJ-H.bcmap`. Undefined if there is none of that name. */
export function predefinedCMap(file: string): Uint8Array | undefined {
  unpacked ??= unpack(brotliDecompressSync(readFileSync(PACKED)));
  // A copy, because pdf.js takes over the buffer.
  return unpacked.get(file)?.slice();
}

/** A line of JSON, `[[name, length], …]`, and then the maps one after the other. */
function unpack(bytes: Buffer): ReadonlyMap<string, Uint8Array> {
  const end = bytes.indexOf('\n');
  const index = JSON.parse(bytes.toString('utf8', 0, end)) as readonly [name: string, length: number][];
  let at = end + 1;
  return new Map(index.map(([name, length]) => [name, bytes.subarray(at, (at += length))]));
}
