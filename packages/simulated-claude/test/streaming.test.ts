import { describe, expect, it } from 'vitest';
import { ask, echo, ECHO_SCHEMA, rulePath, simulate, textOf } from './support.ts';

describe('streaming', () => {
  it('streams the same message in deltas', async () => {
    const { client } = await echo();
    const request = ask('word '.repeat(100).trim());
    const kinds: string[] = [];
    const stream = client.messages.stream(request).on('streamEvent', ({ type }) => kinds.push(type));
    const streamed = await stream.finalMessage();
    const whole = await client.messages.create(request);
    expect(textOf(streamed)).toBe(textOf(whole));
    expect(streamed).toMatchObject({ stop_reason: 'end_turn', usage: whole.usage });
    expect(kinds.slice(0, 2)).toEqual(['message_start', 'content_block_start']);
    expect(kinds.filter((kind) => kind === 'content_block_delta').length).toBeGreaterThan(3);
    expect(kinds.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
  });

  it('streams the input of a tool call as JSON', async () => {
    const { client } = await simulate({ rules: [rulePath('weather')] });
    const tool = { name: 'weather', input_schema: { type: 'object' as const } };
    const message = await client.messages.stream(ask('weather in Oslo', { tools: [tool] })).finalMessage();
    expect(message.content[1]).toMatchObject({ type: 'tool_use', name: 'weather', input: { city: 'Oslo' } });
    expect(message.stop_reason).toBe('tool_use');
  });

  it('spreads the deltas over the latency by tokens', async () => {
    const latency = { kind: 'by-tokens', msFirstToken: 20, msPerOutputToken: 2, spread: 0, seed: 1 } as const;
    const { client } = await simulate({ latency });
    const stamps: number[] = [];
    await client.messages
      .stream(ask('word '.repeat(80), { output_config: { format: { type: 'json_schema', schema: ECHO_SCHEMA } } }))
      .on('text', () => stamps.push(performance.now()))
      .finalMessage();
    expect((stamps.at(-1) ?? 0) - (stamps[0] ?? 0)).toBeGreaterThan(50);
  });

  it('ends a broken stream as an error', async () => {
    const { client } = await simulate({ faults: { script: ['disconnect'] } });
    await expect(client.messages.stream(ask('word '.repeat(200))).finalMessage()).rejects.toThrow(
      /terminated|Connection error|closed/,
    );
  });
});
