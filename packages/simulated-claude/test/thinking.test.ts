import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { ask, MODEL, rulePath, simulate } from './support.ts';

const tools = [{ name: 'weather', description: 'by city', input_schema: { type: 'object' as const } }];
const question: Anthropic.MessageParam = { role: 'user', content: 'What is the weather in Bergen' };

const thinking = (thinkingTokens = 40) => simulate({ rules: [rulePath('weather'), rulePath('echo')], thinkingTokens });

/** Calls a tool and sends its result back, after `change` has edited the turn with the tool call. */
async function toolLoop(change: (content: Anthropic.ContentBlockParam[]) => Anthropic.ContentBlockParam[]) {
  const { client } = await thinking();
  const call = await client.messages.create(ask('', { tools, messages: [question] }));
  const id = call.content.find((block) => block.type === 'tool_use')?.id ?? '';
  const messages: Anthropic.MessageParam[] = [
    question,
    { role: 'assistant', content: change(call.content) },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'raining' }] },
  ];
  return client.messages.create({ model: MODEL, max_tokens: 100, tools, messages });
}

describe('thinking', () => {
  it('starts each answer with a signed block, billed as output', async () => {
    const plain = await (await simulate()).client.messages.create(ask('hello'));
    const { client } = await thinking();
    const thought = await client.messages.create(ask('hello'));
    expect(thought.content[0]).toMatchObject({
      type: 'thinking',
      thinking: '',
      signature: expect.any(String) as string,
    });
    expect(thought.content.slice(1)).toEqual(plain.content);
    expect(thought.usage.output_tokens).toBe(plain.usage.output_tokens + 40);
    expect(thought.usage.input_tokens).toBe(plain.usage.input_tokens);
  });

  it('is streamed', async () => {
    const { client } = await thinking();
    const [first] = (await client.messages.stream(ask('hello')).finalMessage()).content;
    expect(first).toMatchObject({ type: 'thinking', signature: expect.stringContaining('.') as string });
  });

  it('is off when the request disables it', async () => {
    const { client } = await thinking();
    const answer = await client.messages.create(ask('hello', { thinking: { type: 'disabled' } }));
    expect(answer.content.map(({ type }) => type)).toEqual(['text']);
  });

  it('can use up max_tokens, which cuts the answer', async () => {
    const { client } = await thinking(200);
    const answer = await client.messages.create(ask('hello', { max_tokens: 100 }));
    expect(answer).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 100 } });
    expect(answer.content.map(({ type }) => type)).toEqual(['thinking']);
  });

  it('continues after a tool call that comes back unchanged', async () => {
    expect((await toolLoop((content) => content)).stop_reason).toBe('end_turn');
  });

  it('is required when a tool call comes back', async () => {
    const bare = toolLoop((content) => content.filter(({ type }) => type !== 'thinking'));
    await expect(bare).rejects.toThrow('messages.1.content.0.type: Expected `thinking`');
  });

  it('must not be the end of a turn', async () => {
    const ended = toolLoop((content) => content.toReversed());
    await expect(ended).rejects.toThrow('messages.1: The final block in an assistant message cannot be `thinking`');
  });

  it('must come back unchanged', async () => {
    const changed = toolLoop((content) =>
      content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'I know better.' } : block)),
    );
    await expect(changed).rejects.toThrow('messages.1.content.0: Invalid `signature` in `thinking` block');
  });
});
