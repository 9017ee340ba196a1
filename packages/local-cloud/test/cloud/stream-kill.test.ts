import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import { batches } from '../lambda/stream-mapping.support.ts';
import { streamChain, TEXTS } from './stream-chain.ts';

test('after a kill a mapping of a stream continues at its checkpoint', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-killed-'));
  const script = fileURLToPath(new URL('./stream-victim.ts', import.meta.url));
  const victim = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(victim.stdout, 'data');
  victim.kill('SIGKILL');
  await once(victim, 'exit');

  const cloud = await startFixture(streamChain, { root });
  await expect.poll(() => batches(cloud).flat().at(-1), { timeout: 90_000 }).toBe(TEXTS.at(-1));
  const seen = batches(cloud).flat();
  // It had begun the batch of the 21st record, so those before the batch were done and do not come again.
  expect(TEXTS.indexOf(seen[0] ?? '')).toBeGreaterThanOrEqual(20);
  expect(seen).toEqual(TEXTS.slice(TEXTS.length - seen.length));
  await cloud.close();
  rmSync(root, { recursive: true });
});
