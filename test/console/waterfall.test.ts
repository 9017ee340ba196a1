import { describe, expect, it } from 'vitest';
import { layOut } from '#console/src/views/task/waterfall/layout.ts';
import { laneOf, type Span } from '#console/src/views/task/waterfall/span.ts';
import { ticks } from '#console/src/views/task/waterfall/ticks.ts';

const span = (spanId: string, startMs: number, endMs: number, more: Partial<Span> = {}): Span => ({
  spanId,
  name: spanId,
  startMs,
  endMs,
  status: 'ok',
  attributes: {},
  ...more,
});
const costs = (usd: number) => ({ attributes: { 'gen_ai.usage.cost.amount': usd } });

describe('the waterfall', () => {
  const trace = [
    span('tool', 60, 80, { parentSpanId: 'turn' }),
    span('model', 20, 60, { parentSpanId: 'turn', ...costs(0.03) }),
    span('turn', 10, 100, { parentSpanId: 'request' }),
    span('again', 80, 90, { parentSpanId: 'turn', ...costs(0.01) }),
    span('request', 0, 100),
  ];

  it('has parents before their children, and children by their start', () => {
    const { bars } = layOut(trace, 'time');
    expect(bars.map(({ span, depth }) => [span.spanId, depth])).toEqual([
      ['request', 0],
      ['turn', 1],
      ['model', 2],
      ['tool', 2],
      ['again', 2],
    ]);
  });

  it('has bars by time', () => {
    const { bars, startMs, endMs } = layOut(trace, 'time');
    expect([startMs, endMs]).toEqual([0, 100]);
    expect(bars.find(({ span }) => span.spanId === 'model')).toMatchObject({ left: 0.2, width: 0.4, durationMs: 40 });
  });

  it('has bars by dollars, one after the other, and the sum at the root', () => {
    const { bars, usd } = layOut(trace, 'dollars');
    const bar = (id: string) => bars.find(({ span }) => span.spanId === id);
    expect(usd).toBeCloseTo(0.04);
    expect(bar('request')).toMatchObject({ left: 0, width: 1 });
    expect(bar('model')?.width).toBeCloseTo(0.75);
    expect(bar('again')?.left).toBeCloseTo(0.75);
  });

  it('hides what is below a collapsed span, and still counts it', () => {
    const { bars, usd } = layOut(trace, 'time', new Set(['turn']));
    expect(bars.map(({ span }) => span.spanId)).toEqual(['request', 'turn']);
    expect(usd).toBeCloseTo(0.04);
  });

  it('shows all of a damaged trace: missing parents and circles', () => {
    const damaged = [
      span('orphan', 0, 1, { parentSpanId: 'lost' }),
      span('a', 1, 2, { parentSpanId: 'b' }),
      span('b', 2, 3, { parentSpanId: 'a' }),
      span('self', 3, 4, { parentSpanId: 'self' }),
    ];
    expect(
      layOut(damaged, 'time')
        .bars.map(({ span }) => span.spanId)
        .toSorted(),
    ).toEqual(['a', 'b', 'orphan', 'self']);
  });

  it('has no bars without spans, and no width without time', () => {
    expect(layOut([], 'time')).toEqual({ bars: [], startMs: 0, endMs: 0, usd: 0 });
    expect(layOut([span('a', 5, 5)], 'time').bars).toMatchObject([{ left: 0, width: 0 }]);
  });

  it.each([
    [{ name: 'queued' }, 'wait'],
    [{ name: 'parked session' }, 'wait'],
    [{ name: 'invoke_agent assistant' }, 'turn'],
    [{ name: 'anthropic.messages.create' }, 'model'],
    [{ name: 'execute_tool search' }, 'tool'],
    [{ name: 'POST /tasks' }, 'request'],
    [{ name: 'POST' }, 'callback'],
    [{ name: 'constructor' }, 'other'],
  ])('knows the lane of %o', (named, lane) => {
    expect(laneOf({ attributes: {}, ...named })).toBe(lane);
  });
});

describe('the ticks of an axis', () => {
  it('are at round values', () => {
    expect(ticks(1_000, 5)).toEqual([0, 200, 400, 600, 800, 1_000]);
    expect(ticks(7, 4)).toEqual([0, 2, 4, 6]);
  });

  it('is one without a length', () => {
    expect(ticks(0, 5)).toEqual([0]);
    expect(ticks(Number.NaN, 5)).toEqual([0]);
  });
});
