import { expect, it } from 'vitest';
import { prepareReview } from '../../pull-request/prepare.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { execution, failing, INJECTION, reviewing } from './reviewing.ts';

const [first, second] = [execution('first'), execution('second')];

/** Repeats a step as the state machine does, with one crash at the nth call. Returns false once no call is left to fail. */
async function withCrash(
  { ports }: Pick<Awaited<ReturnType<typeof reviewing>>, 'ports'>,
  at: number,
  step: (with_: typeof ports) => Promise<unknown>,
): Promise<boolean> {
  const crashing = failing(ports, at);
  const crashed = await step(crashing.ports).then(
    () => false,
    (error: Error) => error.message === 'The function crashed.',
  );
  if (crashed) await step(ports);
  return crashed;
}

it('a pull request survives a crash at any call of its first step: nothing stays open, and no money is given back twice', async () => {
  let crashes = 0;
  for (let at = 1; ; at += 1) {
    const on = await reviewing();
    await prepareReview(on.ports, on.order(), first);
    await submitReview(on.ports, on.order(), first, 'token');
    const before = on.claim()?.checkRun ?? 0;
    const head = await on.push(`${INJECTION}export const n = 1;\n`);
    const next = on.order({ head });
    const crashed = await withCrash(on, at, async (ports) => prepareReview(ports, next, second));
    expect({ at, stopped: [...new Set(on.stopped)] }).toEqual({ at, stopped: [first.arn] });
    expect(on.claim()).toMatchObject({ execution: 'second', head, state: 'running', replaces: [], unsettled: [] });
    expect(on.pull.record().checkRuns).toMatchObject([{ headSha: head, status: 'in_progress' }]);
    expect(await on.checkRun(before)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    // D1: a counter may be too high after a crash, never too low.
    for (const held of await on.held()) expect(held).toBeGreaterThanOrEqual(on.usd());
    if (!crashed) break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(15);
});
