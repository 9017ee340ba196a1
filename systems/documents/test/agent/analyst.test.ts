import { describe, expect, it } from 'vitest';
import { contractAnalyst } from '../../agents/contract-analyst.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { CLAUSE, makePdf, scan, text } from '../pdf/support.ts';
import { contract } from './support.ts';

const STRICT = { acceptScans: false };

async function prepared() {
  const artifacts = inMemoryArtifacts();
  const bytes = await makePdf([text('Mutual NDA'), text(CLAUSE)]);
  await artifacts.put({ bucket: 'b', key: 'nda.pdf' }, bytes, 'application/pdf');
  const input = { object: { bucket: 'b', key: 'nda.pdf', size: bytes.length } };
  return { bytes, ...(await contractAnalyst.prepare(input, { artifacts, tenant: 'acme' }, STRICT)) };
}

describe('the contract analyst', () => {
  it('sends the model the PDF, with the sizes that limit its tokens', async () => {
    const { bytes, content } = await prepared();
    expect(content).toEqual([
      { type: 'document', mediaType: 'application/pdf', bytes, pages: 2, textBytes: expect.any(Number) },
      { type: 'text', text: 'Analyse this contract. The PDF has 2 pages.' },
    ]);
  });

  it('passes an answer whose quotes are in the PDF', async () => {
    const { context } = await prepared();
    const answer = contract({ clauses: [{ kind: 'termination', quote: CLAUSE, page: 2 }] });
    expect(contractAnalyst.judge(answer, context)).toEqual({ ok: true, output: answer, warnings: [], unsure: null });
  });

  it('fails a quote that is not, and salvages the rest of the answer', async () => {
    const { context } = await prepared();
    const made = { kind: 'liability', quote: 'Liability is unlimited.', page: 1 } as const;
    expect(contractAnalyst.judge(contract({ clauses: [made] }), context)).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('does not occur')],
      salvaged: { output: { clauses: [{ ...made, verified: false }] } },
    });
  });

  it.each([
    ['an invalid date', { effectiveDate: '2026-02-30' }, 'effectiveDate'],
    ['a page before the first', { clauses: [{ kind: 'term', quote: 'x', page: 0 }] }, 'clauses.0.page'],
    ['an unknown kind', { clauses: [{ kind: 'weather', quote: 'x', page: 1 }] }, 'clauses.0.kind'],
    ['too much confidence', { confidence: 90 }, 'confidence'],
  ])('rejects %s and names the field', async (_, part, field) => {
    const { context } = await prepared();
    expect(contractAnalyst.judge({ ...contract(), ...part }, context)).toMatchObject({
      ok: false,
      problems: [expect.stringContaining(`${field}: `)],
      salvaged: null,
    });
  });

  it('rejects more than 24 MB by the size alone, without reading the file', async () => {
    const input = { object: { bucket: 'b', key: 'not-there.pdf', size: 24_000_000 } };
    await expect(
      contractAnalyst.prepare(input, { artifacts: inMemoryArtifacts(), tenant: 'acme' }, STRICT),
    ).rejects.toMatchObject({
      failure: {
        kind: 'permanent',
        reason: expect.stringMatching(/^too-large: .*24\.0 MB.*at most 23\.8 MB, because/),
      },
    });
  });

  it('uses only what structured output supports', () => {
    const supported = new Set([
      'type',
      'properties',
      'required',
      'additionalProperties',
      'items',
      'enum',
      'anyOf',
      'format',
      'description',
      '$schema',
    ]);
    expect([...keywords(contractAnalyst.outputSchema)].filter((keyword) => !supported.has(keyword))).toEqual([]);
  });
});

describe('a scan among the pages', () => {
  async function preparedScan(acceptScans: boolean) {
    const artifacts = inMemoryArtifacts();
    const bytes = await makePdf([text(CLAUSE), scan]);
    await artifacts.put({ bucket: 'b', key: 'scan.pdf' }, bytes, 'application/pdf');
    const input = { object: { bucket: 'b', key: 'scan.pdf', size: bytes.length } };
    return contractAnalyst.prepare(input, { artifacts, tenant: 'acme' }, { acceptScans });
  }

  it('is rejected, unless the fleet reads scans', async () => {
    await expect(preparedScan(false)).rejects.toMatchObject({
      failure: { reason: expect.stringContaining('page 2: pictures without text') },
    });
  });

  it('is read by the model, and its quotes are marked', async () => {
    const { content, context } = await preparedScan(true);
    expect(content[1]).toMatchObject({ text: expect.stringContaining('Page 2 has no text layer') });
    const read = { kind: 'termination', quote: CLAUSE, page: 1 } as const;
    const seen = { kind: 'liability', quote: 'Liability is unlimited.', page: 2 } as const;
    expect(contractAnalyst.judge(contract({ clauses: [read, seen] }), context)).toMatchObject({
      ok: true,
      output: { clauses: [read, { ...seen, verified: false, unverifiedBecause: 'scanned' }] },
      warnings: [expect.stringContaining('read page 2 as pictures')],
    });
  });

  it('a quote that is on no page with text is still refused there', async () => {
    const { context } = await preparedScan(true);
    const made = { kind: 'liability', quote: 'Liability is unlimited.', page: 1 } as const;
    expect(contractAnalyst.judge(contract({ clauses: [made] }), context)).toMatchObject({ ok: false });
  });
});

/** Every keyword of a schema. Property names are not keywords. */
function keywords(schema: unknown): Set<string> {
  if (Array.isArray(schema)) return new Set(schema.flatMap((one) => [...keywords(one)]));
  if (typeof schema !== 'object' || schema === null) return new Set();
  return new Set(
    Object.entries(schema).flatMap(([key, value]) =>
      key === 'properties' ? [key, ...keywords(Object.values(value as object))] : [key, ...keywords(value)],
    ),
  );
}
