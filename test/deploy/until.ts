import { setTimeout } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer: an emulator tells nobody when it is done. Rejects after `seconds`
 * with what was waited for.
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
    if (performance.now() > deadline) throw new Error(`Waited ${seconds} s in vain for ${what}.`);
    await setTimeout(200, undefined, { signal });
  }
}
