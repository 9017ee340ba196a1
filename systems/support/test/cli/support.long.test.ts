import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FleetProgram } from '#test/cli/support/fleet-program.ts';

/** Runs `fleet support` for a short day, on a temporary fleet. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-day-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

it('answers every message, escalates those that need a person, and writes the report', async () => {
  const out = join(home, 'report');
  const day = ['support', '--minutes', '0.1', '--volume', '5', '--out', out, '--json'];
  const { code, stdout, stderr } = await new FleetProgram(home).run(day);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const summary = JSON.parse(stdout) as Record<string, unknown> & { sent: number };
  expect(summary.sent).toBeGreaterThan(10);
  expect(summary).toMatchObject({
    answered: summary.sent,
    lost: 0,
    doubled: 0,
    modelThrottles: 0,
    judged: {
      failed: 0,
      wronglyResolved: [],
      refundsDoubled: [],
      refundsUndue: [],
      refundsMissed: [],
      needPerson: expect.toSatisfy((number: number) => number > 0),
      usdAConversation: expect.toSatisfy((usd: number) => usd > 0),
    },
  });
  const page = await readFile(join(out, 'support.html'), 'utf8');
  expect(page).toContain('<svg');
  expect(JSON.parse(await readFile(join(out, 'support.json'), 'utf8'))).toMatchObject({ lost: 0 });
});
