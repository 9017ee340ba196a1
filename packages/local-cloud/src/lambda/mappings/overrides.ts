import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** A change by `UpdateEventSourceMapping`. */
export interface Override {
  readonly enabled: boolean;
  readonly maximumConcurrency?: number | undefined;
  /** Settings of a stream's mapping. */
  readonly settings?: Readonly<Record<string, number | boolean>> | undefined;
}

const file = z.record(
  z.string(),
  z.object({
    template: z.string(),
    enabled: z.boolean(),
    maximumConcurrency: z.number().optional(),
    settings: z.record(z.string(), z.union([z.number(), z.boolean()])).optional(),
  }),
);

/**
 * Changes to mappings by API. They survive restarts, so that a paused mapping stays paused. As after a deployment, a change
 * lasts until the template changes.
 */
export class Overrides {
  readonly #path: string;
  #entries: z.output<typeof file>;

  constructor(path: string) {
    this.#path = path;
    this.#entries = read(path);
  }

  /** The change of a mapping, if its settings in the template are still `template`. */
  find(uuid: string, template: string): Override | undefined {
    const entry = this.#entries[uuid];
    if (entry?.template !== template) return undefined;
    return entry;
  }

  save(uuid: string, template: string, override: Override): void {
    this.#entries = { ...this.#entries, [uuid]: { template, ...override } };
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(this.#path, JSON.stringify(this.#entries, null, 2), { mode: 0o600 });
  }
}

function read(path: string): z.output<typeof file> {
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`${path} cannot be read. Delete it to start; paused mappings then poll again.`, { cause: error });
  }
}
