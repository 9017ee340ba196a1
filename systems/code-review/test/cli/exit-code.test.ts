import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DefinitionError } from '#core/agents/definition-error.ts';
import { exitCodeOf, failingWith } from '#cli/exit-code.ts';
import { runProgram } from '#cli/program.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { addReview } from '../../cli/add-review.ts';
import { requireDone } from '../../cli/require-done.ts';
import type { Verdict } from '../../findings/verdict.ts';
import { testRepository } from '../repository.ts';

let said = '';

beforeEach(() => {
  said = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      said += String(chunk);
      return true;
    });
});
afterEach(() => void vi.restoreAllMocks());

/** The exit code of a review of one changed line, with these further options. */
function reviewed(...options: readonly string[]): Promise<number> {
  const { folder, commit } = testRepository();
  commit('Start', { 'a.ts': 'one();\n' });
  commit('Change', { 'a.ts': 'two();\n' });
  return review('--repo', folder, '--base', 'HEAD~1', ...options);
}

const review = (...options: readonly string[]): Promise<number> =>
  runProgram(
    ['review', ...options],
    [{ name: 'code-review', agents: () => Promise.resolve([]), claudeRules: [], commands: addReview }],
  );

/** Of nothing that changed, which needs no fleet. */
const reviewedWithoutFleet = (out: string): Promise<number> => reviewed('--base', 'HEAD', '--out', out);

describe('the exit code of fleet review', () => {
  it('is 3 for a fleet without a key: nothing was reviewed', async () => {
    expect({ code: await reviewed('--url', 'http://127.0.0.1:1'), said }).toEqual({
      code: 3,
      said: expect.stringContaining('There is no key for http://127.0.0.1:1.\nCreate one with'),
    });
  });

  it('is 2 for a folder that cannot be written, before anything is spent, and 0 without findings', async () => {
    const { folder } = testRepository();
    writeFileSync(join(folder, 'file'), '');
    expect({ code: await reviewedWithoutFleet(join(folder, 'file', 'below')), said }).toMatchObject({ code: 2 });
    expect({ code: await reviewedWithoutFleet(join(folder, 'out')), said }).toMatchObject({ code: 0 });
  });

  it('is 2 without --base, and a slip of the pen is named as one', async () => {
    expect(await review()).toBe(2);
    expect(said).toContain('--base is required.');
    expect(await review('--bsae', 'HEAD')).toBe(2);
    expect(said).toContain("unknown option '--bsae'");
  });

  it('is 0 for two bases of one head, each with pages of its own', async () => {
    const { folder, commit } = testRepository();
    const [start, next] = [commit('Start', { 'a.md': 'one' }), commit('Next', {})];
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    for (const base of [start, next]) expect(await review('--repo', folder, '--base', base)).toBe(0);
    expect(readdirSync(join(folder, 'reports')).toSorted()).toEqual(
      [start, next].map((base) => `review-${base.slice(0, 12)}-${next.slice(0, 12)}`).toSorted(),
    );
  });

  it('is 3 for an unexpected error, which is printed as any other', async () => {
    expect(await reviewedWithoutFleet('a\0b')).toBe(3);
    expect(said).toContain('Unexpected error: ');
  });

  it.each([
    ['an unknown option', ['--basis', 'HEAD']],
    ['a value that is not allowed', ['--max-usd', 'much']],
    ['a commit that does not exist', ['--base', 'nowhere']],
    ['a URL that is none', ['--url', 'nowhere']],
    ['a key of another form', ['--url', 'http://127.0.0.1:1', '--key', 'nothing']],
  ])('is 2 for %s', async (_, options) => {
    expect({ code: await reviewed(...options), said }).toMatchObject({ code: 2 });
  });

  it.each([
    ['approve', 0],
    ['comment', 0],
    ['request-changes', 1],
    ['not-reviewed', 3],
  ] as const satisfies readonly (readonly [Verdict, number])[])('after the verdict %s is %i', (verdict, code) => {
    let ended = 0;
    try {
      requireDone({ verdict, because: 'Why.' });
    } catch (error) {
      ended = exitCodeOf(error);
    }
    expect(ended).toBe(code);
  });
});

describe('a command whose exit code 1 is a result', () => {
  it.each([
    [new UserError('a', 'b'), 3],
    [Object.assign(new Error('gone'), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 1 }), 3],
    [Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write', path: 'a' }), 3],
    [new DefinitionError('wrong'), 3],
    [new TypeError('unexpected'), 3],
    ['no error at all', 3],
    [wrongUsage('a', 'b'), 2],
  ])('fails by %s with %i', async (error, code) => {
    let failed: unknown;
    try {
      await failingWith(3, () => {
        throw error;
      });
    } catch (each) {
      failed = each;
    }
    expect(exitCodeOf(failed)).toBe(code);
  });
});
