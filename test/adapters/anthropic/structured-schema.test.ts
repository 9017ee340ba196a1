import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { structuredSchema } from '#adapters/anthropic/structured-schema.ts';
import { compileOutputSchema } from '@agent-fleet/simulated-claude';

const json = (schema: z.ZodType) => z.toJSONSchema(schema);

describe('a schema for structured output', () => {
  const contract = json(
    z.object({
      title: z.string().min(1).max(200),
      effectiveDate: z.iso.date().nullable(),
      pages: z.number().int().min(1),
      confidence: z.number().min(0).max(1),
      term: z.object({ months: z.number().int().optional() }),
      risks: z
        .array(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]))
        .max(9),
      severity: z.enum(['low', 'high']),
      code: z.string().regex(/^[A-Z]+$/),
    }),
  );

  it('uses only keywords that the API supports', () => {
    expect(() => compileOutputSchema(structuredSchema(contract), 'schema')).not.toThrow();
  });

  it('closes every object and keeps the required fields', () => {
    const made = structuredSchema(contract);
    expect(made).toMatchObject({
      additionalProperties: false,
      required: expect.arrayContaining(['title', 'effectiveDate']) as string[],
      properties: { term: { additionalProperties: false } },
    });
  });

  it('describes removed constraints to the model', () => {
    expect(structuredSchema(contract)).toMatchObject({
      properties: {
        title: { type: 'string', description: '{minLength: 1, maxLength: 200}' },
        confidence: { description: '{minimum: 0, maximum: 1}' },
        code: { description: expect.stringContaining('^[A-Z]+$') as string },
      },
    });
  });

  it('drops safe-integer ranges and patterns of named formats', () => {
    const text = JSON.stringify(structuredSchema(contract));
    expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER));
    expect(text).not.toContain('02-29');
    expect(structuredSchema(contract)).toMatchObject({ properties: { pages: { description: '{minimum: 1}' } } });
  });

  it('is created once per schema', () => {
    expect(structuredSchema(contract)).toBe(structuredSchema(contract));
  });

  it('keeps a property named like a keyword', () => {
    const made = structuredSchema(json(z.object({ items: z.string(), pattern: z.string(), type: z.string() })));
    expect(Object.keys(made['properties'] as object)).toEqual(['items', 'pattern', 'type']);
  });
});

describe('an unsupported schema fails permanently, with the name of the field', () => {
  it.each([
    [z.object({ byParty: z.record(z.string(), z.number()) }), 'output.byParty can have no free keys'],
    [z.object({ list: z.array(z.object({ any: z.unknown() })) }), 'output.list[].any needs a type'],
    [z.array(z.string()), 'output must be an object'],
  ])('%#', (schema, problem) => {
    expect(() => structuredSchema(json(schema))).toThrow(problem);
  });
});
