import { describe, expect, it, vi } from 'vitest';
import type { ReviewedFinding } from '../../findings/merge.ts';
import { keysOf } from '../../findings/key.ts';
import type { Posting, Publishing } from '../../github/publishing.ts';
import { finding } from '../diffed.ts';
import { pullRequest, review } from './support.ts';

const at = (line: number, quote: string, fields: Partial<ReviewedFinding>): ReviewedFinding =>
  finding({ file: 'cart.ts', startLine: line, line, quote, ...fields });
const security = at(2, 'const b = 2;', { agent: 'security', severity: 'high', message: 'A race.' });
const logic = at(3, 'const c = 3;', { agent: 'logic', rule: 'race', message: 'Wrong.' });
const untested = at(4, 'const d = 4;', { agent: 'tests', message: 'Untested.' });

class Crash extends Error {}

/** Ends the process, as far as GitHub sees it, at a request: before it is sent, or after it has arrived. */
function crashAt(request: number, when: 'before' | 'after') {
  const real = globalThis.fetch;
  let sent = 0;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    sent += 1;
    if (sent < request) return real(input, init);
    if (sent === request && when === 'after') await real(input, init).then((response) => response.text());
    throw new Crash();
  });
  return {
    isDown: () => sent >= request,
    restore: () => spy.mockRestore(),
    /** A process that has ended waits for nothing. */
    wait: async () => {
      if (sent >= request) throw new Crash();
    },
  };
}

/** What the process keeps over a crash, such as in its audit trail. */
function trail() {
  const begun = new Set<string>();
  const posted = new Map<string, Posting['kind']>();
  const callbacks: Pick<Publishing, 'beforePost' | 'onPosted'> = {
    beforePost: async ({ marker }) => {
      const isAgain = begun.has(marker);
      begun.add(marker);
      return isAgain;
    },
    onPosted: async ({ kind, marker }) => void posted.set(marker, kind),
  };
  return { begun, posted, callbacks };
}

/**
 * A second review of a pull request: one finding is fixed, one is still open, one is new, and the request for changes is
 * lifted. Returns what publishes it.
 */
async function secondReview() {
  const made = await pullRequest();
  const { github, pull, publish, clock } = made;
  const push = async (cart: string): Promise<string> =>
    github.push({ repository: 'octo-org/shop', branch: 'feature', files: { 'cart.ts': cart } });
  await push('const a = 1;\nconst b = 2;\nconst c = 3;\n');
  const posting = 'by-specialist';
  await publish(review({ findings: [security, logic] }), {}, { posting });
  await push('const a = 1;\nconst bee = 2;\nconst c = 3;\nconst d = 4;\n');
  clock.at += 600_000;
  const [key = ''] = keysOf([security]);
  const fixed = [{ key, file: 'cart.ts', line: 2, severity: 'high', message: 'A race.', stands: false } as const];
  const second = review({ verdict: 'comment', because: 'Some.', findings: [untested, logic], fixed });
  return { github, pull, publish: async (more: Partial<Publishing>) => publish(second, {}, { posting, ...more }) };
}

describe('publishing that crashes', () => {
  it.each([
    ['before', false],
    ['after', false],
    ['after', true],
  ] as const)(
    '%s any of its requests posts everything once when it is repeated (stale lists: %s)',
    async (when, stale) => {
      let request = 1;
      for (; ; request += 1) {
        const { github, pull, publish } = await secondReview();
        const { begun, posted, callbacks } = trail();
        const crash = crashAt(request, when);
        const first = await publish({ ...callbacks, wait: crash.wait }).catch((error: unknown) => error);
        crash.restore();
        if (!crash.isDown()) break;
        expect(first, `request ${request}`).toBeInstanceOf(Crash);
        if (stale) {
          github.fault({ fault: 'stale', method: 'GET', path: '/reviews', times: 4, seconds: 60 });
          github.fault({ fault: 'stale', method: 'GET', path: '/comments', times: 2, seconds: 60 });
        }
        await publish(callbacks);
        const { reviews, comments, decision } = pull.record();
        expect({ request, states: reviews.map(({ state }) => state) }).toEqual({
          request,
          states: ['COMMENTED', 'COMMENTED', 'DISMISSED', 'COMMENTED', 'COMMENTED', 'COMMENTED'],
        });
        expect({ request, lines: comments.map(({ body }) => body.split('\n')[0]) }).toEqual({
          request,
          lines: [
            '**high** (security) A race.',
            '**medium** (logic) Wrong.',
            '**medium** (tests) Untested.',
            `Fixed in ${pull.headSha()}.`,
          ],
        });
        expect(reviews.at(-1)?.body).toContain('Still open (1)');
        expect(decision).toBe('REVIEW_REQUIRED');
        expect(begun.size).toBe(4);
        // GitHub does not show who dismissed a review, so one that crashed is only announced.
        const told = [...posted.values()].filter((kind) => kind !== 'dismissal');
        expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual(['reply', 'review', 'specialist']);
      }
      // Otherwise there was nothing to crash.
      expect(request).toBeGreaterThan(12);
    },
    120_000,
  );
});
