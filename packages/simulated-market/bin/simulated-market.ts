import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { simulateMarket, type MarketRecord, type SimulatedMarketOptions } from '../src/index.ts';

const USAGE = `Writes the events of a simulated trading day, one per line, and what is true about them.
Everything that the events say is made up.

  node -r ./bin/check-node.cjs packages/simulated-market/bin/simulated-market.ts [options] > day.jsonl

It needs Node 24 or later.

  --seed SEED            the same seed makes the same day, default: 1
  --events EVENTS        how many events, or some more, default: 50000
  --day DATE             a day on which New York trades, 2025 to 2027, default: 2026-11-17
  --instruments COUNT    1 to 500, default: one per 100 events
  --urgent COUNT         how many urgent incidents of held instruments, or some more, default: 12
  --regime REGIME        calm or volatile, default: calm
  --set SET              first or second (to measure with), default: first
  --no-crash             without the crash of the market and its circuit breaker
  --truth FILE           where the truth is written, default: truth.json
`;

const flags = {
  seed: { type: 'string' },
  events: { type: 'string' },
  day: { type: 'string' },
  instruments: { type: 'string' },
  urgent: { type: 'string' },
  regime: { type: 'string' },
  set: { type: 'string' },
  'no-crash': { type: 'boolean', default: false },
  truth: { type: 'string', default: 'truth.json' },
  help: { type: 'boolean', default: false },
} as const;

const NUMBERS = ['seed', 'events', 'instruments', 'urgent'] as const;
const NAMES = ['day', 'regime', 'set'] as const;
const CHUNK = 65_536;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: flags });
  if (values.help) return void process.stdout.write(USAGE);
  const numbers = NUMBERS.flatMap((name) => (values[name] === undefined ? [] : [[name, Number(values[name])]]));
  const names = NAMES.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]));
  const options = {
    ...Object.fromEntries([...numbers, ...names]),
    crash: !values['no-crash'],
  } as SimulatedMarketOptions;
  const market = simulateMarket(options);
  let lines = '';
  for (const record of market.records()) {
    lines += `${lineOf(record)}\n`;
    if (lines.length > CHUNK) {
      if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
      lines = '';
    }
  }
  process.stdout.write(lines);
  const { session, truth } = market;
  const { incidents } = truth;
  writeFileSync(values.truth, `${JSON.stringify({ options, session, incidents, counts: truth.counts() }, null, 2)}\n`);
}

/** The record as it is if it is one line of JSON; otherwise in base64, with its arrival and partition key. */
function lineOf({ at, key, bytes }: MarketRecord): string {
  const text = new TextDecoder().decode(bytes);
  return isObject(text) ? text : JSON.stringify({ base64: Buffer.from(bytes).toString('base64'), at, key });
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  await main();
} catch (error) {
  const problems =
    error instanceof ZodError ? error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`) : [];
  process.stderr.write(`${problems.length > 0 ? problems.join('\n') : messageOf(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
