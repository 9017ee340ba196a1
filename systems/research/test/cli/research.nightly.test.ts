import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runPageSchema, runViewSchema, type RunView } from '#core/api/runs/messages.ts';
import { FleetProgram } from '#test/cli/support/fleet-program.ts';
import { readLocalApi } from '#test/cli/support/local-api.ts';

/** `fleet research` as a person runs it: first with a fleet of its own, then on one that runs. */

let home: string;
let program: FleetProgram;
let up: ChildProcess | undefined;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-research-'));
  program = new FleetProgram(home);
});

afterAll(async () => {
  if (up !== undefined) {
    const ended = once(up, 'exit');
    up.kill('SIGTERM');
    await ended;
  }
  await rm(home, { recursive: true, force: true });
});

const nightsInto = (out: string): string[] => ['research', '--sample', '20', '--nights', '2', '--out', out, '--json'];

it('boots a fleet, researches two nights, and compares their briefs', async () => {
  const out = join(home, 'briefs');
  const { code, stdout, stderr } = await program.run(nightsInto(out));
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/Night 2\/2, 2026-11-03/) as string,
  });
  const result = JSON.parse(stdout) as { spent: number; nights: { changed: number; new: number }[] };
  const night = { companies: 20, citationsThatFail: 0, late: false, briefAt: expect.any(String) as string };
  expect(result).toMatchObject({ nights: [night, night], quality: { duplicates: 0, injected: 0 } });
  expect(result.spent).toBeGreaterThan(0);
  // By the clock of the night, which begins at 22:00.
  expect(result.nights.map((each) => (each as unknown as { briefAt: string }).briefAt.slice(0, 13))).toEqual([
    '2026-11-02T22',
    '2026-11-03T22',
  ]);
  const [first = '', second = ''] = ['2026-11-02', '2026-11-03'].map((date) => join(out, date));
  expect(await readFile(join(first, 'brief.html'), 'utf8')).toContain('Competitor brief, 2026-11-02');
  expect(await readdir(join(first, 'companies'))).toHaveLength(20);
  expect((await program.run(['research', 'diff', first, second, '--json'])).code).toBe(0);
});

it('searches the simulated web with --search, for a fee', async () => {
  const out = join(home, 'searched');
  const { code, stdout, stderr } = await program.run([...SEARCHED, '--out', out, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/searchers 3\/3/) as string });
  const result = JSON.parse(stdout) as { spent: number; nights: object[] };
  expect(result.nights).toMatchObject([{ companies: 3 }, { companies: 3, citationsThatFail: 0 }]);
  expect(result.spent).toBeGreaterThan(0.01);
});

const SEARCHED = ['research', '--sample', '3', '--nights', '2', '--search'];

it('attaches to a running fleet, and pays nothing twice', async () => {
  up = await program.up();
  expect(await program.run(SEARCHED)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('fleet -- down') as string,
  });
  const again = await program.run(nightsInto(join(home, 'again')));
  expect(JSON.parse(again.stdout)).toMatchObject({ nights: [{ companies: 20 }, { companies: 20 }], spent: 0 });
  const before = await readFile(join(home, 'briefs', '2026-11-03', 'brief.json'), 'utf8');
  const after = await readFile(join(home, 'again', '2026-11-03', 'brief.json'), 'utf8');
  const rowsOf = (text: string): unknown => (JSON.parse(text) as { companies: unknown }).companies;
  expect(rowsOf(after)).toEqual(rowsOf(before));

  const list = join(home, 'list.csv');
  await writeFile(list, '\uFEFFname;website\nNobody knows;\nNobody knows;\n');
  const unknown = await program.run(['research', '--companies', list, '--out', join(home, 'unknown'), '--json']);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ nights: [{ companies: 1, succeeded: 0, failed: 1 }], spent: 0 });
});

/** The newest run, once it exists. */
async function newestRun(): Promise<RunView | undefined> {
  const { api, key } = readLocalApi(home);
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${api}${path}`, { headers: { authorization: `Bearer ${key}` } })).json();
  const [head] = runPageSchema.parse(await get('/runs?limit=1')).runs;
  return head && runViewSchema.parse(await get(head.links.self));
}

const openIn = ({ tasks }: RunView): number => tasks.queued + tasks.running + tasks.parked;
const analystsOf = (run: RunView | undefined) => run?.agents?.find(({ agent }) => agent === 'company-analyst');

it('Ctrl-C cancels the run, no model call follows, and the same command continues', async () => {
  const other = ['research', '--sample', '20', '--seed', '2', '--out', join(home, 'stopped'), '--json'];
  const before = (await newestRun())?.id;
  const child = program.start(other);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const run = await vi.waitFor(
    async () => {
      const newest = await newestRun();
      expect(newest?.id).not.toBe(before);
      // Some have been paid for, others are at the model.
      expect(analystsOf(newest)?.tasks).toMatchObject({ succeeded: expect.any(Number) as number });
      expect(analystsOf(newest)?.tasks.succeeded).toBeGreaterThan(0);
      return newest;
    },
    { timeout: 120_000, interval: 50 },
  );
  const ended = once(child, 'close');
  child.kill('SIGINT');
  await vi.waitFor(() => expect(said).toContain(`Stopping: run ${run?.id} is cancelled`), { timeout: 1_000 });
  expect(await ended).toEqual([1, null]);
  expect(said).toContain('What has finished is kept.');
  expect(said).not.toMatch(/\n\s+at /);
  const stopped = await newestRun();
  expect(stopped).toMatchObject({ id: run?.id, status: 'ended', cancelled: true });
  // Nothing is left that could call the model.
  expect(stopped === undefined ? NaN : openIn(stopped)).toBe(0);

  const again = await program.run(other);
  expect({ code: again.code, stderr: again.stderr }).toMatchObject({ code: 0 });
  expect(JSON.parse(again.stdout)).toMatchObject({ nights: [{ companies: 20, citationsThatFail: 0, late: false }] });
  const next = await newestRun();
  expect(next?.id).not.toBe(run?.id);
  const finished = analystsOf(stopped)?.tasks.succeeded ?? 0;
  expect(finished).toBeGreaterThan(0);
  expect(analystsOf(next)?.tasks.succeeded ?? 0).toBeLessThanOrEqual(20 - finished);
});

it('the run of a killed command goes on, and the same command attaches to it', async () => {
  const out = join(home, 'killed');
  const third = ['research', '--sample', '20', '--seed', '3', '--out', out, '--json'];
  const before = (await newestRun())?.id;
  const child = program.start(third);
  const run = await vi.waitFor(
    async () => {
      const newest = await newestRun();
      expect(newest?.id).not.toBe(before);
      expect(newest?.agents?.[0]?.tasks.succeeded).toBeGreaterThan(0);
      return newest;
    },
    { timeout: 120_000, interval: 50 },
  );
  const killed = once(child, 'close');
  child.kill('SIGKILL');
  await killed;
  expect(await newestRun()).toMatchObject({ id: run?.id, status: 'running' });

  const { code, stdout, stderr } = await program.run(third);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('attached to it') as string });
  expect(JSON.parse(stdout)).toMatchObject({ nights: [{ companies: 20, citationsThatFail: 0, late: false }] });
  expect((await newestRun())?.id).toBe(run?.id);
  // Companies whose pages were asked for while the web was gone have waited for it.
  const { companies } = JSON.parse(await readFile(join(out, '2026-11-02', 'brief.json'), 'utf8')) as {
    companies: { reason?: string }[];
  };
  expect(companies.filter(({ reason }) => /ECONNREFUSED|not running/.test(reason ?? ''))).toEqual([]);
});
