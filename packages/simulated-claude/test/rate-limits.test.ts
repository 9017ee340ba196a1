import { RateLimitError } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../src/rate-limits.ts';
import { ask, simulate } from './support.ts';

describe('rate limits over the API', () => {
  it('return 429 with retry-after when the requests of a minute are used up', async () => {
    const { client, stats } = await simulate({ rateLimits: { requestsPerMinute: 1 } });
    const { response } = await client.messages.create(ask('hello')).withResponse();
    expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('1');
    expect(response.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0');
    expect(Date.parse(response.headers.get('anthropic-ratelimit-requests-reset') ?? '')).toBeGreaterThan(Date.now());
    const error = await client.messages.create(ask('hello')).catch((error: unknown) => error);
    if (!(error instanceof RateLimitError)) throw new Error('not throttled');
    expect(error.type).toBe('rate_limit_error');
    expect(Number(error.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(await stats()).toMatchObject({ answered: 1, throttled: 1 });
  });

  it('apply to each model separately', async () => {
    const { client } = await simulate({ rateLimits: { requestsPerMinute: 1 } });
    await client.messages.create(ask('hello'));
    await expect(client.messages.create(ask('hello', { model: 'claude-opus-5-5' }))).resolves.toBeDefined();
  });

  it('name the limit of input tokens', async () => {
    const { client } = await simulate({ rateLimits: { inputTokensPerMinute: 100 } });
    await client.messages.create(ask('word '.repeat(60)));
    const rejected = client.messages.create(ask('word '.repeat(60)));
    await expect(rejected).rejects.toThrow('rate limit of 100 input tokens per minute');
  });
});

describe('rate limits over time', () => {
  it('refill continuously and return how long to wait', () => {
    let now = 0;
    const limiter = new RateLimiter({ requestsPerMinute: 60 }, () => now);
    for (let call = 0; call < 60; call += 1) expect(limiter.take('k', 1)).toEqual({ ok: true });
    expect(limiter.take('k', 1)).toMatchObject({ ok: false, kind: 'requests', retryAfterSeconds: 1 });
    now = 1_000;
    expect(limiter.take('k', 1)).toEqual({ ok: true });
    expect(limiter.take('k', 1)).toMatchObject({ ok: false });
  });

  it('let a call larger than the bucket pass when the bucket is full', () => {
    let now = 0;
    const limiter = new RateLimiter({ inputTokensPerMinute: 100 }, () => now);
    expect(limiter.take('k', 250)).toEqual({ ok: true });
    expect(limiter.take('k', 1)).toMatchObject({ ok: false, retryAfterSeconds: 91 });
    now = 91_000;
    expect(limiter.take('k', 1)).toEqual({ ok: true });
  });

  it('take output tokens after the answer, and block calls while the bucket is below zero', () => {
    let now = 0;
    const limiter = new RateLimiter({ outputTokensPerMinute: 60 }, () => now);
    expect(limiter.take('k', 1)).toEqual({ ok: true });
    limiter.settle('k', 90);
    expect(limiter.headers('k')['anthropic-ratelimit-output-tokens-remaining']).toBe('0');
    expect(limiter.take('k', 1)).toMatchObject({ ok: false, kind: 'output-tokens', retryAfterSeconds: 30 });
    now = 30_000;
    expect(limiter.take('k', 1)).toEqual({ ok: true });
  });
});
