import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT } from '../simulation/program/patched-core.ts';
import { loadRegionsCore } from '../simulation/regions/core.ts';
import { buildPorcupine, judge } from './porcupine.ts';
import { recordWorlds } from './worlds.ts';

/** `porcupine.test.ts` judges the first few. */
const WORLDS = 200;

let [program, judged] = ['', 'judged by Porcupine'];
try {
  program = await buildPorcupine();
} catch (error) {
  judged = `skipped: ${String(error)}`;
}

it.skipIf(program === '')(`each history of ${WORLDS} worlds is right (${judged})`, async () => {
  const core = await loadRegionsCore(PROJECT);
  const folder = mkdtempSync(join(tmpdir(), 'agent-fleet-history-'));
  const files = await recordWorlds({ core, folder, from: 1, worlds: WORLDS });
  const histories = await judge(program, files);
  expect(histories).toHaveLength(WORLDS);
  expect(histories.flatMap(({ violations, undecided }) => [...violations, ...undecided])).toEqual([]);
  expect(histories.reduce((sum, { calls }) => sum + calls, 0)).toBeGreaterThan(300_000);
});
