import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { ask, MODEL, rulePath, simulate } from './support.ts';

const tools = [{ name: 'weather', description: 'by city', input_schema: { type: 'object' as const } }];
const question: Anthropic.MessageParam = { role: 'user', content: 'What is the weather in Bergen' };

const thinking = (thinkingTokens = 40) => simulate({ rules: [rulePath('weather'), rulePath('echo')], thinkingTokens });

/** A tool call and its result, with what `change` makes of the turn that called it. */
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

describe('a simulator that thinks', () => {
  it('begins each answer with a sealed block, billed as output', async () => {
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

  it('streams it', async () => {
    const { client } = await thinking();
    const [first] = (await client.messages.stream(ask('hello')).finalMessage()).content;
    expect(first).toMatchObject({ type: 'thinking', signature: expect.stringContaining('.') as string });
  });

  it('does not think when told not to', async () => {
    const { client } = await thinking();
    const answer = await client.messages.create(ask('hello', { thinking: { type: 'disabled' } }));
    expect(answer.content.map(({ type }) => type)).toEqual(['text']);
  });

  it('cuts an answer that thought away its tokens', async () => {
    const { client } = await thinking(200);
    const answer = await client.messages.create(ask('hello', { max_tokens: 100 }));
    expect(answer).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 100 } });
    expect(answer.content.map(({ type }) => type)).toEqual(['thinking']);
  });

  it('goes on from a tool call that comes back as it was', async () => {
    expect((await toolLoop((content) => content)).stop_reason).toBe('end_turn');
  });

  it('refuses a tool call that comes back without its thinking', async () => {
    const bare = toolLoop((content) => content.filter(({ type }) => type !== 'thinking'));
    await expect(bare).rejects.toThrow('messages.1.content.0.type: Expected `thinking`');
  });

  it('refuses a turn that ends in thinking', async () => {
    const ended = toolLoop((content) => content.toReversed());
    await expect(ended).rejects.toThrow('messages.1: The final block in an assistant message cannot be `thinking`');
  });

  it('refuses thinking that was changed', async () => {
    const changed = toolLoop((content) =>
      content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'I know better.' } : block)),
    );
    await expect(changed).rejects.toThrow('messages.1.content.0: Invalid `signature` in `thinking` block');
  });
});
