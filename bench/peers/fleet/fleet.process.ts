// The whole fleet in a process of its own: the local cloud and the workers. It is killed as a whole.
import { z } from 'zod';
import { assistantSystem } from '#systems/assistant/system.ts';
import { bootFleet } from '#cli/fleet/boot.ts';
import { occasionKey } from '#cli/keys/local-key.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetSettings } from './settings.ts';

const { dataDir, model, apiPort, atOnce } = z
  .object({ dataDir: z.string(), model: z.url(), apiPort: z.coerce.number(), atOnce: z.coerce.number() })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

/** The model is outside the fleet, as for every peer. */
const system = {
  ...assistantSystem,
  standIns: [
    {
      name: 'model',
      start: () => Promise.resolve({ environment: { ANTHROPIC_BASE_URL: model }, close: () => Promise.resolve() }),
    },
  ],
};
const options = { dataDir, port: 0, apiPort, latencyMs: 0, apiKey: 'simulated', settings: fleetSettings(atOnce) };
const fleet = await bootFleet([system], options, terminalOutput(true));
const key = await occasionKey({ ...fleet.api, endpoint: fleet.endpoint });
// After a crash the client goes on with the key that it has.
writeFileSync(join(dataDir, 'api.json'), JSON.stringify({ url: fleet.api.url, key }));
process.stdout.write('ready\n');
