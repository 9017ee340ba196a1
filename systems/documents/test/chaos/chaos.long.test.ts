import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chaos } from './run.ts';
import { complaints } from './verdict.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-chaos-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a fleet that is killed twice while it works loses, doubles and repeats nothing (I1, I3, I6)', async () => {
  const options = { kills: 2, documents: 30, seed: 42, agents: 10, latency: 200, folder };
  const result = await chaos(options, () => {});
  expect(complaints(result)).toEqual([]);
  expect(result.kills).toBe(2);
  expect(result.killsDuringRun).toBeGreaterThan(0);
  expect(result.modelCalls).toBeGreaterThanOrEqual(30);
});
