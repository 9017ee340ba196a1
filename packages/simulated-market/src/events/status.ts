import { EXCHANGES } from '../calendar/exchanges.ts';
import { INTERVAL_MS, type World } from '../plan/world.ts';
import type { Pause } from '../prices/script.ts';
import type { Instrument } from '../instruments/instruments.ts';
import { Choices } from '../random.ts';
import { marketSubject, sources, type Item } from './item.ts';

interface Status {
  readonly subject: string;
  readonly time: number;
  readonly status: 'halted' | 'resumed';
  readonly reason: Pause['reason'] | 'circuit-breaker';
  readonly ticker?: string;
  readonly level?: number;
}

const FIRST_SECONDS_MS = 4_000;
const DELAY_MS = 300;

function statusItem({ subject, time, ...data }: Status): Item {
  const name = subject.slice(subject.indexOf(':') + 1);
  return {
    at: time + DELAY_MS,
    source: sources.status,
    id: `${name}.${data.status}.${new Date(time).toISOString().slice(0, 19)}Z`,
    type: 'market.trading-status.v1',
    subject,
    time,
    protected: true,
    data,
  };
}

/** The halt and the resumption of an instrument. */
export function pauseItems(world: World, { subject, ticker }: Instrument, pause: Pause): [Item, Item] {
  const status = { subject, ticker, reason: pause.reason };
  const from = world.session.open + pause.from * INTERVAL_MS + FIRST_SECONDS_MS;
  const to = world.session.open + pause.to * INTERVAL_MS - FIRST_SECONDS_MS;
  return [
    statusItem({ ...status, time: from, status: 'halted' }),
    statusItem({ ...status, time: to, status: 'resumed' }),
  ];
}

/** The circuit breaker of the whole market, and pauses of single shares in the minutes before it. */
export function* crashItems(world: World): Generator<Item> {
  if (world.crash === null) return;
  const { haltedAt, resumedAt } = world.crash;
  const subject = marketSubject(EXCHANGES.XNYS);
  const breaker = { subject, reason: 'circuit-breaker', level: 1 } as const;
  yield statusItem({ ...breaker, time: haltedAt, status: 'halted' });
  yield statusItem({ ...breaker, time: resumedAt, status: 'resumed' });
  const choices = new Choices(`${world.key}/crash/pauses`);
  const plain = world.instruments.filter((instrument) => !world.scripts.has(instrument.subject));
  for (const { subject, ticker } of choices.sample(plain, Math.ceil(plain.length / 25))) {
    const paused = { subject, ticker, reason: 'luld' } as const;
    yield statusItem({ ...paused, time: haltedAt - choices.between(5_000, 90_000), status: 'halted' });
    yield statusItem({ ...paused, time: resumedAt, status: 'resumed' });
  }
}
