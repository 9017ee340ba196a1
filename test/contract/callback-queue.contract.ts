import { describe, expect, it } from 'vitest';
import { callbackOf, type CallbackMessage } from '#core/callbacks/event.ts';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';
import { NOW, sampleTask } from './samples.ts';

/** The callbacks' queue, from both ends. */
export interface CallbackQueueUnderTest {
  readonly queue: CallbackQueue;
  /** The messages on the queue, parsed like the receiver does. */
  readonly received: () => Promise<readonly CallbackMessage[]>;
}

/** The contract of every callbacks' queue. */
export function callbackQueueContract(open: () => Promise<CallbackQueueUnderTest>): void {
  const callback = (tenant = 'acme'): CallbackMessage => {
    const task = sampleTask({
      tenant,
      callback: { url: 'https://example.com/hook?key=ä' },
      metadata: { größe: 'XL' },
      state: { status: 'cancelled', finishedAt: NOW, notified: false },
    });
    const message = callbackOf(task, { status: 'cancelled', finishedAt: NOW, notified: false });
    if (!message) throw new Error('The task has a callback.');
    return message;
  };

  describe('send', () => {
    it('delivers the callback unchanged', async () => {
      const { queue, received } = await open();
      const sent = callback();
      await queue.send(sent);
      expect(await received()).toEqual([sent]);
    });

    it('I6: can be repeated: nothing is lost, and receivers handle duplicates', async () => {
      const { queue, received } = await open();
      const sent = callback();
      await queue.send(sent);
      await queue.send(sent);
      const got = await received();
      expect(got.length).toBeGreaterThanOrEqual(1);
      for (const message of got) expect(message).toEqual(sent);
    });

    it('accepts any tenant', async () => {
      const { queue, received } = await open();
      const sent = [callback('a tenant of ours, Köln'), callback('x'.repeat(200))];
      for (const message of sent) await queue.send(message);
      expect(await received()).toEqual(expect.arrayContaining(sent));
    });
  });
}
