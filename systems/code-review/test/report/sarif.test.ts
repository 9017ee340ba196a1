import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Review } from '../../findings/review.ts';
import { reviewJson, reviewJsonSchema, reviewJsonSchemaFile, type ReviewJson } from '../../report/review-json.ts';
import { reviewSarif } from '../../report/sarif.ts';
import { printReview } from '../../cli/print-review.ts';
import { diffed, finding } from '../diffed.ts';
import { reviewOffline } from '../offline.ts';
import { jsonErrors, jsonSchema, sarifErrors } from './schemas.ts';

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
    for (const each of [review, { ...review, findings: [], leftOut: [], verdict: 'not-reviewed' as const }])
      expect(sarifErrors(reviewSarif(each))).toBeNull();
    expect(sarifErrors({ version: '2.1.0', runs: [{ results: [{}] }] })).not.toBeNull();
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
              fixes: [
                {
                  artifactChanges: [
                    {
                      artifactLocation: { uri: 'src/%C3%BC%20b/../a.ts' },
                      replacements: [
                        { deletedRegion: { startLine: 2, endLine: 4 }, insertedContent: { text: 'b();' } },
                      ],
                    },
                  ],
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

  it('is JSON that its schema file allows, which is as `npm run docs:review` writes it', () => {
    expect(jsonSchema).toEqual(JSON.parse(JSON.stringify(reviewJsonSchemaFile())));
    const json = JSON.parse(JSON.stringify(reviewJson(review, facts))) as ReviewJson;
    for (const each of [json, { ...json, findings: [] }, { ...json, laterField: 1 }])
      expect(jsonErrors(each)).toBeNull();
    const { verdict: _, ...without } = json;
    const [first, ...others] = json.findings;
    for (const wrong of [
      without,
      { ...json, verdict: 'fine' },
      { ...json, findings: [{ ...first, line: 0 }, ...others] },
    ])
      expect(jsonErrors(wrong)).not.toBeNull();
  });

  it('is JSON that its schema names in full', () => {
    const json = reviewJson(review, facts);
    expect(z.strictObject(reviewJsonSchema.shape).parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
    expect(json.findings[0]).toMatchObject({ file: 'src/ü b/../a.ts', line: 4, side: 'RIGHT', suggestion: 'b();' });
    expect(json.findings[1]).not.toHaveProperty('suggestion');
  });

  it('is JSON with each suggestion that the terminal shows after `>`', async () => {
    const files = [diffed('src/a.ts', ['+for (let i = 0; i <= items.length; i += 1) use(items[i]);', '+eval(text);'])];
    const reviewed = await reviewOffline({ files, hasTests: false });
    const printed: string[] = [];
    const output = { line: (text = '') => void printed.push(text), progress: () => undefined, json: () => undefined };
    printReview(output, reviewed, { ...facts, page: 'review.html' });
    const shown = printed.filter((line) => /^ +> /.test(line)).map((line) => line.replace(/^ +> /, ''));
    expect(shown).toEqual(['for (let i = 0; i < items.length; i += 1) use(items[i]);']);
    const { findings } = JSON.parse(JSON.stringify(reviewJson(reviewed, facts))) as ReviewJson;
    expect(findings.flatMap(({ suggestion }) => suggestion ?? [])).toEqual(shown);
  });
});
