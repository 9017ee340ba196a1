import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/**
 * A small state kept as one JSON file that only its owner can read (mode 0600). `save` writes a second file and renames it, so that
 * a crash leaves the old state or the new one. Without a path the state lives in memory.
 */
export class JsonFile<S extends z.ZodType> {
  readonly #path: string | undefined;
  readonly #schema: S;

  constructor(path: string | undefined, schema: S) {
    this.#path = path;
    this.#schema = schema;
  }

  /** The state saved last, or undefined where there is none. Throws where the file is not what `save` wrote. */
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
    throw new Error(`${this.#path} does not have the expected form (${parsed.error.message}): repair or delete it.`);
  }

  save(state: z.output<S>): void {
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify(state, undefined, 2), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}
