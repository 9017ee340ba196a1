import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { anthropicDoor } from '../src/doors/anthropic.ts';
import { sendEvents } from '../src/message-stream.ts';
import { ask, ECHO_SCHEMA, rulePath, simulate, textOf, shareEcho } from './support.ts';

const echo = shareEcho();

describe('streaming', () => {
  it('sends the same message in deltas', async () => {
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

  it('sends the input of a tool call as JSON', async () => {
    const { client } = await simulate({ rules: [rulePath('weather')] });
    const tool = { name: 'weather', input_schema: { type: 'object' as const } };
    const message = await client.messages.stream(ask('weather in Oslo', { tools: [tool] })).finalMessage();
    expect(message.content[1]).toMatchObject({ type: 'tool_use', name: 'weather', input: { city: 'Oslo' } });
    expect(message.stop_reason).toBe('tool_use');
  });

  it('sends the last delta at the time of the last token', async () => {
    const latency = { kind: 'by-tokens', msFirstToken: 20, msPerOutputToken: 2, spread: 0, seed: 1 } as const;
    const { client } = await simulate({ latency });
    const start = performance.now();
    const request = ask('word '.repeat(80), {
      output_config: { format: { type: 'json_schema', schema: ECHO_SCHEMA } },
    });
    const { usage } = await client.messages.stream(request).finalMessage();
    expect(performance.now() - start).toBeGreaterThan(20 + 2 * usage.output_tokens);
  });

  it('spreads the events evenly from the first token to the last', async () => {
    const due: number[] = [];
    const events = ['a', 'b', 'c', 'd', 'e'].map((type) => ({ type }));
    const written: string[] = [];
    const response = { writeHead() {}, write: (text: string) => written.push(text), end() {} };
    await sendEvents(anthropicDoor('/v1/messages', []), response as unknown as ServerResponse, {}, events, {
      until: async (ms) => void due.push(ms),
      timing: { firstTokenMs: 20, lastTokenMs: 220 },
      breakOff: false,
    });
    expect(due).toEqual([20, 70, 120, 170, 220]);
    expect(written).toHaveLength(5);
  });

  it('fails when the connection breaks', async () => {
    const { client } = await simulate({ faults: { script: ['disconnect'] } });
    await expect(client.messages.stream(ask('word '.repeat(200))).finalMessage()).rejects.toThrow(
      /terminated|Connection error|closed/,
    );
  });
});
