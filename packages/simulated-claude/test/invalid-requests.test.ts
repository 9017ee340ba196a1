import { BadRequestError } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { ask, shareEcho } from './support.ts';

const echo = shareEcho();

const ASKED = { role: 'user', content: 'hello' };
const SAID = { role: 'assistant', content: 'hi' };
const TOOLS = [{ name: 'look', input_schema: { type: 'object' } }];
const USE = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
const RESULT = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' };
const turns = (use: object, answer: readonly object[]) => [
  ASKED,
  { role: 'assistant', content: [use] },
  { role: 'user', content: answer },
];

describe('invalid requests', () => {
  it.each([
    ['a missing field', { max_tokens: undefined }, 'max_tokens: Field required'],
    ['an unknown field', { temprature: 1 }, 'temprature: Extra inputs are not permitted'],
    ['no message', { messages: [] }, 'messages: at least one message is required'],
    ['an unknown block', { messages: [{ role: 'user', content: [{ type: 'blob' }] }] }, 'messages.0.content.0.type: '],
    [
      'an empty text',
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      'messages.0.content.0.text: text content blocks must be non-empty',
    ],
    [
      'a text without a visible character',
      { messages: [{ role: 'user', content: ' \n' }] },
      'messages.0.content: text content blocks must contain non-whitespace text',
    ],
    ['an assistant first', { messages: [SAID, ASKED] }, 'first message must use the'],
    ['tool blocks without tools', { messages: turns(USE, [RESULT]) }, 'must define tools'],
    [
      'a call without a result',
      { tools: TOOLS, messages: turns(USE, [{ type: 'text', text: 'x' }]) },
      'without `tool_result`',
    ],
    [
      'a result after a text',
      { tools: TOOLS, messages: turns(USE, [{ type: 'text', text: 'x' }, RESULT]) },
      'without `tool_result`',
    ],
    ['two results of a call', { tools: TOOLS, messages: turns(USE, [RESULT, RESULT]) }, 'a single result'],
    [
      'an id used twice',
      { tools: TOOLS, messages: [...turns(USE, [RESULT]), ...turns(USE, [RESULT])] },
      '`tool_use` ids must be unique',
    ],
    [
      'an error result without content',
      { tools: TOOLS, messages: turns(USE, [{ ...RESULT, content: '', is_error: true }]) },
      'content cannot be empty if `is_error` is true',
    ],
    [
      'a lone surrogate',
      { messages: [{ role: 'user', content: 'half \ud83d' }] },
      'The request body is not valid JSON: no low surrogate in string',
    ],
    ['too many output tokens', { max_tokens: 64_001 }, 'max_tokens: 64001 > 64000'],
    ['a tool name with spaces', { tools: [{ name: 'a b', input_schema: { type: 'object' } }] }, 'tools.0.name: '],
    ['a server tool', { tools: [{ type: 'web_fetch_20260318', name: 'web_fetch' }] }, 'tools.0.type: the simulated'],
    ['a choice without tools', { tool_choice: { type: 'any' } }, 'tool_choice: may only be specified while providing'],
    ['a prefill', { messages: [{ role: 'assistant', content: 'I' }] }, 'does not support assistant message prefill'],
  ])('are rejected for %s', async (_, wrong, message) => {
    const { client } = await echo();
    const request = { ...ask('hello'), ...wrong } as Anthropic.MessageCreateParamsNonStreaming;
    const rejected = client.messages.create(request, { timeout: 60_000 });
    await expect(rejected).rejects.toThrow(BadRequestError);
    await expect(rejected).rejects.toThrow(message);
  });

  it('are rejected for a body that is not valid JSON', async () => {
    const { url } = await echo();
    const headers = { 'x-api-key': 'any', 'anthropic-version': '2023-06-01' };
    const response = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body: '{' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });

  it('are rejected for a prompt that exceeds the context window', async () => {
    const { client } = await echo();
    const rejected = client.messages.create(ask('x'.repeat(900_000), { model: 'claude-haiku-4-5' }));
    await expect(rejected).rejects.toThrow('prompt is too long: 225004 tokens > 200000 maximum');
  });
});
