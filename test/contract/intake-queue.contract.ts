import { describe, expect, it } from 'vitest';
import type { IntakeQueue } from '#core/ports/intake-queue.ts';

/** The intake's queue, from both ends, with a clock that only the test advances. */
export interface IntakeQueueUnderTest {
  readonly queue: IntakeQueue;
  /** Receives the checks that are due, and returns their upload ids. */
  readonly due: () => Promise<readonly string[]>;
  readonly advance: (ms: number) => void;
}

/** The contract of every intake queue. */
export function intakeQueueContract(open: () => Promise<IntakeQueueUnderTest>): void {
  describe('sendCheck', () => {
    it('delivers the check when it is due, once', async () => {
      const { queue, due, advance } = await open();
      await queue.sendCheck('upload-1', 59_100);
      advance(59_900);
      expect(await due()).toEqual([]);
      advance(100);
      expect(await due()).toEqual(['upload-1']);
      expect(await due()).toEqual([]);
    });

    it('keeps uploads separate', async () => {
      const { queue, due } = await open();
      await queue.sendCheck('upload-1', 0);
      await queue.sendCheck('upload-2', 0);
      expect((await due()).toSorted()).toEqual(['upload-1', 'upload-2']);
    });
  });
}
