import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool, type Agent, type AgentOptions } from '#core/agents/define-agent.ts';
import { canonicalJson, stampOf } from '#core/agents/definition.ts';
import { objectInputSchema } from '#core/agents/object-input.ts';
import { AgentsLockError, formatLock, lockProblems, parseLock, relock, type AgentsLock } from '#core/agents/lock.ts';

const PATH = 'systems/exchange/agents.lock.json';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const lookUp = (name: string, description = 'Looks it up.') =>
  defineTool({ name, description, input: z.object({ word: z.string() }), run: async () => 'found' });

type Options = AgentOptions<{ instruction: string }, { text: string }, undefined>;
const options: Options = {
  name: 'exchange',
  version: '1',
  description: 'Converts money.',
  tier: 'fast',
  system: 'You convert money from one currency to another.',
  input: z.object({ instruction: z.string() }),
  output: z.object({ text: z.string() }),
  tools: [lookUp('rates')],
};
const define = (change: Partial<Options> = {}): Agent => defineAgent({ ...options, ...change });
const NOTHING = { replace: [], retire: [] };
const lockOf = (...agents: Agent[]): AgentsLock => relock(PATH, null, agents, sha256, NOTHING);
const problems = (lock: AgentsLock | null, ...agents: Agent[]) => lockProblems(PATH, lock, agents, sha256);

describe('the stamp of a definition', () => {
  it.each<[string, Partial<Options>, RegExp]>([
    ['the system prompt', { system: 'You convert money, never from memory.' }, /system prompt/],
    ['the tier', { tier: 'deep' }, /tier \(fast, now deep\)/],
    ['an upgrade', { upgrade: { to: 'deep' } }, /upgrade \(new\)/],
    ['a tool', { tools: [lookUp('rates', 'Looks up rates.')] }, /: tool rates\./],
    ['a further tool', { tools: [lookUp('rates'), lookUp('news')] }, /list of tools .*, tool news \(new\)/],
    ['no tool', { tools: [] }, /list of tools .*tool rates \(removed\)/],
    ['the input schema', { input: z.object({ instruction: z.string().min(1) }) }, /input schema/],
    ['the output schema', { output: z.object({ text: z.string().describe('In words.') }) }, /output schema/],
    ['the budget', { budget: { tokens: 200_000, usd: 1 } }, /budget\.usd \(2, now 1\)/],
    ['the output limit', { maxOutputTokens: 2_048 }, /maxOutputTokens \(1024, now 2048\)/],
    ['the step limit', { maxSteps: 7 }, /maxSteps \(30, now 7\)/],
    ['the time limit', { timeLimit: 60 }, /timeLimit \(300, now 60\)/],
    ['the deadline', { deadline: 60 }, /deadline \(21600, now 60\)/],
    ['the session overflow', { sessionOverflow: 'summarise' }, /sessionOverflow \(drop, now summarise\)/],
  ])('changes with %s', (_, change, says) => {
    const [problem, ...others] = problems(lockOf(define()), define(change));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ kind: 'changed', agent: 'exchange', version: '1' });
    expect(problem?.says).toMatch(says);
    expect(problem?.says).toMatch(/Raise the version.*`earlier`.*agents lock --replace exchange/);
  });

  it('does not change with the description, the day budget or code', () => {
    const other = define({
      description: 'Money.',
      dayBudget: { usd: 7 },
      check: () => ['wrong'],
      tools: [{ ...lookUp('rates'), run: async () => 'lost' }],
    });
    expect(problems(lockOf(define()), other)).toEqual([]);
  });

  it('has the object limit of an agent that takes objects, and of no other', () => {
    const taker = (maxObjectBytes: number) =>
      defineAgent({
        name: 'exchange',
        version: '1',
        tier: 'fast',
        system: 'You read invoices.',
        input: objectInputSchema,
        output: options.output,
        maxObjectBytes,
      });
    expect(problems(lockOf(taker(8)), taker(7))).toMatchObject([{ says: expect.stringContaining('(8, now 7)') }]);
    expect(problems(lockOf(define({ maxObjectBytes: 8 })), define({ maxObjectBytes: 7 }))).toEqual([]);
  });

  it('is the same on every machine', () => {
    expect(stampOf(define(), sha256)).toEqual({
      system: 'sha256:3c1bde44aa9fa5ba45f9f3c4fbd80065d6e5af9faf1657c68d5ecc2a427a00af',
      tier: 'fast',
      input: 'sha256:9393a9f943f266c1ab7e865d45f9247401b1ddb5c48af3fc6ba2bfa9c680d483',
      output: 'sha256:89bea4866e3834b02c7bbc87ebcdecdc1a52e0aab3e737e7b5954d7451a4c1bb',
      takesObject: 'false',
      tools: 'rates',
      'tools.rates': 'sha256:091489e8f435699b818bda2500406f17eaa8bedb3e21c977660c70c5da021575',
      'budget.tokens': '200000',
      'budget.usd': '2',
      maxOutputTokens: '1024',
      maxSteps: '30',
      timeLimit: '300',
      deadline: '21600',
      sessionOverflow: 'drop',
    });
  });

  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined })).toBe('{"b":[{"c":null,"d":1}]}');
  });
});

