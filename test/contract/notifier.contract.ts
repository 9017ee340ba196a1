import { describe, expect, it } from 'vitest';
import type { TaskNotifier, TaskOutcome } from '#core/ports/notifier.ts';
import { freshId } from './samples.ts';

/** A notifier and its waiters. */
export interface NotifierUnderTest {
  readonly notifier: TaskNotifier;
  /** Starts waiting, and returns the token. */
  readonly wait: () => Promise<string>;
  /** The outcome that the waiter of a token received. */
  readonly heard: (token: string) => Promise<TaskOutcome>;
}

/** The contract of every notifier. */
export function notifierContract(open: () => Promise<NotifierUnderTest>): void {
  const outcome = (change: Partial<TaskOutcome> = {}): TaskOutcome => {
    const taskId = freshId();
    return { id: `${taskId}/end`, taskId, status: 'succeeded', ...change };
  };

  describe('answer', () => {
    it('sends the outcome to the waiter', async () => {
      const { notifier, wait, heard } = await open();
      const token = await wait();
      const good = outcome();
      await notifier.answer(token, good);
      expect(await heard(token)).toEqual(good);
    });

    it.each(['failed', 'cancelled', 'escalated'] as const)(
      'tells a waiter that its task %s, and why',
      async (status) => {
        const { notifier, wait, heard } = await open();
        const token = await wait();
        const bad = outcome({ status, reason: 'The PDF is "password-protected" — größer\nals' });
        await notifier.answer(token, bad);
        expect(await heard(token)).toEqual(bad);
      },
    );

    it('I6: can be repeated: the first outcome stands', async () => {
      const { notifier, wait, heard } = await open();
      const token = await wait();
      const good = outcome();
      await notifier.answer(token, good);
      await notifier.answer(token, good);
      await notifier.answer(token, { ...good, status: 'failed', reason: 'late' });
      expect(await heard(token)).toEqual(good);
    });
  });
}
