import { describe, expect, it } from 'vitest';
import type { IntakeQueue } from '#core/ports/intake-queue.ts';

/** The intake's queue seen from both ends, in a time that stands still until the test moves it. */
export interface IntakeQueueUnderTest {
  readonly queue: IntakeQueue;
  /** Upload ids of the checks that are due, taken off the queue. */
  readonly due: () => Promise<readonly string[]>;
  readonly advance: (ms: number) => void;
}

/** What every intake queue must do. */
export function intakeQueueContract(open: () => Promise<IntakeQueueUnderTest>): void {
  describe('sendCheck', () => {
    it('comes when it is due, and once', async () => {
      const { queue, due, advance } = await open();
      await queue.sendCheck('upload-1', 59_100);
      advance(59_900);
      expect(await due()).toEqual([]);
      advance(100);
      expect(await due()).toEqual(['upload-1']);
      expect(await due()).toEqual([]);
    });

    it('keeps each upload apart', async () => {
      const { queue, due } = await open();
      await queue.sendCheck('upload-1', 0);
      await queue.sendCheck('upload-2', 0);
      expect((await due()).toSorted()).toEqual(['upload-1', 'upload-2']);
    });
  });
}
