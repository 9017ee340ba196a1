import { BadRequestError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ask, echo, ECHO_SCHEMA, jsonFormat, rulePath, simulate, textOf } from './support.ts';

describe('structured output', () => {
  it('answers JSON that fits output_config.format', async () => {
    const { client } = await echo();
    const schema = z.object({ text: z.string(), pages: z.array(z.string()) });
    const request = { ...ask('hello'), output_config: { format: zodOutputFormat(schema) } };
    const message = await client.messages.parse(request);
    expect(message.parsed_output).toEqual({ text: 'hello', pages: [] });
  });

  it('answers as the input of a forced tool', async () => {
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
    ['a format it does not know', { type: 'string', format: 'iban' }, "'iban' is not supported"],
  ])('refuses a schema with %s, as the real API does', async (_, confidence, message) => {
    const { client } = await echo();
    const schema = { ...ECHO_SCHEMA, properties: { ...ECHO_SCHEMA.properties, confidence } };
    const refused = client.messages.create(ask('hello', { output_config: jsonFormat(schema) }));
    await expect(refused).rejects.toThrow(BadRequestError);
    await expect(refused).rejects.toThrow(`output_config.format.schema.properties.confidence: `);
    await expect(refused).rejects.toThrow(message);
  });

  it('lets no rule answer what the schema does not allow', async () => {
    const { client } = await simulate({ rules: [rulePath('clumsy')] });
    const unfit = client.messages.create(ask('hello', { output_config: jsonFormat() }));
    await expect(unfit).rejects.toThrow(/rule .* answered what does not fit the request's schema/);
    await expect(unfit).rejects.toMatchObject({ status: 500 });
  });

  it('cuts the JSON at max_tokens', async () => {
    const { client } = await echo();
    const request = ask('word '.repeat(100), { output_config: jsonFormat(), max_tokens: 10 });
    const message = await client.messages.create(request);
    expect(message.stop_reason).toBe('max_tokens');
    expect(message.usage.output_tokens).toBe(10);
    expect(() => JSON.parse(textOf(message))).toThrow(SyntaxError);
  });
});