describe('a version', () => {
  it('is in the lock after it was locked, as is every earlier one', () => {
    const second = define({ version: '2', tier: 'deep', earlier: [define()] });
    const third = define({ version: '3', earlier: [second] });
    const lock = lockOf(third);
    expect(Object.keys(lock.agents['exchange'] ?? {})).toEqual(['1', '2', '3']);
    expect(problems(lock, third)).toEqual([]);
  });

  it('that is not in the lock is named, with the remedy', () => {
    const says =
      'Version "1" of the agent exchange is not in systems/exchange/agents.lock.json. Run `npm run fleet -- agents lock` and commit the file.';
    expect(problems(null, define())).toEqual([{ kind: 'unlocked', agent: 'exchange', version: '1', says }]);
    expect(problems({ agents: {} }, define({ version: 'constructor' }))).toMatchObject([{ kind: 'unlocked' }]);
  });

  it('that was raised without `earlier` is named, with the remedy', () => {
    const gone = problems(lockOf(define()), define({ version: '2' })).find(({ kind }) => kind === 'gone');
    expect(gone).toMatchObject({ agent: 'exchange', version: '1' });
    expect(gone?.says).toMatch(/no longer has the definition of its version "1".*`earlier`.*--retire exchange@1/);
  });

  it('of an agent that was removed is named, too', () => {
    expect(problems(lockOf(define()))).toMatchObject([{ kind: 'gone', agent: 'exchange' }]);
  });

  it('is checked as an earlier one, too', () => {
    const changed = define({ version: '2', earlier: [define({ tier: 'deep' })] });
    const lock = lockOf(define({ version: '2', earlier: [define()] }));
    expect(problems(lock, changed)).toMatchObject([{ kind: 'changed', version: '1' }]);
  });
});

describe('relock', () => {
  const lock = lockOf(define());

  it('adds new versions', () => {
    const next = define({ version: '2', earlier: [define()] });
    expect(relock(PATH, lock, [next], sha256, NOTHING)).toEqual(lockOf(next));
  });

  it('replaces a changed definition and drops a version only when it is told to', () => {
    const changed = define({ tier: 'deep' });
    expect(() => relock(PATH, lock, [changed], sha256, NOTHING)).toThrow(AgentsLockError);
    expect(() => relock(PATH, lock, [changed], sha256, { replace: ['other'], retire: [] })).toThrow(/has changed/);
    expect(relock(PATH, lock, [changed], sha256, { replace: ['exchange'], retire: [] })).toEqual(lockOf(changed));
    const raised = define({ version: '2' });
    expect(() => relock(PATH, lock, [raised], sha256, { replace: ['exchange'], retire: [] })).toThrow(/--retire/);
    expect(relock(PATH, lock, [raised], sha256, { replace: [], retire: ['exchange@1'] })).toEqual(lockOf(raised));
  });
});

describe('a lock file', () => {
  it('is read as it was written', () => {
    const lock = lockOf(define());
    expect(parseLock(PATH, formatLock(lock))).toEqual(lock);
  });

  it.each([
    [
      '<<<<<<< HEAD\n{}',
      /has merge conflicts\. Keep the entries of both sides, then run `npm run fleet -- agents lock`/,
    ],
    ['{ "agents": {\n=======\n} }', /has merge conflicts/],
    ['{ "agents": ', /cannot be used: .*JSON.*Restore it from version control/],
    ['[]', /cannot be used: /],
    ['{ "agents": { "exchange": { "1": { "tier": 7 } } } }', /agents\.exchange\.1\.tier must be text/],
    ['{ "agents": {}, "more": 1 }', /unknown field more/],
  ])('that is broken is rejected by its name: %j', (text, message) => {
    expect(() => parseLock(PATH, text)).toThrow(AgentsLockError);
    expect(() => parseLock(PATH, text)).toThrow(message);
    expect(() => parseLock(PATH, text)).toThrow(PATH);
  });
});
