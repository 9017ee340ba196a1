import type { Chance } from '../chance.ts';
import type { Plan } from '../plan.ts';
import type { EventKind, StreamEvent } from './stream-event.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Events through routers that die, compete and come back. */
export function streams(chance: Chance, base: Plan): Plan {
  const span = chance.pick([5 * SECOND, 30 * SECOND, 3 * MINUTE]);
  const faultsUntil = Math.max(span, chance.between(1, 8) * MINUTE);
  const events = eventsOf(chance, span);
  // Drawn from what is there, so that a seed's other draws stay.
  const special = events.length % 7;
  return {
    ...base,
    orders: [],
    faultsUntil,
    timeLimitMs: 60 * SECOND,
    area: {
      streams: {
        events,
        shards: chance.between(1, 3),
        byKey: chance.hits(0.75),
        batch: chance.pick([1, 3, 10, 10]),
        maxAttempts: chance.pick([3, 1_000, 1_000]),
        twins: chance.hits(0.3) ? 0.3 : 0,
        reshardAt: chance.hits(0.3) ? chance.between(0, span) : null,
        rewindAt: chance.hits(0.3) ? chance.between(0, faultsUntil) : null,
        effectsDown: Math.max(chance.hits(0.3) ? chance.next() * 0.7 : 0, special === 1 ? 0.9 : 0),
        effectsStall: special === 0 ? 0.2 : 0,
        effectBytes: special === 1 ? 30_000 : 0,
      },
    },
  };
}

function eventsOf(chance: Chance, span: number): readonly StreamEvent[] {
  const subjects = chance.between(1, 4);
  const numbered = chance.hits(0.7) ? ['bars', 'wire'] : ['bars'];
  const events: StreamEvent[] = [];
  // Some worlds have more events without a number than an item keeps ids of.
  const many = chance.hits(0.1) ? 230 : 0;
  for (let subject = 1; subject <= subjects; subject += 1) {
    for (const source of numbered)
      for (let sequence = 0; sequence < chance.between(2, 10); sequence += 1)
        events.push(draw(chance, span, { source, sequence, subject: `s-${subject}` }));
    const unnumbered = subject === 1 && many > 0 ? many : chance.between(0, 5);
    for (let index = 0; index < unnumbered; index += 1)
      events.push(draw(chance, span, { source: 'news', sequence: null, subject: `s-${subject}` }, index));
  }
  const duplicates = events
    .filter(() => chance.hits(0.2))
    .map((event) => ({ ...event, at: event.at + chance.between(0, span) }));
  const disorder = chance.pick([0, 0, 1, 20]) * SECOND;
  return [...events, ...duplicates]
    .map((event) => ({ ...event, at: event.at + chance.between(0, disorder) }))
    .toSorted((a, b) => a.at - b.at);
}

type Identity = Pick<StreamEvent, 'source' | 'sequence' | 'subject'>;

function draw(chance: Chance, span: number, of: Identity, index = 0): StreamEvent {
  const { source, sequence, subject } = of;
  const id = `${subject}/${source}/${sequence ?? `n${index}`}`;
  // Numbers grow with time.
  const at = sequence === null ? chance.between(0, span) : Math.floor((span * sequence) / 10);
  const roll = chance.next();
  const kind: EventKind = roll < 0.04 ? 'broken' : roll < 0.08 ? 'poison' : roll < 0.16 ? 'needy' : 'fine';
  const drawn = chance.next();
  const effect = drawn < 0.5 ? 'none' : drawn < 0.94 ? 'fine' : drawn < 0.97 ? 'stubborn' : 'permanent';
  const common = { at, id, ...of, kind, effect } as const;
  return kind === 'needy' ? { ...common, needs: `${subject}/bars/${chance.between(0, 2)}` } : common;
}
