import { describe, expect, it } from 'vitest';
import { PromptCache } from '../src/prompt-cache.ts';
import type { PromptBlock } from '../src/prompt.ts';
import { ask, MODEL, simulate, shareEcho } from './support.ts';

const echo = shareEcho();

/** A text of 2,100 tokens. Each test uses another `kind`, because the tests share one cache. */
const long = (kind: string) => `Read each ${kind} with care `.repeat(400).slice(0, 8_400);
const cached = (text: string, ttl: '5m' | '1h' = '5m') => [
  { type: 'text' as const, text, cache_control: { type: 'ephemeral' as const, ttl } },
];

describe('prompt cache over the API', () => {
  it('writes a marked prefix once, then reads it', async () => {
    const { client } = await echo();
    const first = await client.messages.create(ask('one', { system: cached(long('clause')) }));
    const second = await client.messages.create(ask('another', { system: cached(long('clause')) }));
    const tokens = first.usage.cache_creation_input_tokens ?? 0;
    expect(tokens).toBe(2_100);
    expect(first.usage).toMatchObject({ cache_read_input_tokens: 0 });
    expect(first.usage.cache_creation).toEqual({ ephemeral_5m_input_tokens: tokens, ephemeral_1h_input_tokens: 0 });
    expect(second.usage).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: tokens });
  });

  it('writes at the one-hour price on request', async () => {
    const { client } = await echo();
    const { usage } = await client.messages.create(ask('one', { system: cached(long('page'), '1h') }));
    expect(usage.cache_creation).toEqual({ ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 2_100 });
  });

  it("does not cache a prompt below the model's minimum, or for another model", async () => {
    const { client } = await echo();
    const short = await client.messages.create(ask('one', { system: cached('short') }));
    expect(short.usage).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 0 });
    await client.messages.create(ask('one', { system: cached(long('line')) }));
    const haiku = { ...ask('one', { system: cached(long('line')) }), model: 'claude-haiku-5-5' };
    const other = await client.messages.create(haiku);
    expect(other.usage).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 0 });
  });

  it('marks the last block with cache_control of the request', async () => {
    const { client } = await echo();
    const request = { ...ask(long('word')), cache_control: { type: 'ephemeral' as const } };
    await client.messages.create(request);
    const again = await client.messages.create(request);
    expect(again.usage).toMatchObject({ input_tokens: 0, cache_creation_input_tokens: 0 });
  });

  it('rejects a fifth breakpoint, and one hour after five minutes', async () => {
    const { client } = await echo();
    const five = Array.from({ length: 5 }, () => cached('x')).flat();
    await expect(client.messages.create(ask('x', { system: five }))).rejects.toThrow('Found 5');
    const order = [...cached('x'), ...cached('y', '1h')];
    await expect(client.messages.create(ask('x', { system: order }))).rejects.toThrow('must not come after');
  });

  it('makes concurrent calls each pay the write', async () => {
    const { client } = await simulate({ latency: { kind: 'fixed', ms: 200 } });
    const answers = await Promise.all(
      ['a', 'b'].map((text) => client.messages.create(ask(text, { system: cached(long('date')) }))),
    );
    expect(answers.map(({ usage }) => usage.cache_creation_input_tokens)).toEqual([2_100, 2_100]);
    expect((await client.messages.create(ask('c', { system: cached(long('date')) }))).model).toBe(`${MODEL}-simulated`);
  });
});

describe('prompt cache over time', () => {
  const block = (prefix: string, ttl: PromptBlock['ttl']): PromptBlock => ({ prefix, ttl, tokens: 100 });

  it('expires a prefix five minutes after its last read', () => {
    let now = 0;
    const cache = new PromptCache(() => now);
    const blocks = [block('a', '5m'), block('b', null)];
    cache.plan('key', blocks, 50).commit();
    const readAt = (ms: number) => {
      now = ms;
      return cache.plan('key', blocks, 50).usage.readTokens;
    };
    expect([readAt(299_000), readAt(598_000), readAt(899_000)]).toEqual([100, 100, 0]);
  });

  it('keeps a one-hour prefix for an hour and finds it up to 20 blocks before the breakpoint', () => {
    let now = 0;
    const cache = new PromptCache(() => now);
    cache.plan('key', [block('a', '1h')], 50).commit();
    now = 3_500_000;
    const grown = (length: number) => [
      block('a', null),
      ...Array.from({ length }, (_, index) => block(`b${index}`, index === length - 1 ? '5m' : null)),
    ];
    expect(cache.plan('key', grown(20), 50).usage).toMatchObject({ readTokens: 100, write5mTokens: 2_000 });
    expect(cache.plan('key', grown(21), 50).usage).toMatchObject({ readTokens: 0, write5mTokens: 2_200 });
    expect(cache.plan('other', grown(1), 50).usage.readTokens).toBe(0);
  });
});
