import { describe, expect, it } from 'vitest';
import type { Attributes } from '#core/ports/tracer.ts';
import { isNotable } from '#core/tracing/keep.ts';

const turn = (attributes: Attributes, ms = 1_000) =>
  isNotable({
    traceId: '67891233abcdef012345678912345678',
    spanId: '53995c3f42cd8ad8',
    sampled: false,
    name: 'invoke_agent adder',
    kind: 'consumer',
    startMs: 0,
    endMs: ms,
    status: 'ok',
    attributes,
  });

describe('a turn whose trace is not sampled', () => {
  it('is left out if nothing of it is notable', () =>
    expect(turn({ 'fleet.cost.usd': 0.1, 'fleet.task.usd': 0.2, 'fleet.deadline.used': 0.4 })).toBe(false));

  it.each([
    ['it was slow', {}, 120_000],
    ['it was dear', { 'fleet.cost.usd': 0.5 }, 1_000],
    ['its task became dear over several turns', { 'fleet.cost.usd': 0.01, 'fleet.task.usd': 0.5 }, 1_000],
    ['its task comes near its deadline', { 'fleet.deadline.used': 0.5 }, 1_000],
  ] as const)('is kept if %s', (_, attributes, ms) => expect(turn(attributes, ms)).toBe(true));
});
