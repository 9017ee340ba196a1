import { expect, it } from 'vitest';
import { publishPull } from '../../pull-request/publish.ts';
import { ended, first } from './ended.ts';
import { failing } from './reviewing.ts';

it('I7: a crash at any call, and its repetition, leave the trail whole', async () => {
  let crashes = 0;
  for (let at = 1; ; at += 1) {
    const on = await ended();
    const crashing = failing(on.ports, at);
    const crashed = await publishPull(crashing.ports, on.order(), first).then(
      () => false,
      (error: Error) => error.message === 'The function crashed.',
    );
    expect(await on.verdict()).toMatchObject({ whole: true });
    if (!crashed) break;
    await publishPull(on.ports, on.order(), first);
    expect(await on.verdict()).toMatchObject({ whole: true, announced: null });
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'completed', conclusion: 'neutral' }]);
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(8);
});
