import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { startSimulatedWeb } from '../src/index.ts';

const USAGE = `Starts the simulated web on this machine. Everything that its pages say is made up.

  node packages/simulated-web/bin/simulated-web.ts [options]

  --companies COUNT      1 to 500, default: 50
  --seed SEED            the same seed makes the same pages, default: 1
  --night NIGHT          0 (the history) or later, default: 0
  --first-night DATE     the date of night 0, default: 2026-11-02
  --fault-share SHARE    the share of sites with a fault, default: 0.12
  --dead SHARE           the share of sites that are dead, default: 0
  --port PORT            default: a free port
`;

const flags = {
  companies: { type: 'string', default: '50' },
  seed: { type: 'string', default: '1' },
  night: { type: 'string', default: '0' },
  'first-night': { type: 'string' },
  'fault-share': { type: 'string' },
  dead: { type: 'string' },
  port: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: flags });
  if (values.help) return void process.stdout.write(USAGE);
  const { 'first-night': firstNight, 'fault-share': share, dead } = values;
  const web = await startSimulatedWeb({
    companies: Number(values.companies),
    seed: Number(values.seed),
    night: Number(values.night),
    port: Number(values.port),
    ...(firstNight !== undefined && { firstNight }),
    faults: { ...(share !== undefined && { share: Number(share) }), ...(dead !== undefined && { dead: Number(dead) }) },
  });
  process.stdout.write(`simulated web  ${web.url}\n`);
  process.stdout.write(`companies      ${web.companies.length}, such as ${web.companies[0]?.site ?? ''}\n`);
  const stop = (): void => void web.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

/** The flag of an option of `startSimulatedWeb`. */
const flagOf = (option: string): string =>
  `--${{ firstNight: 'first-night', 'faults.share': 'fault-share', 'faults.dead': 'dead' }[option] ?? option}`;

/** Node names the port in errors of listening. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  await main();
} catch (error) {
  const problems =
    error instanceof ZodError ? error.issues.map(({ path, message }) => `${flagOf(path.join('.'))}: ${message}`) : [];
  process.stderr.write(`${problems.length > 0 ? problems.join('\n') : messageOf(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
