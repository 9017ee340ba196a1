import { expect, it } from 'vitest';
import type { ReviewRecord } from '../../findings/review-record.ts';
import { diffed } from '../diffed.ts';
import { reviewAgain } from '../offline.ts';
import { pullRequest } from './support.ts';

type Files = Readonly<Record<string, readonly string[]>>;

const QUERY = "export const find = (db, id) => db.query(`SELECT * FROM carts WHERE id = '${id}'`);";
const SAFE = 'export const find = (db, id) => db.query("SELECT * FROM carts WHERE id = $1", [id]);';
const TEST = ["it('finds', () => find());", ''];

/** A pull request that adds files, reviewed by the simulated Claude's rules after each push. */
async function reviewed() {
  const { github, pull, publish } = await pullRequest();
  let earlier: ReviewRecord | null = null;
  const push = async (files: Files) => {
    const contents = Object.fromEntries(Object.entries(files).map(([path, lines]) => [path, lines.join('\n')]));
    await github.push({ repository: 'octo-org/shop', branch: 'feature', files: contents });
    const diffs = Object.entries(files).map(([path, lines]) =>
      diffed(
        path,
        lines.slice(0, -1).map((line) => `+${line}`),
      ),
    );
    const { review, read, record } = await reviewAgain({ files: diffs }, earlier);
    earlier = record;
    const paths = ['cart.ts', ...Object.keys(files)];
    await publish(review, { paths }, { posting: 'by-specialist' });
    return { review, read };
  };
  const texts = (): string[] => pull.record().comments.map(({ path, body }) => `${path}: ${body.split('\n')[0]}`);
  return { pull, push, texts };
}

it('a pull request is reviewed push by push: each finding once, carried, answered, and at last approved', async () => {
  const { pull, push, texts } = await reviewed();
  const test = { 'test/find.test.ts': TEST };
  await push({ 'src/find.ts': [QUERY, ''], 'src/log.ts': ['console.log(cart);', ''], ...test });
  expect(pull.record().decision).toBe('CHANGES_REQUESTED');
  const said = texts();
  expect(said).toEqual([expect.stringContaining('src/find.ts'), expect.stringContaining('src/log.ts')]);

  // Only the other file is repaired.
  const second = await push({ 'src/find.ts': [QUERY, ''], 'src/log.ts': ['export const log = 1;', ''], ...test });
  expect(second).toMatchObject({ read: ['src/log.ts'], review: { verdict: 'request-changes' } });
  expect(texts()).toEqual([...said, `src/log.ts: Fixed in ${pull.headSha()}.`]);
  const summary = pull.record().reviews.at(-1)?.body ?? '';
  expect(summary).toContain('Still open (1)');
  expect(summary).toContain('#discussion_r');

  const third = await push({ 'src/find.ts': [SAFE, ''], 'src/log.ts': ['export const log = 1;', ''], ...test });
  expect(third).toMatchObject({ read: ['src/find.ts'], review: { verdict: 'approve', findings: [] } });
  expect(texts().at(-1)).toBe(`src/find.ts: Fixed in ${pull.headSha()}.`);
  expect(texts()).toHaveLength(4);
  expect(pull.record().decision).toBe('APPROVED');
});
