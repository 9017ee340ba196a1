import { z } from 'zod';
import type { Task } from '#core/tasks/task.ts';
import { isTerminal, same, type History } from './history.ts';
import { expectThat } from './violation.ts';

const objectInput = z.object({ object: z.object({ sha256: z.string() }) });

/**
 * I10: the same idempotency key is the same task.
 * - I10.1 Of equal bytes there is at most one task for a request, and a further one only after all before have failed.
 */
export function checkCreated(task: Task, others: Iterable<History>): void {
  const sha256 = digestOf(task);
  if (sha256 === null) return;
  for (const { task: other, alias } of others) {
    if (digestOf(other) !== sha256) continue;
    expectThat(
      !same(other.request, task.request),
      'I10.1',
      () => `a second task besides ${alias} for the same request`,
    );
    const failed = other.state.status === 'failed' || other.state.status === 'cancelled';
    const word = isTerminal(other.state) ? 'has' : 'is';
    expectThat(
      failed,
      'I10.1',
      () => `another task was made for the bytes of ${alias}, which ${word} ${other.state.status}`,
    );
  }
}

function digestOf({ input }: Task): string | null {
  const { data } = objectInput.safeParse(input);
  return data?.object.sha256 ?? null;
}
