import { describe, expect, it } from 'vitest';
import type { Runs } from '#core/ports/runs.ts';

export interface RunsUnderTest {
  readonly runs: Runs;
  /** Inputs of the runs that were started with a name. */
  readonly started: (name: string) => Promise<readonly unknown[]>;
  /** Lets a run end. */
  readonly end: (name: string) => Promise<void>;
}

/** The contract of every starter of runs. */
export function runsContract(open: () => Promise<RunsUnderTest>): void {
  describe('start', () => {
    it('starts a run with its name', async () => {
      const { runs, started } = await open();
      await runs.start('upload-1', { uploadId: 'upload-1', retry: 0 });
      expect(await started('upload-1')).toEqual([{ uploadId: 'upload-1', retry: 0 }]);
      expect(await started('upload-2')).toEqual([]);
    });

    it('starts it once, while it runs and after it has ended', async () => {
      const { runs, started, end } = await open();
      const input = { uploadId: 'upload-1', retry: 0 };
      await runs.start('upload-1', input);
      await Promise.all([runs.start('upload-1', input), runs.start('upload-1', { ...input, retry: 1 })]);
      await end('upload-1');
      await runs.start('upload-1', input);
      expect(await started('upload-1')).toEqual([input]);
    });

    it('keeps names separate', async () => {
      const { runs, started } = await open();
      await runs.start('upload-1', { uploadId: 'upload-1', retry: 0 });
      await runs.start('upload-1-2', { uploadId: 'upload-1', retry: 0 });
      expect(await started('upload-1-2')).toHaveLength(1);
    });
  });
}
