import { setTimeout } from 'node:timers/promises';

/**
 * Polls until `ask` returns a value, because an emulator sends no event when it is done. Rejects after `seconds` with
 * `what`.
 */
export async function until<Result>(
  what: string,
  seconds: number,
  signal: AbortSignal,
  ask: () => Promise<Result | undefined>,
): Promise<Result> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`Timed out after ${seconds} s: waited for ${what}.`);
    await setTimeout(200, undefined, { signal });
  }
}
