import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Command } from 'commander';
import { ApiClient, type Request } from '#cli/api/client.ts';
import { addPause, holdWords } from '#cli/pause.ts';
import type { Operation } from '#core/api/http/operation.ts';

let written = '';
const asked: (readonly [string, Request])[] = [];
beforeEach(() => {
  written = '';
  asked.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  vi.spyOn(ApiClient.prototype, 'call').mockImplementation((async (
    { path }: Operation,
    _: unknown,
    request: Request,
  ) => {
    asked.push([path, request]);
    const until = new Date(Date.now() + 60_000).toISOString();
    return {
      status: 'resuming',
      ...(request.query?.['steps'] !== undefined && { steps: [{ percent: 10, limit: 2, until }] }),
    };
  }) as ApiClient['call']);
});
afterEach(() => void vi.restoreAllMocks());

async function fleet(...args: readonly string[]): Promise<void> {
  const command = new Command('fleet').exitOverride();
  addPause(command);
  const at = ['--url', 'http://127.0.0.1:1', '--key', 'flk_test'];
  await command.parseAsync([...args, ...at], { from: 'user' });
}

it.each([
  [['assistant'], '/pools/{agent}/pause', 'resume assistant'],
  [['--tenant', 'acme'], '/tenants/{tenant}/pause', 'resume --tenant acme'],
  [['--all'], '/fleet/pause', 'resume --all'],
])('pause %j prints the commands that undo it', async (what, path, undo) => {
  await fleet('pause', ...what, '--reason', 'Why not.', '--by', 'ada');
  expect(asked).toMatchObject([[path, { body: { reason: 'Why not.', by: 'ada' } }]]);
  expect(written).toContain(`Undo: npm run fleet -- ${undo}\n`);
  expect(written).toContain(`Undo in steps: npm run fleet -- ${undo} --steps\n`);
});

it('resume --steps sends the steps once, and says which limits hold until when', async () => {
  await fleet('resume', '--all', '--steps', '--every', '10m');
  await fleet('resume', 'assistant', '--steps', '25,50');
  await fleet('resume', '--tenant', 'acme');
  expect(asked.map(([path, { query }]) => [path, query])).toEqual([
    ['/fleet/resume', { steps: '10,50,100', minutes: 10 }],
    ['/pools/{agent}/resume', { steps: '25,50', minutes: 5 }],
    ['/tenants/{tenant}/resume', {}],
  ]);
  expect(written).toMatch(/At most 2 tasks \(10 %\) at once until .*Z, for (1m 00s|60s|59s) from now/);
  expect(written).toContain('Skip the rest: npm run fleet -- resume --all\n');
});

it.each([[[]], [['assistant', '--all']], [['--all', '--tenant', 'acme']]])(
  'needs one thing to pause: %j',
  async (what) => {
    await expect(fleet('pause', ...what, '--reason', 'x')).rejects.toThrow('Give an agent, --tenant or --all.');
  },
);

it('what holds the fleet and tenants is one line each', () => {
  const paused = { status: 'paused', reason: 'Down.', by: 'ada' } as const;
  expect(holdWords({ fleet: paused, tenants: [{ tenant: 'acme', ...paused }] })).toEqual([
    'The fleet is paused by ada: Down.',
    'Tenant acme is paused by ada: Down.',
  ]);
  expect(holdWords({})).toEqual([]);
});
