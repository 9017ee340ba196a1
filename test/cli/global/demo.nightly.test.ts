import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Verdict } from '#cli/global/demo/verdict.ts';
import { FleetProgram } from '../support/fleet-program.ts';

it('a kill and a partition lose nothing, double nothing and fail no request', async () => {
  const home = await mkdtemp(join(tmpdir(), 'fleet-demo-'));
  onTestFinished(async () => {
    for (const folder of [home, `${home}-global`]) await rm(folder, { recursive: true, force: true });
  });
  const fleet = new FleetProgram(home);
  const { code, stdout, stderr } = await fleet.run(['global', 'demo', '--tasks', '300', '--seed', '7', '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const verdict = JSON.parse(stdout) as Verdict;
  expect(verdict).toMatchObject({
    accepted: 300,
    lost: 0,
    endedTwice: 0,
    repeatedSteps: 0,
    failedRequests: 0,
    budgetExceeded: 0,
    leaseOverlaps: 0,
    conflicts: 0,
  });
  expect(verdict.takeoverS).toBeLessThanOrEqual(45);
  expect(verdict.lagMsP99).toBeGreaterThan(0);
});
