import { describe, expect, it } from 'vitest';
import { assistant } from '../agents/assistant.ts';
import { arithmeticIn } from '../simulated-claude/arithmetic.ts';
import rule from '../simulated-claude/assistant.rule.ts';

const schema = { properties: { text: {} } };

/** The simulated Claude's answer to the last instruction of a session. It must match the agent's output schema. */
function ask(...instructions: string[]): string {
  const messages = instructions.map((text) => ({ role: 'user', text }));
  const request = { messages, tools: [], schema };
  expect(rule.matches(request)).toBe(true);
  const judged = assistant.judge(rule.answer(request).json, undefined);
  if (!judged.ok) throw new Error(judged.problems.join());
  return (judged.output as { text: string }).text;
}

describe('the assistant', () => {
  it('uses Claude Opus with 1,024 output tokens and no tools', () => {
    expect(assistant).toMatchObject({ tier: 'deep', maxOutputTokens: 1_024, tools: [] });
  });

  it('sends the instruction to the model unchanged', async () => {
    const artifacts = {} as Parameters<typeof assistant.prepare>[1]['artifacts'];
    const { content } = await assistant.prepare({ instruction: 'Say hello.' }, { artifacts, tenant: 'acme' });
    expect(content).toEqual([{ type: 'text', text: 'Say hello.' }]);
    await expect(assistant.prepare({ instruction: '' }, { artifacts, tenant: 'acme' })).rejects.toThrow('instruction');
  });
});

describe('the simulated assistant', () => {
  it('says that it is a simulation, and repeats the instruction', () => {
    expect(ask('Write a poem\nabout queues.')).toBe('[simulated] You ask, in 5 words: “Write a poem about queues.”.');
  });

  it.each([
    ['What is 12 * 7?', '12 * 7 = 84'],
    ['What is 3 plus 4 times 5?', '3 + 4 * 5 = 23'],
    ['Compute (1.5 + 2.5) / -2 for me.', '(1.5 + 2.5) / -2 = -2'],
    ['0.1 + 0.2', '0.1 + 0.2 = 0.3'],
    ['12 x 12', '12 * 12 = 144'],
  ])('calculates: %s', (instruction, answer) => {
    expect(ask(instruction)).toBe(`[simulated] ${answer}`);
  });

  it.each(['1 / 0', 'We met on the 3rd.', 'Due on 2026-11-25.', 'Call 555 1234', '(1 + 2', ''])(
    'finds no sum in: %s',
    (text) => {
      expect(arithmeticIn(text)).toBeNull();
    },
  );

  it('recalls the newest fact from the session’s earlier turns', () => {
    const told = ['My name is Ada.', 'No, my name is Grace. My favourite colours are red and green!'];
    expect(ask(...told, 'What is my name?')).toBe('[simulated] Your name is Grace.');
    expect(ask(...told, 'What was my favourite colours?')).toBe('[simulated] Your favourite colours is red and green.');
    expect(ask('What is my name?')).toBe('[simulated] You have not told me your name in this session.');
    expect(ask('Hello.', 'What did I say?')).toBe('[simulated] You said: “Hello.”.');
    expect(ask('Hello.', 'Go on.')).toContain('It follows 1 earlier turn of the session.');
  });

  it('leaves requests of other agents to their rules', () => {
    const messages = [{ role: 'user', text: 'hi' }];
    expect(rule.matches({ messages, tools: [{}], schema })).toBe(false);
    expect(rule.matches({ messages, tools: [], schema: { properties: { text: {}, more: {} } } })).toBe(false);
    expect(rule.matches({ messages, tools: [], schema: null })).toBe(false);
  });
});
