import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What a call of `UpdateEventSourceMapping` changed. */
export interface Override {
  readonly enabled: boolean;
  readonly maximumConcurrency: number | undefined;
}

const file = z.record(
  z.string(),
  z.object({ template: z.string(), enabled: z.boolean(), maximumConcurrency: z.number().optional() }),
);

/**
 * Changes made to mappings by API, kept over restarts, so that a paused mapping stays paused. As after a deployment, a
 * change lasts until the template says something else than it did.
 */
export class Overrides {
  readonly #path: string;
  #entries: z.output<typeof file>;

  constructor(path: string) {
    this.#path = path;
    this.#entries = read(path);
  }

  /** The change of a mapping, if what its template says is still `template`. */
  find(uuid: string, template: string): Override | undefined {
    const entry = this.#entries[uuid];
    if (entry?.template !== template) return undefined;
    return { enabled: entry.enabled, maximumConcurrency: entry.maximumConcurrency };
  }

  save(uuid: string, template: string, override: Override): void {
    this.#entries = { ...this.#entries, [uuid]: { template, ...override } };
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, JSON.stringify(this.#entries, null, 2));
  }
}

function read(path: string): z.output<typeof file> {
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`${path} cannot be read; remove it, and paused mappings start again.`, { cause: error });
  }
}
