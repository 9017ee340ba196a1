import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '#cli/fleet/paths.ts';
import { nodeProgram, type Peer } from '../peer.ts';

export const fleet: Peer = {
  name: 'agent-fleet',
  setup:
    'one process: the local cloud and warm workers of ten tasks each; POST /tasks/batch and /tasks/wait, without the usual limit of 100 requests a second. A kill ends the whole process, the queue and the tables too',
  lacks: '',
  writes: 'SQLite with a write-ahead log, synchronous=NORMAL',
  missing: () => null,
  versions: () => {
    const file = readFileSync(join(PROJECT, 'package.json'), 'utf8');
    return { 'agent-fleet': z.object({ version: z.string() }).parse(JSON.parse(file)).version };
  },
  programs({ dir, model, atOnce, ports: [apiPort] }) {
    const dataDir = join(dir, 'fleet');
    const start = nodeProgram('fleet/fleet.process.ts', {});
    const client = nodeProgram('fleet/client.process.ts', {});
    return {
      servers: [],
      workers: [{ ...start, args: [...start.args, JSON.stringify({ dataDir, model, apiPort, atOnce })] }],
      client: { ...client, args: [...client.args, dataDir] },
    };
  },
};
