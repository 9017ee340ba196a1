import { expect, it } from 'vitest';
import { traceText } from '#cli/traces/waterfall.ts';
import type { SpanView } from '#core/api/traces/messages.ts';

const span = (spanId: string, change: Partial<SpanView>): SpanView => ({
  spanId,
  name: spanId,
  kind: 'internal',
  startMs: 0,
  endMs: 1_000,
  status: 'ok',
  attributes: {},
  ...change,
});

const cost = (usd: number) => ({ attributes: { 'gen_ai.usage.cost.amount': usd } });

const spans = [
  span('POST /tasks', { endMs: 50, parentSpanId: 'caller' }),
  span('queued', { parentSpanId: 'POST /tasks', startMs: 50, endMs: 500 }),
  span('invoke_agent adder', { parentSpanId: 'POST /tasks', startMs: 500, attributes: { 'fleet.cost.usd': 0.03 } }),
  span('chat a', { parentSpanId: 'invoke_agent adder', startMs: 500, endMs: 700, ...cost(0.01) }),
  span('chat b', { parentSpanId: 'invoke_agent adder', startMs: 750, endMs: 1_000, ...cost(0.02) }),
  span('execute_tool look-up', {
    parentSpanId: 'invoke_agent adder',
    startMs: 700,
    endMs: 750,
    status: 'error',
    attributes: { 'error.type': 'tool_error' },
  }),
];
const view = (given: readonly SpanView[]) => ({
  traceId: 'a'.repeat(32),
  spans: [...given],
  asOf: '2026-11-30T00:00:00Z',
});

it('shows each span below its parent, with a bar for its time', () => {
  expect(traceText(view(spans), 'time', 82)).toBe(`trace ${'a'.repeat(32)}

SPAN                                          TOOK      COST  WHERE
POST /tasks                                  50 ms   $0.0300  █
  queued                                    450 ms            ·█████████
  invoke_agent adder                        500 ms   $0.0300  ··········██████████
    chat a                                  200 ms   $0.0100  ··········████
    execute_tool look-up ! tool_error        50 ms            ··············█
    chat b                                  250 ms   $0.0200  ···············█████`);
});

it('shows each span’s share of the dollars: siblings follow each other', () => {
  const lines = traceText(view(spans), 'usd', 92).split('\n').slice(3);
  expect(lines.map((line) => line.replace(/.*?(?=[·█▏])/, ''))).toEqual([
    '█'.repeat(30),
    '▏',
    '█'.repeat(30),
    '█'.repeat(10),
    `${'·'.repeat(10)}▏`,
    `${'·'.repeat(10)}${'█'.repeat(20)}`,
  ]);
});

it('a hostile name cannot move the cursor, and parents in a circle end', () => {
  const text = traceText(
    view([
      span('a', { parentSpanId: 'b', name: 'evil\u001b[2J\u202Etool\nsecond line' }),
      span('b', { parentSpanId: 'a' }),
      span('c', { parentSpanId: 'c' }),
    ]),
    'time',
  );
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u001b\u202e]/i);
  expect(text.split('\n')).toHaveLength(6);
});

it('an empty trace is no error', () => {
  expect(traceText(view([]), 'time')).toContain('trace');
});
