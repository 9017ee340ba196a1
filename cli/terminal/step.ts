import { duration } from './format.ts';
import type { Output } from './output.ts';

const TICK_MS = 1_000;
/** A step that took at least this long leaves a line, so that a slow start can be explained afterwards. */
const NOTABLE_MS = 3_000;

/**
 * Runs one step of something that takes long. While it runs, its name, its seconds and what it does are the progress.
 * @param name with -ing, such as `Starting the local cloud`
 * @param work receives a function that says what the step does at the moment
 */
export async function step<Result>(
  output: Output,
  name: string,
  work: (about: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const took = (): number => performance.now() - startedAt;
  let current = '';
  const show = (): void => output.progress(`${name} (${duration(took())})${current === '' ? ' …' : `: ${current}`}`);
  show();
  const ticking = setInterval(show, TICK_MS);
  try {
    const result = await work((text) => {
      current = text;
      show();
    });
    if (took() >= NOTABLE_MS) output.line(`${name} took ${duration(took())}.`);
    return result;
  } finally {
    clearInterval(ticking);
    output.progress('');
  }
}
