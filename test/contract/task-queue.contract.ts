import { describe, expect, it } from 'vitest';
import type { ReceivedMessage, TaskQueue } from '#core/ports/task-queue.ts';
import type { QueueName } from '#core/tasks/task.ts';
import { freshId } from './samples.ts';

/** Visibility timeout of received messages, in milliseconds. */
export const VISIBILITY_MS = 30_000;

/** A queue, from both ends, with a clock that only the test advances. */
export interface QueueUnderTest {
  readonly queue: TaskQueue;
  /** The agent whose pool the queues belong to. */
  readonly agent: string;
  readonly receive: (
    priority: QueueName,
  ) => Promise<{ readonly body: unknown; readonly message: ReceivedMessage } | null>;
  readonly advance: (ms: number) => void;
}

/** The contract of every task queue. */
export function taskQueueContract(open: () => Promise<QueueUnderTest>): void {
  describe('send', () => {
    it('sends the id to the queue of its priority', async () => {
      const { queue, agent, receive } = await open();
      const high = freshId();
      const normal = freshId();
      await queue.send({ id: high, agent, tenant: 'acme', priority: 'high' });
      await queue.send({ id: normal, agent, tenant: 'acme', priority: 'default' });
      expect((await receive('high'))?.body).toEqual({ type: 'task', taskId: high });
      expect((await receive('default'))?.body).toEqual({ type: 'task', taskId: normal });
      expect(await receive('high')).toBeNull();
    });

    it('delays a message, in whole seconds rounded up', async () => {
      const { queue, agent, receive, advance } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' }, 1_200);
      advance(1_900);
      expect(await receive('default')).toBeNull();
      advance(100);
      expect(await receive('default')).not.toBeNull();
    });

    it('rejects a delay that SQS does not support', async () => {
      const { queue, agent } = await open();
      const task = { id: freshId(), agent, tenant: 'acme', priority: 'default' } as const;
      await queue.send(task, 900_000);
      await expect(queue.send(task, 900_001)).rejects.toThrow(RangeError);
      await expect(queue.send(task, -1)).rejects.toThrow(RangeError);
      await expect(queue.send(task, Number.NaN)).rejects.toThrow(RangeError);
    });
  });

  describe('a received message', () => {
    it('reappears after its visibility timeout', async () => {
      const { queue, agent, receive, advance } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' });
      await receive('default');
      advance(VISIBILITY_MS - 1);
      expect(await receive('default')).toBeNull();
      advance(1);
      expect(await receive('default')).not.toBeNull();
    });

    it('stays hidden for the time that its worker sets, from that moment', async () => {
      const { queue, agent, receive, advance } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' });
      const received = await receive('default');
      advance(10_000);
      await received?.message.extend(15_000);
      advance(14_999);
      expect(await receive('default')).toBeNull();
      advance(1);
      expect(await receive('default')).not.toBeNull();
    });

    it('reappears at once when it is released', async () => {
      const { queue, agent, receive } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' });
      await (await receive('default'))?.message.extend(0);
      expect(await receive('default')).not.toBeNull();
    });

    it('that has already reappeared is not hidden from its next receiver', async () => {
      const { queue, agent, receive, advance } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' });
      const received = await receive('default');
      advance(VISIBILITY_MS);
      await expect(received?.message.extend(15_000)).resolves.toBeUndefined();
      expect(await receive('default')).not.toBeNull();
    });
  });
}
