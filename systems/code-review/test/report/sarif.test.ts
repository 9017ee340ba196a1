import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Review } from '../../findings/review.ts';
import { reviewJson, reviewJsonSchema } from '../../report/review-json.ts';
import { reviewSarif } from '../../report/sarif.ts';
import { finding } from '../diffed.ts';

// The schema of OASIS, from the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT).
const schema = z
  .record(z.string(), z.unknown())
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'sarif-2.1.0-rtm.5.schema.json'), 'utf8')));

const review: Review = {
  verdict: 'request-changes',
  summary: 'A summary.',
  because: '1 finding of severity high or higher.',
  findings: [
    finding({ severity: 'high', file: 'src/ü b/../a.ts', startLine: 2, line: 4, suggestion: 'b();' }),
    finding({ side: 'LEFT', also: ['security'] }),
  ],
  unplaced: [{ file: 'b.ts', quote: 'x', severity: 'low', agent: 'style', message: 'Elsewhere.' }],
  leftOut: [{ path: 'go.sum', reason: 'lock-file' }],
};
const facts = { base: '1'.repeat(40), head: '2'.repeat(40), spent: { tokens: 12, usd: 0.1 }, simulated: true };

describe('the output for tools', () => {
  it('is valid SARIF 2.1.0', () => {
    const ajv = new Ajv({ strict: false, unicodeRegExp: false });
    addFormats.default(ajv);
    // It is of draft 4 and uses nothing that later drafts changed, but for the name of its id.
    const { $schema: _draft, id: _id, ...body } = schema;
    const validate = ajv.compile(body);
    for (const each of [review, { ...review, findings: [], leftOut: [], verdict: 'not-reviewed' as const }])
      expect({ valid: validate(reviewSarif(each)), errors: validate.errors }).toEqual({ valid: true, errors: null });
    expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
  });

  it('names places in SARIF as a tool finds them', () => {
    expect(reviewSarif(review)).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'other',
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'src/%C3%BC%20b/../a.ts' },
                    region: { startLine: 2, endLine: 4 },
                  },
                },
              ],
            },
            {
              locations: [{ physicalLocation: { artifactLocation: { uri: 'a.ts' } } }],
              properties: { removedLine: 3 },
            },
          ],
        },
      ],
    });
  });

  it('is JSON that its schema names in full', () => {
    const json = reviewJson(review, facts);
    expect(z.strictObject(reviewJsonSchema.shape).parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
    expect(json.findings[0]).toMatchObject({ file: 'src/ü b/../a.ts', line: 4, side: 'RIGHT', suggestion: 'b();' });
    expect(json.findings[1]).not.toHaveProperty('suggestion');
  });
});
