import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { parseRecord, SCHEMA, storedRecord, UnreadableRecord } from '#core/stored/record.ts';
import { closedIn } from './closed.ts';
import { PARTS, RECORDS } from './schemas.ts';

describe('stored schemas', () => {
  test.each(Object.entries({ ...RECORDS, ...PARTS }))('R1: %s keeps unknown fields on every level', (_, schema) => {
    expect(closedIn(schema)).toEqual([]);
  });

  it('R1: the check finds a closed object wherever it is', () => {
    const closed = z.object({ a: z.number() });
    const schema = storedRecord({
      list: z.array(closed).optional(),
      union: z.discriminatedUnion('kind', [
        storedRecord({ kind: z.literal('a') }),
        z.strictObject({ kind: z.literal('b') }),
      ]),
      map: z.record(z.string(), z.object({})).nullable(),
    });
    expect(closedIn(schema)).toEqual(['record.list.0.0', 'record.union.1', 'record.map.0.0']);
  });

  it('are all checked: every schema that an adapter reads a body with', () => {
    const used = globSync('adapters/dynamodb/*.ts').flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/parseBody\((\w+)/g)].map(([, name = '']) => name),
    );
    const own = ['parkedSchema'];
    expect(new Set(used)).toEqual(new Set([...Object.keys(RECORDS), ...own]));
    expect(readFileSync('adapters/dynamodb/callback-store.ts', 'utf8')).toContain('parkedSchema = storedRecord(');
  });
});

describe('a schema number', () => {
  const schema = storedRecord({ id: z.string() });

  it('is optional: a record without one has the first', () => {
    expect(parseRecord(schema, { id: 'a' }, 'A')).toEqual({ id: 'a' });
    expect(parseRecord(schema, { id: 'a', schema: SCHEMA }, 'A')).toEqual({ id: 'a', schema: SCHEMA });
  });

  it('R2: that is higher makes a record unreadable, even if it would parse', () => {
    expect(() => parseRecord(schema, { id: 'a', schema: SCHEMA + 1 }, 'A')).toThrow(UnreadableRecord);
    expect(() => parseRecord(schema, { id: 'a', schema: SCHEMA + 1 }, 'A')).toThrow(/schema number is 2/);
  });

  it('R2: the error names the fields and never a value', () => {
    const wrong = { id: { secret: 'hidden' } };
    expect(() => parseRecord(schema, wrong, 'Item X')).toThrow(/^Item X cannot be read by this release: unexpected id/);
    expect(() => parseRecord(schema, wrong, 'Item X')).not.toThrow(/hidden/);
  });
});
