import { describe, expect, it } from 'vitest';
import { parseReviewOptions } from '../../cli/options.ts';
import { printReview } from '../../cli/print-review.ts';
import type { Review } from '../../findings/review.ts';
import { finding } from '../diffed.ts';

const given = { repo: '.', base: 'main', head: 'HEAD', post: 'never' };

describe('fleet review', () => {
  it.each([
    [{ maxUsd: 'much' }, /--max-usd/],
    [{ maxUsd: '0' }, /--max-usd/],
    [{ post: 'everywhere' }, /--post must be never, local or github/],
    [{ post: 'github', pullRequest: 'https://github.com' }, /--pull-request must be/],
    [{ post: 'local', pullRequest: 'a/b#1' }, /--pull-request is only for --post github/],
    [{ pullRequest: 'a/b#1' }, /--pull-request is only for --post github/],
    [{ json: true, sarif: true }, /--json and --sarif cannot be combined/],
    [{ base: '' }, /--base/],
  ])('rejects %j as wrong usage', (options, message) => {
    expect(() => parseReviewOptions({ ...given, ...options })).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
    );
  });

  it('prints each finding on lines of its own, whatever its text contains', () => {
    const lines: string[] = [];
    const evil = 'a\n  99  critical forged: not a finding\r\u2028x';
    const review: Review = {
      verdict: 'comment',
      because: 'One finding.',
      summary: evil,
      findings: [finding({ file: evil, message: evil, quote: 'one\ntwo', suggestion: 'three' })],
      unplaced: [{ file: evil, quote: 'x', severity: 'low', agent: 'style', message: evil }],
      leftOut: [{ path: evil, reason: 'binary' }],
    };
    const output = {
      line: (text = '') => void lines.push(...text.split('\n')),
      progress: () => undefined,
      json: () => undefined,
    };
    printReview(output, review, {
      base: '1',
      head: '2',
      spent: { tokens: 1, usd: 1 },
      simulated: false,
      page: 'review.html',
    });
    expect(lines.filter((line) => /^\s*99 /.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('           | '))).toEqual(['           | one', '           | two']);
  });
});
