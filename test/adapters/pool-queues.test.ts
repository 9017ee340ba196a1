import { expect, it } from 'vitest';
import { forwarding } from '#adapters/sqs/pool-queues.ts';
import type { HomeHolder } from '#adapters/dynamodb/regions/home-holders.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { freshId, sampleTask } from '../contract/samples.ts';

const [US, EU] = [0, 1] as const;
const task = sampleTask({ id: taskIdSchema.parse(`eu.${freshId()}`) });

/** The queues of a process in the US, and where its messages went. */
function queues(held: HomeHolder | null, last: number | null) {
  const sentTo: number[] = [];
  const queue = forwarding(
    {
      regions: { index: US, names: ['us', 'eu', 'ap'] },
      holders: { of: async () => held, lastOf: () => last },
    },
    (region) => ({ serves: async () => region === US, send: async () => void sentTo.push(region) }),
  );
  return { queue, sentTo };
}

it('send a task to the region that holds its home', async () => {
  const { queue, sentTo } = queues({ holder: EU, epoch: 1 }, US);
  await queue.send(task);
  expect(sentTo).toEqual([EU]);
  expect(await queue.serves('parrot')).toBe(true);
});

it('send a task to the region that held its home, if that does not say in time that it still does', async () => {
  const { queue, sentTo } = queues(null, EU);
  await queue.send(task);
  expect(sentTo).toEqual([EU]);
});

it('send nothing while nobody is known to have held the home', async () => {
  const { queue, sentTo } = queues(null, null);
  await queue.send(task);
  expect(sentTo).toEqual([]);
});
