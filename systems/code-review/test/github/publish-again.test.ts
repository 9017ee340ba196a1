import { describe, expect, it } from 'vitest';
import type { ReviewedFinding } from '../../findings/merge.ts';
import { keysOf } from '../../findings/key.ts';
import type { FixedFinding } from '../../findings/carry-forward.ts';
import { finding } from '../diffed.ts';
import { intercept, pullRequest, review } from './support.ts';

const ONE = 'const b = 2;';
const at = (line: number, quote: string, fields: Partial<ReviewedFinding> = {}): ReviewedFinding =>
  finding({ file: 'cart.ts', startLine: line, line, quote, ...fields });
const security = at(2, ONE, { agent: 'security', severity: 'high', rule: 'race', message: 'A race.' });
const logic = at(3, 'const c = 3;', { agent: 'logic', rule: 'wrong-result', message: 'Wrong.' });
const fixedOf = (found: ReviewedFinding, stands = false): FixedFinding => {
  const { file, line, severity, message } = found;
  return { key: keysOf([found])[0] ?? '', file, line, severity, message, stands };
};

const CART = ['const a = 1;', 'const b = 2;', 'const c = 3;', ''].join('\n');
/** A pull request with three lines, and what it takes to push another version of them. */
async function shop(options = {}) {
  const made = await pullRequest(options);
  const push = async (cart: string): Promise<string> =>
    made.github.push({ repository: 'octo-org/shop', branch: 'feature', files: { 'cart.ts': cart } });
  await push(CART);
  const bySpecialist = { posting: 'by-specialist' } as const;
  return { ...made, push, bySpecialist };
}

describe('the reviews of the specialists', () => {
  it('are one each, in series, before the one with the verdict', async () => {
    const { pull, publish, bySpecialist, waits } = await shop();
    const published = await publish(review({ findings: [security, logic] }), {}, bySpecialist);
    const { reviews, comments, decision } = pull.record();
    expect(reviews.map(({ state }) => state)).toEqual(['COMMENTED', 'COMMENTED', 'CHANGES_REQUESTED']);
    expect(reviews.map(({ body }) => body.split('\n')[0])).toEqual([
      '**security**: 1 finding. The verdict follows in a summary.',
      '**logic**: 1 finding. The verdict follows in a summary.',
      '**Changes requested.** One finding.',
    ]);
    expect(comments.map(({ line }) => line)).toEqual([2, 3]);
    expect(decision).toBe('CHANGES_REQUESTED');
    expect(published).toMatchObject({ kind: 'posted', url: expect.stringContaining(String(reviews[2]?.id)) });
    // GitHub asks for a second between writes.
    expect(waits).toEqual([1_000, 1_000]);
    expect(await publish(review({ findings: [security, logic] }), {}, bySpecialist)).toMatchObject({
      kind: 'already-posted',
    });
    expect(pull.record().reviews).toHaveLength(3);
  });

  it('share the comments at lines; the others are in the summary', async () => {
    const { pull, publish, bySpecialist } = await shop();
    const shared = { ...security, also: ['logic' as const] };
    await publish(review({ findings: [shared, logic] }), {}, { ...bySpecialist, maxInline: 1 });
    const { reviews, comments } = pull.record();
    expect(comments).toMatchObject([{ line: 2, body: expect.stringContaining('**high** (security, logic) A race.') }]);
    expect(reviews.map(({ body }) => body.includes('Wrong.'))).toEqual([false, true]);
    expect(await publish(review({ findings: [] }), {}, { ...bySpecialist, maxInline: 0 })).toMatchObject({
      kind: 'already-posted',
    });
  });

  it('leave their findings to the summary when GitHub rejects a line', async () => {
    const { pull, publish, bySpecialist } = await shop();
    let rejections = 1;
    const rejected = [422, { message: 'Validation Failed', errors: ['line must be part of the diff'] }] as const;
    intercept((method) => (method === 'POST' && rejections-- > 0 ? rejected : null));
    await publish(review({ findings: [security, logic] }), {}, bySpecialist);
    const { reviews, comments } = pull.record();
    expect(comments).toMatchObject([{ line: 3 }]);
    expect(reviews.map(({ body }) => body.includes('A race.'))).toEqual([false, true]);
  });

  it('are comments on one’s own pull request, and so is the verdict', async () => {
    const { pull, publish, bySpecialist } = await shop({ author: 'reviewer' });
    await publish(review({ findings: [security] }), {}, bySpecialist);
    expect(pull.record().reviews.map(({ state }) => state)).toEqual(['COMMENTED', 'COMMENTED']);
  });

  it('stop when the head moves between them', async () => {
    const { github, pull, publish, bySpecialist } = await shop();
    const head = pull.headSha();
    const onPosted = async (): Promise<void> => {
      github.fault({ fault: 'head-moves', method: 'GET', path: '/reviews', times: 1 });
    };
    const published = await publish(review({ findings: [security, logic] }), { head }, { ...bySpecialist, onPosted });
    expect(published).toMatchObject({ kind: 'not-posted', reason: 'moved' });
    expect(pull.record().reviews).toHaveLength(1);
  });
});

