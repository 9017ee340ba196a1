import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({
  /** The bundle's file. */
  bundle: z.string(),
  exports: z.array(z.string()),
  /** The content digest of each file that the bundle was made from, by path. */
  inputs: z.record(z.string(), z.string()),
});

/** Bundles by their sources, in a folder. A bundle is taken only while every file that it was made from is unchanged. */
export class BundleCache {
  readonly #folder: string;
  readonly #digests = new Map<string, string>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  /** Whether there is a bundle of `entry` made of these sources. */
  has(entry: string): boolean {
    return this.#current(entry) !== null;
  }

  /** Copies the bundle of `entry` to `outfile` and returns its exports; null when there is none of these sources. */
  take(entry: string, outfile: string): readonly string[] | null {
    const current = this.#current(entry);
    if (current !== null) copyFileSync(current.kept, outfile);
    return current?.exports ?? null;
  }

  #current(entry: string): { readonly kept: string; readonly exports: readonly string[] } | null {
    const file = this.#manifestOf(entry);
    if (!existsSync(file)) return null;
    const { bundle, exports, inputs } = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (Object.entries(inputs).some(([path, digest]) => this.#digestOf(path) !== digest)) return null;
    const kept = join(this.#folder, bundle);
    // Another process may have replaced it since.
    return existsSync(kept) ? { kept, exports } : null;
  }

  /** Keeps `outfile`, the bundle of `entry` made from the files `inputs`, instead of an earlier one. */
  put(entry: string, outfile: string, exports: readonly string[], inputs: readonly string[]): void {
    const bundle = `${digest(readFileSync(outfile))}.mjs`;
    this.#write(join(this.#folder, bundle), readFileSync(outfile));
    const digests = Object.fromEntries(inputs.map((path) => [path, this.#digestOf(path)]));
    const manifest = this.#manifestOf(entry);
    const before = existsSync(manifest)
      ? manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8'))).bundle
      : bundle;
    this.#write(manifest, JSON.stringify({ bundle, exports, inputs: digests }));
    if (before !== bundle) rmSync(join(this.#folder, before), { force: true });
  }

  #manifestOf(entry: string): string {
    return join(this.#folder, `${digest(entry)}.json`);
  }

  /** In one step, since another process may read it meanwhile. */
  #write(file: string, content: string | Uint8Array): void {
    const apart = `${file}.${process.pid}`;
    writeFileSync(apart, content);
    renameSync(apart, file);
  }

  #digestOf(path: string): string | undefined {
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info) return undefined;
    const version = `${path} ${info.size} ${info.mtimeMs}`;
    const known = this.#digests.get(version) ?? digest(readFileSync(path));
    this.#digests.set(version, known);
    return known;
  }
}

const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
