import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedGithub } from '@agent-fleet/simulated-github';
import { onTestFinished, vi } from 'vitest';
import type { Review } from '../../findings/review.ts';
import { publishReview } from '../../github/publish-review.ts';
import type { Publishing, Target } from '../../github/publishing.ts';
import { finding } from '../diffed.ts';

const FOOTER = '12 tokens, $0.01';
export const review = (fields: Partial<Review> = {}): Review => ({
  verdict: 'request-changes',
  because: 'One finding.',
  summary: 'See @octocat and ![x](https://evil.example/x.png).',
  findings: [finding({ file: 'cart.ts', startLine: 2, line: 2, quote: 'const b = 2;', suggestion: 'const b = 3;' })],
  unplaced: [],
  leftOut: [],
  ...fields,
});

/** A pull request of octocat on a simulated GitHub, and what reviews it as `reviewer`. */
export async function pullRequest({ author = 'octocat' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'review-github-'));
  const clock = { at: Date.now() };
  const github = await startSimulatedGithub({ folder, now: () => clock.at });
  onTestFinished(async () => {
    await github.stop();
    rmSync(folder, { recursive: true });
  });
  const repository = 'octo-org/shop';
  await github.createRepository({ name: 'shop', files: { 'cart.ts': 'const a = 1;\n' } });
  await github.push({ repository, branch: 'feature', files: { 'cart.ts': 'const a = 1;\nconst b = 2;\n' } });
  const pull = await github.openPullRequest({ repository, head: 'feature', title: 'Add b', author });
  const waits: number[] = [];
  const access = { url: github.url, token: github.createToken({ user: 'reviewer' }) };
  const publishing = {
    access,
    footer: FOOTER,
    wait: async (ms: number) => void waits.push(ms),
    mergeBase: async () => pull.baseSha(),
  };
  const target = () => ({ repository, number: pull.number, base: pull.baseSha(), head: pull.headSha() });
  const publish = (what = review(), fields: Partial<Target> = {}, more: Partial<Publishing> = {}) =>
    publishReview({ ...publishing, ...more }, { ...target(), paths: ['cart.ts'], ...fields }, what);
  return { github, pull, publish, waits, clock };
}

/** Answers some requests in GitHub's place. */
export function intercept(answer: (method: string, url: string) => readonly [number, unknown] | null): void {
  const real = globalThis.fetch;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const found = answer(init?.method ?? 'GET', input instanceof Request ? input.url : input.toString());
    return found === null ? real(input, init) : Response.json(found[1], { status: found[0] });
  });
  onTestFinished(() => spy.mockRestore());
}
