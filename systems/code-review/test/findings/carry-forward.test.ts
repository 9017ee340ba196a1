import { describe, expect, it } from 'vitest';
import type { DiffedFile } from '../../change/changed-file.ts';
import { limitsSchema, planReview } from '../../change/plan.ts';
import { readBefore } from '../../findings/carry-forward.ts';
import { keysOf } from '../../findings/key.ts';
import { recordOf } from '../../findings/record-review.ts';
import { readReviewRecord, rulesDigest, type ReviewRecord } from '../../findings/review-record.ts';
import { concludeReview, type Part } from '../../findings/review.ts';
import { locate } from '../../findings/locate.ts';
import { policySchema } from '../../findings/verdict.ts';
import type { Finding } from '../../findings/finding.ts';
import { SPECIALISTS } from '../../findings/finding.ts';
import { diffed, finding } from '../diffed.ts';

const policy = policySchema.parse({});
const RULES = rulesDigest({ policy, agents: { 'review-logic': '1' }, guidance: null });

type Found = Pick<Finding, 'path' | 'quote'> &
  Partial<Finding> & {
    /** The file that it names. @default its path */
    readonly names?: string;
  };

interface Reading {
  readonly earlier?: ReviewRecord | null;
  /** What the logic specialist finds in the files that it reads. */
  readonly finds?: readonly Found[];
  /** Files whose reading fails for logic. */
  readonly fails?: readonly string[];
  /** Whether it fails for all specialists. */
  readonly allFail?: boolean;
  readonly files?: number;
  readonly rules?: string;
  /** The files' content at head. */
  readonly content?: string;
}

/** One review after another of a pull request, without a model. */
function review(files: readonly DiffedFile[], reading: Reading = {}) {
  const { earlier = null, finds = [], fails = [], allFail = false, rules = RULES } = reading;
  const limits = limitsSchema.parse({ ...(reading.files !== undefined && { files: reading.files }) });
  const plan = planReview(files, limits, () => reading.content, readBefore(earlier, rules));
  const parts = plan.files.flatMap((file): Part[] => {
    const { path, status, hunks } = file;
    return SPECIALISTS.map((agent) => {
      const unit = [{ path, status, hunks }];
      if (fails.includes(path) && (agent === 'logic' || allFail)) return { agent, unit, output: null };
      const own = agent === 'logic' ? finds.filter((each) => each.path === path) : [];
      const findings = own.map(({ names, ...each }) => {
        const place = locate(unit, { side: 'new', ...each });
        const base = {
          side: 'new',
          rule: 'wrong-result',
          severity: 'high',
          confidence: 0.9,
          suggestion: null,
        } as const;
        const path = names ?? each.path;
        return { ...base, message: 'It is wrong.', ...each, path, ...(place !== null && { place }) };
      });
      return { agent, unit, output: { findings } };
    });
  });
  const concluded = concludeReview(plan, parts, policy, null, earlier);
  const record = recordOf(concluded, plan, { head: 'a'.repeat(40), rules });
  const stored = readReviewRecord(JSON.parse(JSON.stringify(record)));
  if (stored === null) throw new Error('The record cannot be read.');
  return { ...concluded, read: plan.files.map(({ path }) => path), record: stored };
}

const A = diffed('src/a.ts', ['+const a = one();', '+const b = two();']);
const B = diffed('src/b.ts', ['+const c = three();']);
const BAD = { path: 'src/a.ts', quote: 'const b = two();' };

describe('the key of a finding', () => {
  const keyOf = (fields: Parameters<typeof finding>[0]): string => keysOf([finding(fields)])[0] ?? '';

  it('depends on the path, the rule and the words of the lines, and not on their number or spaces', () => {
    const key = keyOf({ line: 3, quote: '  call( a )\n\n  b' });
    expect(keyOf({ line: 70, quote: 'call( a )\n\tb', message: 'Other words.', agent: 'style' })).toBe(key);
    for (const other of [{ file: 'b.ts' }, { rule: 'race' as const }, { quote: 'call( a )\n  c' }])
      expect(keyOf({ quote: '  call( a )\n\n  b', ...other })).not.toBe(key);
  });

  it('tells equal lines of a file apart, from its top', () => {
    const [first, second] = [finding({ line: 3 }), finding({ line: 9 })];
    const [a, b] = keysOf([first, second]);
    expect(a).not.toBe(b);
    expect(keysOf([second, first])).toEqual([b, a]);
    expect(keysOf([finding({ line: 8 })])).toEqual([a]);
  });
});

