import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { chain } from './chain.ts';
import { startFixture } from '../../testing/cloud.ts';

test('after a kill and a restart the cloud processes every message', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-killed-'));
  const script = fileURLToPath(new URL('./victim.ts', import.meta.url));
  const victim = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  // All 60 messages are stored. With five concurrent batches of 40 ms each, most are still pending.
  await once(victim.stdout, 'data');
  victim.kill('SIGKILL');
  await once(victim, 'exit');

  const cloud = await startFixture(chain, { root });
  const { TableName } = cloud.outputs['Fixture'] ?? {};
  const stored = async (): Promise<number> =>
    Number((await cloud.call('dynamodb', 'Scan', { TableName, Select: 'COUNT' }, ROOT))['Count']);
  const before = await stored();
  expect(before).toBeLessThan(60);
  await expect.poll(stored).toBe(60);
  await cloud.close();
  rmSync(root, { recursive: true });
});
