import { describe, expect, it } from 'vitest';
import { anthropicModel, type AnthropicModelOptions } from '#adapters/anthropic/model.ts';
import type { ModelRequest } from '#core/ports/model.ts';
import { LOOKUP, sampleRequest } from '../../contract/model.contract.ts';
import { sendJson, stubApi } from '../support/stub-api.ts';

const message = (change: object = {}) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5-20261001',
  content: [{ type: 'text', text: '{}' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 300, cache_creation_input_tokens: 40 },
  ...change,
});

/** Sends a request, and returns what was sent and the parsed response. */
async function call(
  change: Partial<ModelRequest> = {},
  answer: object = {},
  options: Pick<AnthropicModelOptions, 'effort'> = {},
) {
  const api = await stubApi((response) => sendJson(response, 200, message(answer), { 'request-id': 'req_1' }));
  const model = anthropicModel({ apiKey: 'k', baseURL: api.url, ...options });
  const answered = await model.invoke(sampleRequest(change));
  const [sent] = api.requests;
  return { answered, headers: sent?.headers ?? {}, body: JSON.parse(sent?.body ?? '') as Record<string, unknown> };
}

describe('the request', () => {
  it('names its step and disables the server’s retries', async () => {
    const { headers } = await call({ stepId: 'analyst-ä/3' });
    expect(headers).toMatchObject({ 'x-step-id': 'analyst-%C3%A4/3', 'x-stainless-retry-count': '0' });
  });

  it('caches the system prompt and the tools before it', async () => {
    const { body } = await call();
    expect(body['system']).toEqual([
      { type: 'text', text: 'You read contracts and answer in JSON.', cache_control: { type: 'ephemeral' } },
    ]);
    expect(body).not.toHaveProperty('tools');
    expect(body).not.toHaveProperty('cache_control');
  });

  it('caches what a part shares with other calls', async () => {
    const content = [
      { type: 'text', text: 'A diff.', isShared: true } as const,
      { type: 'text', text: 'Look.' } as const,
    ];
    const { body } = await call({ messages: [{ role: 'user', content }] });
    const sent = [
      { type: 'text', text: 'A diff.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Look.' },
    ];
    expect(body['messages']).toEqual([{ role: 'user', content: sent }]);
  });

  it('also caches the conversation if there are tools, because it is sent again', async () => {
    const { body } = await call({ tools: [LOOKUP] });
    expect(body['tools']).toMatchObject([{ name: 'lookup', input_schema: { type: 'object', required: ['company'] } }]);
    expect(body['cache_control']).toEqual({ type: 'ephemeral' });
  });

  it('sends documents as base64, even from a view into a larger buffer', async () => {
    const bytes = new Uint8Array(new TextEncoder().encode('..%PDF-1.7..').buffer, 2, 8);
    const document = { type: 'document', mediaType: 'application/pdf', bytes, pages: 1, textBytes: 0 } as const;
    const { body } = await call({ messages: [{ role: 'user', content: [document] }] });
    const data = Buffer.from('%PDF-1.7').toString('base64');
    const source = { type: 'base64', media_type: 'application/pdf', data };
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'document', source }] }]);
  });

  it('drops empty texts, and fills a turn that has nothing else', async () => {
    const text = (value: string) => ({ type: 'text', text: value }) as const;
    const { body } = await call({
      messages: [
        { role: 'user', content: [text('hello'), text(' ')] },
        { role: 'assistant', content: [text('')] },
        { role: 'user', content: [text('again')] },
      ],
    });
    expect(body['messages']).toEqual([
      { role: 'user', content: [text('hello')] },
      { role: 'assistant', content: [text('(no answer)')] },
      { role: 'user', content: [text('again')] },
    ]);
  });

  it('contains the output schema in the form that the API supports', async () => {
    const { body } = await call();
    expect(body['output_config']).toMatchObject({
      format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } },
    });
    expect(JSON.stringify(body['output_config'])).not.toContain('"maxLength"');
  });
});

describe('the effort', () => {
  const effortOf = async (options: Pick<AnthropicModelOptions, 'effort'>) =>
    ((await call({}, {}, options)).body['output_config'] as Record<string, unknown>)['effort'];

  it('is low by default, because thinking is billed and counts toward the limit', async () => {
    expect(await effortOf({})).toBe('low');
    expect(await effortOf({ effort: 'high' })).toBe('high');
    expect(await effortOf({ effort: null })).toBeUndefined();
  });
});

describe('the answer', () => {
  it('has the usage in the core’s counters, and the provider’s ids', async () => {
    const { answered } = await call();
    expect(answered.usage).toEqual({ input: 10, output: 5, cacheRead: 300, cacheWrite: 40 });
    expect(answered).toMatchObject({ model: 'claude-haiku-5-5-20261001', requestId: 'req_1' });
  });

  it('counts missing cache usage as zero', async () => {
    const usage = { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: null };
    expect((await call({}, { usage })).answered.usage).toEqual({ input: 1, output: 2, cacheRead: 0, cacheWrite: 0 });
  });

  it.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['tool_use', 'tool-use'],
    ['max_tokens', 'max-tokens'],
    ['model_context_window_exceeded', 'max-tokens'],
    ['refusal', 'refusal'],
  ])('maps the stop reason %s to %s', async (reason, expected) => {
    expect((await call({}, { stop_reason: reason })).answered.stopReason).toBe(expected);
  });

  it('contains its thinking, which is sent back unchanged, including unknown fields', async () => {
    const thinking = { type: 'thinking', thinking: '', signature: 's', later: 1 };
    const redacted = { type: 'redacted_thinking', data: 'd' };
    const use = { type: 'tool_use', id: 'toolu_1', name: 'lookup', input: {} };
    const { answered } = await call({}, { content: [thinking, use, redacted], stop_reason: 'tool_use' });
    expect(answered.content.map(({ type }) => type)).toEqual(['thinking', 'tool-use', 'thinking']);
    const { body } = await call({ messages: [{ role: 'assistant', content: answered.content }] });
    expect(body['messages']).toEqual([{ role: 'assistant', content: [thinking, use, redacted] }]);
  });

  it('with only thinking gets a text appended when it is sent back', async () => {
    const thinking = { type: 'thinking', thinking: '', signature: 's' };
    const { answered } = await call({}, { content: [thinking], stop_reason: 'max_tokens' });
    const { body } = await call({ messages: [{ role: 'assistant', content: answered.content }] });
    expect(body['messages']).toEqual([
      { role: 'assistant', content: [thinking, { type: 'text', text: '(no answer)' }] },
    ]);
  });
});