describe('a later review', () => {
  it('reads only the files that changed, and carries the findings of the others to their present lines', () => {
    const first = review([A, B], { finds: [BAD] });
    expect(first).toMatchObject({ verdict: 'request-changes', read: ['src/a.ts', 'src/b.ts'] });
    // A rebase moves src/a.ts by 40 lines.
    const moved = diffed('src/a.ts', ['+const a = one();', '+const b = two();'], 41);
    const second = review([moved, diffed('src/b.ts', ['+const c = four();'])], { earlier: first.record });
    expect(second).toMatchObject({
      verdict: 'request-changes',
      read: ['src/b.ts'],
      findings: [{ file: 'src/a.ts', line: 42, key: keysOf(first.findings)[0] }],
      fixed: [],
    });
  });

  it('reads lines again that have moved into another function', () => {
    const functions = ['function safe() {', '  x();', '}', 'function root() {', '  x();', '}'].join('\n');
    const [here, there] = [2, 5].map((at) => diffed('src/a.ts', ['+  x();'], at));
    if (here === undefined || there === undefined) throw new Error('No file.');
    const { record } = review([here], { content: functions });
    expect(review([here], { earlier: record, content: functions }).read).toEqual([]);
    expect(review([there], { earlier: record, content: functions }).read).toEqual(['src/a.ts']);
  });

  it('approves when each file was read in full, now or before, and not otherwise', () => {
    const first = review([A, B], { fails: ['src/b.ts'] });
    expect(first.verdict).toBe('comment');
    expect(review([A, B], { earlier: first.record, fails: ['src/b.ts'] }).verdict).toBe('comment');
    expect(review([A, B], { earlier: first.record })).toMatchObject({ verdict: 'approve', read: ['src/b.ts'] });
    const whole = review([A, B], { earlier: review([A, B]).record });
    expect(whole).toMatchObject({ verdict: 'approve', read: [] });
  });

  it('reads on where the first one stopped at its limit', () => {
    const first = review([A, B], { files: 1 });
    expect(first.verdict).toBe('comment');
    const second = review([A, B], { files: 1, earlier: first.record });
    expect([...first.read, ...second.read].toSorted()).toEqual(['src/a.ts', 'src/b.ts']);
    expect(second.verdict).toBe('approve');
  });

  it('calls a finding fixed once its file was read again without it, or is gone', () => {
    const first = review([A, B], { finds: [BAD, { path: 'src/b.ts', quote: 'const c = three();' }] });
    const repaired = diffed('src/a.ts', ['+const a = one();', '+const b = 2;']);
    const second = review([repaired], { earlier: first.record });
    expect(second.verdict).toBe('approve');
    expect(second.fixed?.map(({ file, stands }) => ({ file, stands }))).toEqual([
      { file: 'src/a.ts', stands: false },
      { file: 'src/b.ts', stands: false },
    ]);
    expect(review([repaired], { earlier: second.record }).fixed).toEqual([]);
  });

  it('says of a finding that did not come back whether its lines still stand', () => {
    const first = review([A], { finds: [BAD] });
    const guarded = diffed('src/a.ts', ['+const a = one();', '+guard();', '+const b = two();']);
    expect(review([guarded], { earlier: first.record }).fixed).toMatchObject([{ stands: true }]);
  });

  it('forgets no finding of a file that it could not read', () => {
    const first = review([A, B], { finds: [BAD] });
    const changed = diffed('src/a.ts', ['+const a = other();', '+const b = two();']);
    const gone = diffed('src/a.ts', ['+const a = other();']);
    for (const file of [changed, gone]) {
      const second = review([file, B], { earlier: first.record, fails: ['src/a.ts'] });
      expect(second).toMatchObject({ verdict: 'request-changes', findings: [{ quote: BAD.quote }], fixed: [] });
    }
    const unread = diffed('src/a.ts', ['+// Code generated by x. DO NOT EDIT', '+const b = two();']);
    expect(review([unread, B], { earlier: first.record })).toMatchObject({ verdict: 'request-changes', fixed: [] });
  });

  it('reads a file again in which something was found that has no place, as its record cannot keep that', () => {
    const lost = { path: 'src/a.ts', quote: 'const z = 9;', severity: 'critical' as const };
    const first = review([A, B], { finds: [lost] });
    expect(first).toMatchObject({ verdict: 'comment', findings: [], unplaced: [{ severity: 'critical' }] });
    expect(first.record.files.map(({ path }) => path)).toEqual(['src/b.ts']);
    const second = review([A, B], { earlier: first.record, finds: [lost] });
    expect(second).toMatchObject({ verdict: 'comment', read: ['src/a.ts'], unplaced: [{ severity: 'critical' }] });
    expect(review([A, B], { earlier: second.record })).toMatchObject({ verdict: 'approve', read: ['src/a.ts'] });
  });

  it('reads all files again that it read when such a finding names none of them', () => {
    const { record } = review([A, B], { finds: [{ path: 'src/a.ts', quote: 'const z = 9;', names: 'c.ts' }] });
    expect(review([A, B], { earlier: record }).read.toSorted()).toEqual(['src/a.ts', 'src/b.ts']);
  });

  it('does not call a finding fixed that may have come back without its place', () => {
    const first = review([A], { finds: [BAD] });
    const changed = diffed('src/a.ts', ['+const a = other();', '+const b = two();']);
    const misquoted = { ...BAD, quote: 'const b = too();' };
    const second = review([changed], { earlier: first.record, finds: [misquoted] });
    expect(second).toMatchObject({ verdict: 'request-changes', findings: [{ quote: BAD.quote }], fixed: [] });
  });

  it('counts what was carried when nothing of the rest could be read', () => {
    const first = review([A, B], { finds: [BAD] });
    const changed = diffed('src/b.ts', ['+const c = four();']);
    const failing = { fails: ['src/b.ts'], allFail: true };
    expect(review([A, changed], { earlier: first.record, ...failing }).verdict).toBe('request-changes');
    expect(review([A, changed], { earlier: review([A, B]).record, ...failing }).verdict).toBe('comment');
    expect(review([changed], { earlier: first.record, ...failing }).verdict).toBe('not-reviewed');
  });

  it('knows a finding again that comes back, by its lines and by the specialist if the rule has another name', () => {
    const first = review([A], { finds: [BAD] });
    const more = diffed('src/a.ts', ['+start();', '+const a = one();', '+const b = two();']);
    for (const rule of ['wrong-result', 'race'] as const) {
      const second = review([more], { earlier: first.record, finds: [{ ...BAD, rule, message: 'Said anew.' }] });
      expect(second).toMatchObject({ findings: [{ line: 3, key: keysOf(first.findings)[0], rule }], fixed: [] });
    }
    const other = { path: 'src/a.ts', quote: 'start();' };
    const third = review([more], { earlier: first.record, finds: [BAD, other] });
    expect(third.findings.filter(({ key }) => key === undefined)).toHaveLength(1);
  });

  it('knows it again in a file that has moved', () => {
    const first = review([A], { finds: [BAD] });
    const [key] = keysOf(first.findings);
    const lines = ['+const a = one();', '+const b = two();'];
    const byGit = { ...diffed('lib/a.ts', lines), status: 'renamed' as const, oldPath: 'src/a.ts' };
    for (const moved of [byGit, diffed('lib/a.ts', lines)]) {
      const second = review([moved], { earlier: first.record, finds: [{ ...BAD, path: 'lib/a.ts' }] });
      expect(second).toMatchObject({ read: ['lib/a.ts'], findings: [{ file: 'lib/a.ts', key }], fixed: [] });
      // And still when nobody reads the file.
      expect(review([moved], { earlier: second.record }).findings).toMatchObject([{ key }]);
    }
  });

  it('keeps equal findings of one file apart', () => {
    const twice = (at: number) => diffed('src/a.ts', ['+call();', ' between', '+call();'], at);
    const plan = { path: 'src/a.ts', quote: 'call();' };
    const first = review([twice(1)], { finds: [plan] });
    const second = {
      ...first.record,
      findings: first.record.findings.map((each) => ({ ...each, startLine: 3, line: 3, place: 1 })),
    };
    expect(review([twice(21)], { earlier: second }).findings).toMatchObject([{ line: 23 }]);
  });

  it('reads every file again when the rules of the review have changed, or the record is of a newer release', () => {
    const first = review([A], { finds: [BAD] });
    for (const rules of [
      rulesDigest({ policy, agents: { 'review-logic': '2' }, guidance: null }),
      rulesDigest({ policy, agents: { 'review-logic': '1' }, guidance: 'Use tabs.' }),
      rulesDigest({ policy: { ...policy, minConfidence: 0.5 }, agents: { 'review-logic': '1' }, guidance: null }),
    ])
      expect(review([A], { earlier: first.record, rules }).read).toEqual(['src/a.ts']);
    expect(readReviewRecord({ ...first.record, schema: 2 })).toBeNull();
    expect(readReviewRecord({ ...first.record, verdict: 'perhaps' })).toBeNull();
    expect(readReviewRecord({ ...first.record, more: { a: 1 } })).toMatchObject({ more: { a: 1 } });
  });

  it('reports a secret of an unchanged file once', () => {
    const secret = diffed('src/a.ts', [`+const key = '${['AKIA', 'QWERTYUIOPASDFGH'].join('')}';`]);
    const first = review([secret]);
    expect(first.findings).toHaveLength(1);
    const second = review([secret], { earlier: first.record });
    expect(second.findings).toMatchObject([{ key: keysOf(first.findings)[0], rule: 'hard-coded-secret' }]);
    expect(JSON.stringify(second.record)).not.toContain('AKIA');
  });
});
