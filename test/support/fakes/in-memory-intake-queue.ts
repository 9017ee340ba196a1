import type { Clock } from '#core/ports/clock.ts';
import type { IntakeQueue } from '#core/ports/intake-queue.ts';

export interface InMemoryIntakeQueue extends IntakeQueue {
  /** Takes the checks that are due, as upload ids in the order of their times. */
  due(): readonly string[];
}

/** The intake's own messages in memory. */
export function inMemoryIntakeQueue(clock: Pick<Clock, 'now'>): InMemoryIntakeQueue {
  let checks: ReadonlyArray<{ readonly uploadId: string; readonly at: number }> = [];
  return {
    async sendCheck(uploadId, delayMs) {
      checks = [...checks, { uploadId, at: clock.now() + Math.ceil(delayMs / 1_000) * 1_000 }];
    },
    due() {
      const now = clock.now();
      const ripe = checks.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      checks = checks.filter(({ at }) => at > now);
      return ripe.map(({ uploadId }) => uploadId);
    },
  };
}
