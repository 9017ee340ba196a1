import { createHash, randomUUID } from 'node:crypto';
import type { Ids } from '#core/ports/ids.ts';

/** Identity and chance from Node's own crypto. `random` spreads retries and is no source of secrets. */
export function nodeIds(): Ids {
  return {
    uuid: () => randomUUID(),
    digest: (content) => createHash('sha256').update(content).digest('hex'),
    random: () => Math.random(),
  };
}