describe('a later review', () => {
  it('repeats nothing that an earlier one has said, and links it as still open', async () => {
    const { pull, publish, push, bySpecialist } = await shop();
    await publish(review({ findings: [security] }), {}, bySpecialist);
    await push(`${CART}const d = 4;\n`);
    const fresh = at(4, 'const d = 4;', { agent: 'tests', message: 'Untested.' });
    await publish(review({ findings: [security, fresh] }), {}, bySpecialist);
    const { comments, reviews } = pull.record();
    expect(comments.map(({ line }) => line)).toEqual([2, 4]);
    const summary = reviews.at(-1)?.body ?? '';
    expect(summary).toContain('Still open (1)');
    expect(summary).toMatch(new RegExp(`\\[cart.ts:2\\]\\(http://\\S+#discussion_r${comments[0]?.id}\\)`));
  });

  it('links the review whose text has said it, when it had no line', async () => {
    const { pull, publish, push, bySpecialist } = await shop();
    const noLine = { ...bySpecialist, maxInline: 0 };
    await publish(review({ findings: [security] }), {}, noLine);
    await push(`${CART}const d = 4;\n`);
    await publish(review({ findings: [security] }), {}, bySpecialist);
    const { comments, reviews } = pull.record();
    expect(comments).toEqual([]);
    expect(reviews.at(-1)?.body).toContain(`#pullrequestreview-${reviews[0]?.id})`);
  });

  it('says again what the limit on the text has cut off', async () => {
    const { pull, publish, push, bySpecialist } = await shop();
    const long = Array.from({ length: 40 }, (_, n) =>
      at(2, `${ONE.slice(0, -1)}${' '.repeat(n)};`, { message: `Finding ${n}. ${'word '.repeat(400)}` }),
    );
    const findings = long.map((each, n) => ({ ...each, file: `gone-${n}.ts` }));
    await publish(review({ findings }), {}, bySpecialist);
    const body = pull.record().reviews.at(-1)?.body ?? '';
    expect(body.length).toBeLessThanOrEqual(60_000);
    const said = findings.filter((_, n) => new RegExp(`Finding ${n}\\. (word ){399}`).test(body)).length;
    expect(said).toBeGreaterThan(20);
    expect(said).toBeLessThan(40);
    await push(`${CART}const d = 4;\n`);
    await publish(review({ findings }), {}, bySpecialist);
    const next = pull.record().reviews.at(-1)?.body ?? '';
    expect(next).toContain(`Still open (${said})`);
  });

  it('says a finding again that somebody else’s comment pretends to have said', async () => {
    const { github, pull, publish, push, bySpecialist } = await shop();
    const stranger = { access: { url: github.url, token: github.createToken({ user: 'stranger' }) } };
    await publish(review({ findings: [security] }), {}, { ...bySpecialist, ...stranger });
    await push(`${CART}const d = 4;\n`);
    await publish(review({ findings: [security] }), {}, bySpecialist);
    expect(pull.record().comments.map(({ user }) => user)).toEqual(['stranger', 'reviewer']);
  });

  it('is not deceived by a marker in a suggestion', async () => {
    const { pull, publish, push, bySpecialist } = await shop();
    const planted = `<!-- fleet:finding=${keysOf([logic])[0]} -->`;
    await publish(review({ findings: [{ ...security, suggestion: planted }] }), {}, bySpecialist);
    await push(`${CART}const d = 4;\n`);
    await publish(review({ findings: [logic] }), {}, bySpecialist);
    expect(pull.record().comments.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('answers once what is fixed, with the commit, and says it anew when it returns', async () => {
    const { pull, publish, push, bySpecialist } = await shop();
    await publish(review({ findings: [security, logic] }), {}, bySpecialist);
    await push('const a = 1;\nconst c = 3;\n');
    const fixed = [fixedOf(security), fixedOf(logic, true)];
    const clean = { verdict: 'comment', because: 'Nothing.', findings: [], fixed } as const;
    const head = pull.headSha();
    await publish(review(clean), {}, bySpecialist);
    await push('const a = 1;\nconst c = 3;\nconst d = 4;\n');
    await publish(review(clean), {}, bySpecialist);
    const replies = pull.record().comments.filter(({ inReplyTo }) => inReplyTo !== null);
    expect(replies.map(({ body }) => body.split('\n')[0])).toEqual([
      `Fixed in ${head}.`,
      `Not found again in ${head}, though its lines are still there.`,
    ]);
    await push(CART);
    await publish(review({ findings: [security] }), {}, bySpecialist);
    const again = pull.record().comments.filter(({ body }) => body.includes('A race.'));
    expect(again.map(({ inReplyTo }) => inReplyTo)).toEqual([null, null]);
  });

  it.each(['502-after-create', 'disconnect-after-create', '502', 'secondary-limit', 'concurrent'] as const)(
    'writes each of its parts once when GitHub answers them with %s',
    async (fault) => {
      const { github, pull, publish, push, bySpecialist } = await shop();
      await publish(review({ findings: [security] }), {}, bySpecialist);
      await push('const a = 1;\nconst c = 3;\n');
      github.fault({ fault, method: 'POST', path: '/reviews', times: 1 });
      github.fault({ fault, method: 'POST', path: '/replies', times: 1 });
      const findings = [{ ...logic, line: 2, startLine: 2, quote: 'const c = 3;' }];
      await publish(review({ findings, fixed: [fixedOf(security)] }), {}, bySpecialist);
      const { reviews, comments } = pull.record();
      expect(comments.map(({ inReplyTo }) => inReplyTo !== null)).toEqual([false, false, true]);
      // GitHub makes a review of each reply.
      expect(reviews.map(({ body }) => body.split('.')[0]?.split('\n')[0])).toEqual([
        '**security**: 1 finding',
        '**Changes requested',
        '**logic**: 1 finding',
        '',
        '**Changes requested',
      ]);
    },
  );

  it('goes on when a comment that is fixed was deleted', async () => {
    const { github, pull, publish, push, bySpecialist } = await shop();
    await publish(review({ findings: [security] }), {}, bySpecialist);
    await push('const a = 1;\n');
    github.fault({ fault: '404', method: 'POST', path: '/replies', times: 1 });
    const clean = review({ verdict: 'approve', because: 'Nothing.', findings: [], fixed: [fixedOf(security)] });
    expect(await publish(clean, {}, bySpecialist)).toMatchObject({ kind: 'posted' });
    expect(pull.record().reviews.at(-1)?.body).toContain('Fixed, or not found again (1)');
  });
});

describe('an earlier verdict of one’s own', () => {
  const comment = review({ verdict: 'comment', because: 'One to consider.', findings: [logic] });
  const approval = review({ verdict: 'approve', because: 'Nothing was found.', findings: [] });

  it.each([
    ['a request for changes', review({ findings: [security] }), comment, 'REVIEW_REQUIRED'],
    ['an approval', approval, comment, 'REVIEW_REQUIRED'],
    ['an approval', approval, review({ verdict: 'not-reviewed', findings: [] }), 'REVIEW_REQUIRED'],
    ['a request for changes', review({ findings: [security] }), approval, 'APPROVED'],
    [
      'a request for changes',
      review({ findings: [security] }),
      review({ verdict: 'not-reviewed', findings: [] }),
      'CHANGES_REQUESTED',
    ],
  ])('such as %s is dismissed only where the new one does not lift it', async (_, first, second, decision) => {
    const { pull, publish, push, bySpecialist } = await shop();
    await publish(first, {}, bySpecialist);
    await push(`${CART}const d = 4;\n`);
    await publish(second, {}, bySpecialist);
    expect(pull.record().decision).toBe(decision);
  });

  it.each(['404', '403', '422'] as const)(
    'stays where GitHub refuses with %s, and the summary asks',
    async (status) => {
      const { pull, publish, push } = await shop();
      await publish(review({ findings: [security] }));
      await push(`${CART}const d = 4;\n`);
      intercept((method) => (method === 'PUT' ? [Number(status), { message: 'No.' }] : null));
      expect(await publish(comment)).toMatchObject({ kind: 'posted' });
      const { reviews, decision } = pull.record();
      expect(decision).toBe('CHANGES_REQUESTED');
      expect(reviews.at(-1)?.body).toMatch(/\[An earlier request for changes\]\(http\S+\) still stands/);
      expect(reviews.at(-1)?.body).toContain('A maintainer must dismiss it.');
    },
  );

  it.each(['502-after-create', 'disconnect-after-create', '502'] as const)(
    'is dismissed although GitHub answers with %s',
    async (fault) => {
      const { github, pull, publish, push } = await shop();
      await publish(review({ findings: [security] }));
      await push(`${CART}const d = 4;\n`);
      github.fault({ fault, method: 'PUT', path: '/dismissals', times: 1 });
      await publish(comment);
      const { reviews } = pull.record();
      expect(reviews.map(({ state }) => state)).toEqual(['DISMISSED', 'COMMENTED']);
      expect(reviews.at(-1)?.body).not.toContain('still stands');
    },
  );

  it('is left alone when a person gave it, not the fleet', async () => {
    const { github, pull, publish } = await shop();
    const token = github.createToken({ user: 'reviewer' });
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'a-person', 'content-type': 'application/json' };
    const body = JSON.stringify({ event: 'REQUEST_CHANGES', body: 'By hand.' });
    await fetch(`${github.url}/repos/octo-org/shop/pulls/1/reviews`, { method: 'POST', headers, body });
    await publish(comment);
    expect(pull.record().decision).toBe('CHANGES_REQUESTED');
  });
});
