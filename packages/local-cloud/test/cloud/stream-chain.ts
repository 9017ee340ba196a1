import type { Fixture } from '../../testing/cloud.ts';
import { mapping, READ_GRANT, stream, WORKER, worker } from '../lambda/stream-mapping.support.ts';

export const TEXTS = Array.from({ length: 60 }, (_, index) => `slow${index}`);

/** A stream whose function needs 30 ms per batch of two records. */
export const streamChain: Fixture = {
  code: { worker: WORKER },
  resources: {
    Stream: stream({ Name: 'events' }),
    Worker: worker(),
    Mapping: mapping('Stream', 'Worker', { BatchSize: 2 }),
  },
  grants: [READ_GRANT],
};
