import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { ask, MODEL, rulePath, simulate, textOf, shareEcho } from './support.ts';

const echo = shareEcho();

const tools = [{ name: 'weather', description: 'by city', input_schema: { type: 'object' as const } }];

describe('tools', () => {
  it('are called, and the answer continues with the result', async () => {
    const { client } = await simulate({ rules: [rulePath('weather'), rulePath('echo')] });
    const question: Anthropic.MessageParam = { role: 'user', content: 'What is the weather in Bergen' };
    const call = await client.messages.create(ask('', { tools, messages: [question] }));
    expect(call.stop_reason).toBe('tool_use');
    const use = call.content.find((block) => block.type === 'tool_use');
    expect(use).toMatchObject({ name: 'weather', input: { city: 'Bergen' } });
    const result = { type: 'tool_result' as const, tool_use_id: use?.id ?? '', content: 'raining' };
    const messages: Anthropic.MessageParam[] = [
      question,
      { role: 'assistant', content: call.content },
      { role: 'user', content: [result] },
    ];
    const answer = await client.messages.create({ model: MODEL, max_tokens: 100, tools, messages });
    expect(textOf(answer)).toBe('It is raining.');
    expect(answer.stop_reason).toBe('end_turn');
  });

  it('need a result for each call', async () => {
    const { client } = await echo();
    const use = { type: 'tool_use' as const, id: 'toolu_1', name: 'weather', input: {} };
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: [use] },
      { role: 'user', content: 'well?' },
    ];
    const rejected = client.messages.create({ model: MODEL, max_tokens: 100, tools, messages });
    await expect(rejected).rejects.toThrow('`tool_use` ids were found without `tool_result` blocks');
  });

  it('cannot be forced if they are not in the request', async () => {
    const { client } = await echo();
    const request = ask('hello', { tools, tool_choice: { type: 'tool', name: 'radar' } });
    await expect(client.messages.create(request)).rejects.toThrow("Tool 'radar' not found");
  });
});
