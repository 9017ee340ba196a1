import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpack } from './archive.ts';

/** Writes the kept cloud assembly below `folder` and returns the release it is of, such as `0.2.0`. */
export function unpackPreviousRelease(folder: string): string {
  const [file, ...more] = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.zst'));
  if (file === undefined || more.length > 0) throw new Error('Keep exactly one release beside this file: README.md.');
  unpack(readFileSync(join(import.meta.dirname, file)), folder);
  return file.slice(1, -'.zst'.length);
}
