import { createHash, randomUUID } from 'node:crypto';
import type { Ids } from '#core/ports/ids.ts';

/** Ids and random numbers from Node's crypto. `random` is for jitter, not for secrets. */
export function nodeIds(): Ids {
  return {
    uuid: () => randomUUID(),
    digest: (content) => createHash('sha256').update(content).digest('hex'),
    random: () => Math.random(),
  };
}
