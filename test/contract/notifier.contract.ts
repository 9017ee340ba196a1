import { describe, expect, it } from 'vitest';
import type { TaskNotifier, TaskOutcome } from '#core/ports/notifier.ts';
import { freshId } from './samples.ts';

/** A notifier and those who wait. */
export interface NotifierUnderTest {
  readonly notifier: TaskNotifier;
  /** Begins to wait and gives the token to answer. */
  readonly wait: () => Promise<string>;
  /** What the waiter of a token was told, once it was. */
  readonly heard: (token: string) => Promise<TaskOutcome>;
}

/** What every notifier must do. */
export function notifierContract(open: () => Promise<NotifierUnderTest>): void {
  const outcome = (change: Partial<TaskOutcome> = {}): TaskOutcome => {
    const taskId = freshId();
    return { id: `${taskId}/end`, taskId, status: 'succeeded', ...change };
  };

  describe('answer', () => {
    it('tells a waiter the outcome', async () => {
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

    it('I6: may be made again: the first answer stands', async () => {
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
