import { simulateMarket } from '@agent-fleet/simulated-market';
import { expect, it } from 'vitest';
import { cloudEventSchema } from '#core/streams/cloud-event.ts';
import { eventTypes, subjectSchema, type EventType } from '../events/events.ts';

/** What is wrong with a record, or null if it is an event that the monitor reads. */
function problemOf(bytes: Uint8Array): string | null {
  try {
    const event = cloudEventSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    if (!(event.type in eventTypes)) return `unknown type ${event.type}`;
    subjectSchema.parse(event.subject);
    eventTypes[event.type as EventType].parse(event.data);
    return null;
  } catch (error) {
    return String(error);
  }
}

it.each(['first', 'second'] as const)('reads every event of a simulated day but the broken ones: %s', (set) => {
  const market = simulateMarket({ events: 20_000, seed: 9, set });
  const problems = market
    .records()
    .map(({ bytes }) => problemOf(bytes))
    .toArray();
  const counts = market.truth.counts();
  expect(problems.filter((problem) => problem !== null)).toHaveLength(counts.rejected);
  const events = problems.length - counts.rejected - counts.duplicates - counts.future;
  expect(Object.values(counts.events).reduce((one, other) => one + other, 0)).toBe(events);
  expect(Object.keys(counts.events)).toHaveLength(8);
});
