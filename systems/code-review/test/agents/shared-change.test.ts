import { describe, expect, it } from 'vitest';
import { promptOf } from '#adapters/anthropic/message-params.ts';
import { renderReview } from '../../agents/prompt.ts';
import type { ReviewInput } from '../../agents/review-input.ts';
import { cachingOf, tokensWith } from '../../agents/shared-change.ts';
import { specialists } from '../../agents/specialists.ts';
import { reviewSupervisor } from '../../agents/supervisor.ts';
import { SPECIALISTS } from '../../findings/finding.ts';
import { diffed } from '../diffed.ts';

const input = (path: string, lines: number): ReviewInput => {
  const { status, hunks } = diffed(
    path,
    Array.from(
      { length: lines },
      (_, n) => `+export const price${n} = (items: readonly number[]) => items.length * ${n};`,
    ),
  );
  const overview = { files: 1, testsChanged: [], hasTests: true };
  return { title: 'Prices', description: '', guidance: 'Use tabs.', overview, files: [{ path, status, hunks }] };
};

const caching = (of: ReviewInput) =>
  SPECIALISTS.map((each) => `${each} ${cachingOf(each, of.files, tokensWith(renderReview(of)))}`);

/** The request of each specialist, as Claude gets it. */
const requests = async (of: ReviewInput) =>
  Promise.all(
    specialists.map(async (agent) => {
      const artifacts = {} as Parameters<typeof agent.prepare>[1]['artifacts'];
      const { content } = await agent.prepare(of, { artifacts, tenant: 'acme' });
      const { system, outputSchema, tier } = agent;
      const asked = { model: tier, system, messages: [{ role: 'user' as const, content }], tools: [], outputSchema };
      return promptOf(asked, null);
    }),
  );

const startsOf = async ({ files, ...about }: ReviewInput) => {
  const tool = reviewSupervisor.tools.find(({ name }) => name === 'review-parts');
  const asked = { ...about, units: [files] };
  const context = { idempotencyKey: 's', signal: AbortSignal.timeout(1_000), input: asked, sandbox: undefined };
  const planned = await tool?.plan?.({}, context);
  return planned?.tasks.map(({ to, startAfter }) => `${to} ${startAfter ?? 0}`);
};

describe('a part of a change that is long enough', () => {
  const long = input('src/prices.ts', 300);

  it('is written to the cache by the first specialist of each tier, and read by the second', async () => {
    expect(caching(long)).toEqual(['security writes', 'style writes', 'logic reads', 'tests reads']);
    expect(await startsOf(long)).toEqual(['security 0', 'style 0', 'logic 3', 'tests 3']);
  });

  it('is the same in all requests of a tier up to the breakpoint, which is behind it', async () => {
    for (const tier of ['balanced', 'fast']) {
      const [one, other, ...more] = (await requests(long)).filter(({ model }) => model === tier);
      expect(more).toEqual([]);
      const [first, second] = [one, other].map((request) => ({ ...request, messages: firstBlock(request) }));
      expect(second).toEqual(first);
      expect(first?.messages).toMatchObject({ type: 'text', cache_control: { type: 'ephemeral' } });
      expect(lastBlock(one)).not.toEqual(lastBlock(other));
      expect(lastBlock(one)).not.toHaveProperty('cache_control');
    }
  });
});

type Request = Awaited<ReturnType<typeof requests>>[number] | undefined;
const blocksOf = (request: Request): readonly unknown[] => {
  const content = request?.messages[0]?.content;
  return typeof content === 'string' ? [] : (content ?? []);
};
const firstBlock = (request: Request): unknown => blocksOf(request)[0];
const lastBlock = (request: Request): unknown => blocksOf(request).at(-1);

describe('nobody writes to the cache, nor waits for it', () => {
  it.each([
    ['what is too short for the model', input('src/a.ts', 1), []],
    ['what is too short for the small model only', input('src/a.ts', 60), ['logic 3']],
    ['documents, which one specialist of a tier reads', input('docs/guide.md', 300), []],
  ])('of %s', async (_, of, late) => {
    expect((await startsOf(of))?.filter((start) => !start.endsWith(' 0'))).toEqual(late);
    const cached = (await requests(of)).filter((request) => JSON.stringify(firstBlock(request)).includes('ephemeral'));
    expect(cached).toHaveLength(late.length * 2);
  });
});
