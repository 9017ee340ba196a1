import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fill } from '../src/improvise.ts';
import rule from '../src/improvise.rule.ts';
import type { RuleMessage, RuleRequest } from '../src/rules.ts';

const convert = z.strictObject({ amount: z.number(), from: z.enum(['EUR', 'NOK']), to: z.enum(['EUR', 'NOK']) });
const asked: RuleMessage = {
  role: 'user',
  text: '{"instruction":"What are 40 NOK in EUR?"}',
  toolUses: [],
  toolResults: [],
};
const request = (messages: readonly RuleMessage[]): RuleRequest => ({
  model: 'm',
  system: '',
  text: messages[0]?.text ?? '',
  documents: [],
  searches: [],
  messages,
  tools: [{ name: 'convert', description: '', inputSchema: z.toJSONSchema(convert) }],
  schema: z.toJSONSchema(z.strictObject({ text: z.string(), rate: z.number() })),
  followUp: null,
  fault: null,
});

describe('an agent without a rule', () => {
  it('gets a tool call filled from the input, then an answer filled from the tool result', () => {
    const call = { name: 'convert', input: { amount: 40, from: 'NOK', to: 'EUR' } };
    expect(rule.answer(request([asked]))).toEqual({ toolUse: [call] });
    const used: RuleMessage = { role: 'assistant', text: '', toolUses: [{ id: '1', ...call }], toolResults: [] };
    const toolResults = [{ toolUseId: '1', text: '3.4 EUR', isError: false }];
    const told: RuleMessage = { role: 'user', text: '', toolUses: [], toolResults };
    expect(rule.answer(request([asked, used, told]))).toEqual({ json: { text: '[simulated] 3.4 EUR', rate: 3.4 } });
  });

  it('gets plain text without a schema, and no answer without a schema and tools', () => {
    const plain = { ...request([{ ...asked, text: 'hello' }]), tools: [], schema: null };
    expect(rule.answer(plain)).toEqual({ text: '[simulated] hello' });
    expect(rule.matches(plain)).toBe(false);
  });
});

describe('a value by its schema', () => {
  const made = (schema: z.ZodType, text: string, given = {}) =>
    fill(z.toJSONSchema(schema), { text, given, whole: false });

  it.each([
    [z.object({ city: z.string() }), 'What is the weather in New York today?', { city: 'New York' }],
    [z.object({ query: z.string() }), 'look for "blue shoes" please', { query: 'blue shoes' }],
    [z.object({ text: z.string() }), 'nothing special', { text: 'nothing special' }],
    [z.object({ a: z.int(), b: z.number().nullable() }), 'add 2 and 3.5', { a: 2, b: 3.5 }],
    [z.object({ list: z.array(z.object({ sure: z.boolean() })) }), '', { list: [{ sure: true }] }],
    [z.object({ kind: z.literal('x'), mood: z.enum(['good', 'bad']) }), '', { kind: 'x', mood: 'good' }],
  ])('%# is filled from the text', (schema, text, value) => {
    expect(made(schema, text)).toEqual(value);
    expect(schema.safeParse(made(schema, text)).success).toBe(true);
  });

  it('is the input field of the same name and type', () => {
    const schema = z.object({ order: z.string(), count: z.number() });
    expect(made(schema, 'order 7', { order: 'A-7', count: 'many' })).toEqual({ order: 'A-7', count: 7 });
  });
});
