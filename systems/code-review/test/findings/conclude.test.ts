import { describe, expect, it } from 'vitest';
import { severitySchema } from '../../findings/finding.ts';
import { mergeFindings } from '../../findings/merge.ts';
import { conclude, policySchema, type Coverage } from '../../findings/verdict.ts';
import { finding } from '../diffed.ts';

const whole: Coverage = { files: 3, leftOut: [], notReviewed: false };
const verdict = (severities: readonly string[], coverage: Partial<Coverage> = {}, policy: object = {}) => {
  const findings = severities.map((severity) => finding({ severity: severitySchema.parse(severity) }));
  return conclude({ findings, unplaced: [] }, { ...whole, ...coverage }, policySchema.parse(policy)).verdict;
};

describe('the verdict', () => {
  it.each([
    [[], 'approve'],
    [['low', 'low'], 'approve'],
    [['medium'], 'comment'],
    [['low', 'high'], 'request-changes'],
    [['critical'], 'request-changes'],
  ])('of findings %j is %s', (severities, expected) => {
    expect(verdict(severities)).toBe(expected);
  });

  it('is never an approval of what was not read in full, unless the policy permits that reason', () => {
    const leftOut = [{ path: 'go.sum', reason: 'lock-file' as const }];
    expect(verdict([], { leftOut })).toBe('comment');
    expect(verdict(['high'], { leftOut })).toBe('request-changes');
    expect(verdict([], { leftOut }, { approveWithout: ['lock-file'] })).toBe('approve');
    const failed = [...leftOut, { path: 'a.ts', reason: 'not-reviewed' as const }];
    expect(verdict([], { leftOut: failed }, { approveWithout: ['lock-file'] })).toBe('comment');
  });

  it('is a comment without lines to read, and not-reviewed when no specialist finished', () => {
    expect(verdict([], { files: 0 })).toBe('comment');
    expect(verdict(['critical'], { notReviewed: true })).toBe('not-reviewed');
  });

  it('follows the policy', () => {
    expect(verdict(['critical'], {}, { requestChangesAt: null })).toBe('comment');
    expect(verdict(['medium'], {}, { requestChangesAt: 'medium' })).toBe('request-changes');
    expect(verdict(['medium'], {}, { approveUpTo: 'medium' })).toBe('approve');
    expect(verdict(['low'], {}, { approveUpTo: null })).toBe('comment');
    expect(verdict([], {}, { approve: false })).toBe('comment');
  });
});

describe('a finding without a place', () => {
  const concluded = (severity: string, policy: object = {}) => {
    const unplaced = [finding({ severity: severitySchema.parse(severity) })];
    return conclude({ findings: [], unplaced }, whole, policySchema.parse(policy));
  };

  it.each([
    ['low', {}, 'approve', 'Only minor findings.'],
    ['low', { approveUpTo: null }, 'comment', '1 finding to consider.'],
    ['medium', {}, 'comment', '1 finding to consider.'],
    ['medium', { approveUpTo: 'medium' }, 'approve', 'Only minor findings.'],
    ['critical', {}, 'comment', '1 finding to consider.'],
  ])('of severity %s, by the policy %j: %s', (severity, policy, verdict, because) => {
    expect(concluded(severity, policy)).toEqual({ verdict, because });
  });
});

describe('findings of several specialists', () => {
  it('are one when their lines overlap and they name the same rule; the strongest speaks', () => {
    const a = finding({ agent: 'style', rule: 'swallowed-error', severity: 'low', confidence: 0.9, line: 5 });
    const b = finding({
      agent: 'logic',
      rule: 'swallowed-error',
      severity: 'high',
      startLine: 4,
      line: 6,
      message: 'Lost.',
    });
    expect(mergeFindings([a, b])).toEqual([{ ...b, confidence: 0.9, also: ['style'] }]);
    expect(mergeFindings([b, a])).toEqual(mergeFindings([a, b]));
  });

  it('are one when they say nearly the same in other rules', () => {
    const a = finding({ agent: 'security', message: 'The query is built from user input, so it can be injected.' });
    const b = finding({
      agent: 'logic',
      rule: 'wrong-result',
      message: 'The query is built from the user input and can be injected.',
    });
    expect(mergeFindings([a, b])).toHaveLength(1);
  });

  it('stay apart on other lines, sides or files, and when they mean different defects', () => {
    const one = finding({ rule: 'missing-await' });
    const others = [{ line: 9 }, { side: 'LEFT' as const }, { file: 'b.ts' }].map((fields) => ({
      ...one,
      startLine: 9,
      ...fields,
    }));
    const other = finding({ rule: 'naming', message: 'Write this name in camelCase, as the file does.' });
    expect(mergeFindings([one, other])).toHaveLength(2);
    for (const each of others) expect(mergeFindings([one, each])).toHaveLength(2);
  });

  it('suggest one change for overlapping lines: the strongest finding’s', () => {
    const strong = finding({ rule: 'missing-await', severity: 'high', suggestion: 'await a();' });
    const weak = finding({ rule: 'naming', message: 'Name it b.', suggestion: 'b();' });
    const merged = mergeFindings([weak, strong]);
    expect(merged.map(({ suggestion }) => suggestion)).toEqual(['await a();', undefined]);
  });
});
