import { BadRequestError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ask, ECHO_SCHEMA, jsonFormat, rulePath, simulate, textOf, shareEcho } from './support.ts';

const echo = shareEcho();

describe('structured output', () => {
  it('is JSON that matches output_config.format', async () => {
    const { client } = await echo();
    const schema = z.object({ text: z.string(), pages: z.array(z.string()) });
    const request = { ...ask('hello'), output_config: { format: zodOutputFormat(schema) } };
    const message = await client.messages.parse(request);
    expect(message.parsed_output).toEqual({ text: 'hello', pages: [] });
  });

  it('is the input of a forced tool', async () => {
    const { client } = await echo();
    const tools = [{ name: 'report', input_schema: { ...ECHO_SCHEMA, required: ['text', 'pages'] } }];
    const message = await client.messages.create(
      ask('hello', { tools, tool_choice: { type: 'tool', name: 'report' } }),
    );
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'report', input: { text: 'hello', pages: [] } }]);
    expect(message.stop_reason).toBe('tool_use');
  });

  it.each([
    ['minimum', { type: 'number', minimum: 0 }, "'minimum' is not supported"],
    ['minLength', { type: 'string', minLength: 1 }, "'minLength' is not supported"],
    ['an open object', { type: 'object', properties: {} }, "'additionalProperties' must be explicitly set to false"],
    ['an unknown format', { type: 'string', format: 'iban' }, "'iban' is not supported"],
  ])('rejects a schema with %s, as the real API does', async (_, confidence, message) => {
    const { client } = await echo();
    const schema = { ...ECHO_SCHEMA, properties: { ...ECHO_SCHEMA.properties, confidence } };
    const rejected = client.messages.create(ask('hello', { output_config: jsonFormat(schema) }));
    await expect(rejected).rejects.toThrow(BadRequestError);
    await expect(rejected).rejects.toThrow(`output_config.format.schema.properties.confidence: `);
    await expect(rejected).rejects.toThrow(message);
  });

  it("fails when a rule's answer does not match the schema", async () => {
    const { client } = await simulate({ rules: [rulePath('clumsy')] });
    const unfit = client.messages.create(ask('hello', { output_config: jsonFormat() }));
    await expect(unfit).rejects.toThrow(/rule .* returned JSON that does not match the request's schema/);
    await expect(unfit).rejects.toMatchObject({ status: 500 });
  });

  it('is cut at max_tokens', async () => {
    const { client } = await echo();
    const request = ask('word '.repeat(100), { output_config: jsonFormat(), max_tokens: 10 });
    const message = await client.messages.create(request);
    expect(message.stop_reason).toBe('max_tokens');
    expect(message.usage.output_tokens).toBe(10);
    expect(() => JSON.parse(textOf(message))).toThrow(SyntaxError);
  });
});
