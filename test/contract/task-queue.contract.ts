import { describe, expect, it } from 'vitest';
import type { ReceivedMessage, TaskQueue } from '#core/ports/task-queue.ts';
import type { QueueName } from '#core/tasks/task.ts';
import { freshId } from './samples.ts';

/** Milliseconds for which a receiver hides what it receives. */
export const VISIBILITY_MS = 30_000;

/** A queue seen from both ends, in a time that stands still until the test moves it. */
export interface QueueUnderTest {
  readonly queue: TaskQueue;
  /** The agent whose pool the queues belong to. */
  readonly agent: string;
  readonly receive: (
    priority: QueueName,
  ) => Promise<{ readonly body: unknown; readonly message: ReceivedMessage } | null>;
  readonly advance: (ms: number) => void;
}

/** What every task queue must do. */
export function taskQueueContract(open: () => Promise<QueueUnderTest>): void {
  describe('send', () => {
    it('makes the id known on the queue of its priority', async () => {
      const { queue, agent, receive } = await open();
      const high = freshId();
      const normal = freshId();
      await queue.send({ id: high, agent, tenant: 'acme', priority: 'high' });
      await queue.send({ id: normal, agent, tenant: 'acme', priority: 'default' });
      expect((await receive('high'))?.body).toEqual({ type: 'task', taskId: high });
      expect((await receive('default'))?.body).toEqual({ type: 'task', taskId: normal });
      expect(await receive('high')).toBeNull();
    });

    it('holds a delayed message back, in whole seconds rounded up', async () => {
      const { queue, agent, receive, advance } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' }, 1_200);
      advance(1_900);
      expect(await receive('default')).toBeNull();
      advance(100);
      expect(await receive('default')).not.toBeNull();
    });

    it('refuses a delay that SQS does not know', async () => {
      const { queue, agent } = await open();
      const task = { id: freshId(), agent, tenant: 'acme', priority: 'default' } as const;
      await queue.send(task, 900_000);
      await expect(queue.send(task, 900_001)).rejects.toThrow(RangeError);
      await expect(queue.send(task, -1)).rejects.toThrow(RangeError);
      await expect(queue.send(task, Number.NaN)).rejects.toThrow(RangeError);
    });
  });

  describe('a received message', () => {
    it('comes back when its time is over', async () => {
      const { queue, agent, receive, advance } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' });
      await receive('default');
      advance(VISIBILITY_MS - 1);
      expect(await receive('default')).toBeNull();
      advance(1);
      expect(await receive('default')).not.toBeNull();
    });

    it('stays hidden for as long as its worker says, counted from then', async () => {
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

    it('comes back at once when it is let go', async () => {
      const { queue, agent, receive } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' });
      await (await receive('default'))?.message.extend(0);
      expect(await receive('default')).not.toBeNull();
    });

    it('that has come back already is not hidden from its next receiver', async () => {
      const { queue, agent, receive, advance } = await open();
      await queue.send({ id: freshId(), agent, tenant: 'acme', priority: 'default' });
      const received = await receive('default');
      advance(VISIBILITY_MS);
      await expect(received?.message.extend(15_000)).resolves.toBeUndefined();
      expect(await receive('default')).not.toBeNull();
    });
  });
}
