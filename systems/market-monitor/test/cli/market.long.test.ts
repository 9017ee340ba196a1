import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FleetProgram } from '#test/cli/support/fleet-program.ts';

/** `fleet market` as a person runs it: a day on a fleet of its own, then a file to one that runs. */

let home: string;
let program: FleetProgram;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-market-'));
  program = new FleetProgram(home);
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('plays a day: no event is lost or doubled, and no urgent alert missed', async () => {
  const out = join(home, 'day');
  const { code, stdout, stderr } = await program.run([
    'market',
    'demo',
    '--events',
    '1000',
    '--minutes',
    '1',
    '--out',
    out,
    '--json',
  ]);
  if (stdout === '') throw new Error(stderr);
  const result = JSON.parse(stdout) as { events: number; digests: number; unfinished: string[] };
  // A busy machine makes digests before their events are read, and says so.
  expect(code).toBe(result.unfinished.length === 0 ? 0 : 1);
  expect(result).toMatchObject({
    lost: 0,
    doubled: 0,
    outOfOrder: 0,
    alerts: { missed: 0, duplicates: 0 },
  });
  expect(result.events).toBeGreaterThanOrEqual(2_000);
  expect(result.digests).toBeGreaterThanOrEqual(6);
  expect(await readFile(join(out, 'digest.html'), 'utf8')).toContain('<html');
});

it('sends the events of a file to a fleet that runs, and rejects a file without events', async () => {
  const file = join(home, 'day.jsonl');
  const data = { ticker: 'AAPL', action: 'dividend', exDate: '2026-11-20', amount: 1 };
  const event = {
    specversion: '1.0',
    id: '1',
    source: 'test',
    type: 'market.corporate-action.v1',
    subject: 'cik:0000320193',
    time: '2026-11-17T15:00:00Z',
    data,
  };
  await writeFile(file, `${JSON.stringify(event)}\nno event\n`);
  const nobody = await program.run(['market', 'replay', file]);
  expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('npm start') as string });
  const up = await program.up();
  try {
    const sent = await program.run(['market', 'replay', file, '--minutes', '0.1', '--json']);
    expect(JSON.parse(sent.stdout)).toMatchObject({
      events: 1,
      rejected: [{ line: 2 }],
      tooBig: [],
      setAside: { count: 1, reasons: { 'not-json': 1 } },
    });
    const rejected = await program.run(['market', 'rejected', '--since', '1h', '--json']);
    expect(JSON.parse(rejected.stdout)).toMatchObject({
      count: 1,
      reasons: { 'not-json': 1 },
      records: [{ reason: 'not-json', bytes: 8, subject: null }],
    });
    expect((await program.run(['market', 'rejected', '--details'])).stdout).toContain('Send one CloudEvent as JSON');
    expect(await program.run(['market', 'rejected', '--since', '40d'])).toMatchObject({ code: 2 });
    await writeFile(file, '\n');
    expect((await program.run(['market', 'replay', file])).code).not.toBe(0);
  } finally {
    const ended = once(up, 'exit');
    up.kill('SIGTERM');
    await ended;
  }
});
