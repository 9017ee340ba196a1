import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/**
 * A small state stored as one JSON file that only its owner can read (mode 0600). `save` writes a second file and renames
 * it, so that a crash leaves either the old state or the new one. Without a path the state is in memory only.
 */
export class JsonFile<S extends z.ZodType> {
  readonly #path: string | undefined;
  readonly #schema: S;

  constructor(path: string | undefined, schema: S) {
    this.#path = path;
    this.#schema = schema;
  }

  /** Returns the last saved state, or undefined if there is none. Throws if `save` cannot have written the file. */
  load(): z.output<S> | undefined {
    if (this.#path === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    const parsed = this.#schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    throw new Error(`${this.#path} is not valid: ${parsed.error.message}. Repair or delete it.`);
  }

  save(state: z.output<S>): void {
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#path}.new`, JSON.stringify(state, undefined, 2), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}
