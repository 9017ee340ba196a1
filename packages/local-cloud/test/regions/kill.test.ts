import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { TestRegions } from '../../testing/regions.ts';
import { EU, US, dynamoDb, globalTable, nothing, read } from './support.ts';

test('what a region confirmed and had not replicated when it was killed arrives after its next start', async () => {
  await using regions = new TestRegions({ [US]: { resources: globalTable }, [EU]: nothing });
  await regions.start(EU);
  const victim = fork(new URL('victim.ts', import.meta.url), [regions.root, regions.endpoints.get(EU) ?? '']);
  const written: number[] = [];
  victim.on('message', (number) => {
    written.push(Number(number));
    if (written.length === 200) victim.kill('SIGKILL');
  });
  await once(victim, 'exit');
  expect(written.length).toBeGreaterThanOrEqual(200);
  const eu = dynamoDb(regions, EU);
  expect(await read(eu, '0')).toBeUndefined();

  await regions.start(US);
  const arrived = async (): Promise<number> => {
    const values = await Promise.all(written.map((number) => read(eu, String(number))));
    return values.filter((value) => value === 'written').length;
  };
  await expect.poll(arrived, { timeout: 10_000 }).toBe(written.length);
  expect((await regions.status(EU)).replication.conflicts).toBe(0);
});
