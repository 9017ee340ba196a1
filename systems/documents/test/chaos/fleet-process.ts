import { bootFleet } from '#cli/fleet/boot.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { systems } from '#bin/systems.ts';

/**
 * The fleet in its own process tree, which can be killed. Boots like `npm start` on the given data folder. Prints its
 * endpoint and outputs as one line of JSON to stdout; human-readable output goes to stderr.
 */
const [dataDir = '', agents = '', latencyMs = ''] = process.argv.slice(2);
const options = {
  dataDir,
  port: 0,
  settings: { 'documents.agents': agents },
  latencyMs: Number(latencyMs),
  apiKey: null,
};
const fleet = await bootFleet(systems, options, terminalOutput(true));
const stopped = new Promise<void>((resolve) => {
  process.once('SIGTERM', () => resolve());
});
process.on('SIGUSR2', () => void fleet.crashWorkers());
process.stdout.write(`${JSON.stringify({ endpoint: fleet.endpoint, outputs: fleet.outputs })}\n`);
await stopped;
await fleet.close(10_000);
