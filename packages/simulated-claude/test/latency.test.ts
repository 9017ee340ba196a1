import { describe, expect, it } from 'vitest';
import { timingOf } from '../src/latency.ts';
import { ask, simulate } from './support.ts';

describe('latency', () => {
  it('is the minimum time of an answer', async () => {
    const { client } = await simulate({ latency: { kind: 'fixed', ms: 150 } });
    const start = performance.now();
    await client.messages.create(ask('hello'));
    expect(performance.now() - start).toBeGreaterThanOrEqual(150);
  });

  it('grows with the tokens of the answer, with a spread by content', () => {
    const latency = { kind: 'by-tokens', msFirstToken: 500, msPerOutputToken: 10, spread: 0.2, seed: 3 } as const;
    const [one, two] = ['a', 'b'].map((content) => timingOf(latency, 100, content, 0).lastTokenMs);
    expect(one).not.toBe(two);
    for (const ms of [one, two]) expect(Math.abs((ms ?? 0) - 1_500)).toBeLessThanOrEqual(300);
    expect(timingOf(latency, 100, 'a', 0).lastTokenMs).toBe(one);
    expect(timingOf({ ...latency, spread: 0 }, 100, 'a', 50)).toEqual({ firstTokenMs: 550, lastTokenMs: 1_550 });
  });

  it('ends when the caller disconnects, and the call counts as abandoned', async () => {
    const { client, stats, close } = await simulate({ latency: { kind: 'fixed', ms: 600_000 } });
    const controller = new AbortController();
    const call = client.messages.create(ask('hello'), { signal: controller.signal });
    while ((await stats()).requests === 0);
    controller.abort();
    await expect(call).rejects.toThrow('aborted');
    while ((await stats()).abandoned === 0);
    await close();
  });
});
