import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { inputName } from '../../pull-request/plan-file.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { giveUp, publishPull } from '../../pull-request/publish.ts';
import { announceReview } from '../../pull-request/show-progress.ts';
import { reviewed } from './answer.ts';
import { execution, failing, INJECTION, reviewing } from './reviewing.ts';

const [first, second] = [execution('first'), execution('second')];
type Reviewing = Awaited<ReturnType<typeof reviewing>>;

/** The states that a check run was given, in their order. */
function statesSent(): string[] {
  const states: string[] = [];
  const real = globalThis.fetch;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (init?.method !== 'GET' && /\/check-runs/.test(url) && typeof init?.body === 'string')
      states.push((JSON.parse(init.body) as { status: string }).status);
    return real(input, init);
  });
  onTestFinished(() => spy.mockRestore());
  return states;
}

/** A push to the pull request, as its delivery orders it. */
async function pushed(on: Reviewing, text: string) {
  const before = on.order().head;
  const head = await on.push(`${INJECTION}${text}`);
  return on.order({ head, before, pushed: true });
}

describe('the check run', () => {
  it('of a new pull request is queued, in progress and completed, each once', async () => {
    const on = await reviewing();
    const states = statesSent();
    await reviewed(on, on.order, first);
    await publishPull(on.ports, on.order(), first);
    expect(states).toEqual(['queued', 'in_progress', 'completed']);
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  });

  it('of a push is queued before the push waits for others, and is the same afterwards', async () => {
    const on = await reviewing();
    const order = await pushed(on, 'export const n = 1;\n');
    await announceReview(on.ports, order, first);
    expect(on.pull.record().checkRuns).toMatchObject([{ headSha: order.head, status: 'queued' }]);
    await prepareReview(on.ports, order, first);
    expect(on.pull.record().checkRuns).toMatchObject([{ headSha: order.head, status: 'in_progress' }]);
    expect(on.claim()?.checkRun).toBe(on.pull.record().checkRuns[0]?.id);
  });

  it('of a push that another one replaces meanwhile is cancelled', async () => {
    const on = await reviewing();
    const old = await pushed(on, 'export const n = 1;\n');
    await announceReview(on.ports, old, first);
    const queued = on.pull.record().checkRuns[0]?.id ?? 0;
    const next = await pushed(on, 'export const n = 2;\n');
    await announceReview(on.ports, next, second);
    expect(await prepareReview(on.ports, next, second)).toEqual({ outcome: 'review' });
    expect(await prepareReview(on.ports, old, first)).toEqual({ outcome: 'over', reason: 'its head has moved' });
    expect(await on.checkRun(queued)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    expect(on.pull.record().checkRuns).toMatchObject([{ headSha: next.head, status: 'in_progress' }]);
  });

  it('of a push whose review fails before it has a claim is cancelled', async () => {
    const on = await reviewing();
    const order = await pushed(on, 'export const n = 1;\n');
    await announceReview(on.ports, order, first);
    expect(await giveUp(on.ports, order, first)).toEqual({ outcome: 'superseded' });
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }]);
  });

  it('is not opened again for a head that is being reviewed, and leaving that one does not cancel it', async () => {
    const on = await reviewing();
    const order = await pushed(on, 'export const n = 1;\n');
    await prepareReview(on.ports, order, first);
    await announceReview(on.ports, order, second);
    expect(await prepareReview(on.ports, order, second)).toMatchObject({ outcome: 'over' });
    await giveUp(on.ports, order, second);
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'in_progress' }]);
  });

  it('does not stay open when the review is taken over right before it starts', async () => {
    const on = await reviewing();
    const order = on.order();
    const states = statesSent();
    let opened = 0;
    const put: Reviewing['ports']['files']['put'] = async (name, value) => {
      await on.ports.files.put(name, value);
      if (name !== inputName('first')) return;
      opened = on.claim()?.checkRun ?? 0;
      await prepareReview(on.ports, await pushed(on, 'export const n = 1;\n'), second);
    };
    const ports = { ...on.ports, files: { ...on.ports.files, put } };
    expect(await prepareReview(ports, order, first)).toEqual({ outcome: 'over', reason: 'superseded' });
    expect(await on.checkRun(opened)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'in_progress' }]);
    // Those of the first, and then those of the second: the first opens nothing that was cancelled.
    expect(states).toEqual(['queued', 'completed', 'queued', 'in_progress']);
  });

  it.each([
    ['repeated', prepareReview],
    ['given up', giveUp],
  ])('is cancelled when its execution opened it again, crashed and is %s', async (_, next) => {
    const on = await reviewing();
    const order = on.order();
    let isStarting = false;
    let opened = 0;
    const put: Reviewing['ports']['files']['put'] = async (name, value) => {
      await on.ports.files.put(name, value);
      isStarting = name === inputName('first');
    };
    const get: Reviewing['ports']['claims']['get'] = async (of) => {
      if (opened !== 0) throw new Error('The function crashed.');
      const claim = await on.ports.claims.get(of);
      if (!isStarting) return claim;
      opened = claim?.checkRun ?? 0;
      await prepareReview(on.ports, await pushed(on, 'export const n = 1;\n'), second);
      return claim;
    };
    const ports = { ...on.ports, files: { ...on.ports.files, put }, claims: { ...on.ports.claims, get } };
    await expect(prepareReview(ports, order, first)).rejects.toThrow('crashed');
    expect(await on.checkRun(opened)).toMatchObject({ status: 'in_progress' });
    await next(on.ports, order, first);
    expect(await on.checkRun(opened)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'in_progress' }]);
  });

  it('is cancelled at each crash of a push that another one replaces', async () => {
    for (let at = 1; ; at += 1) {
      const on = await reviewing();
      const old = await pushed(on, 'export const n = 1;\n');
      await announceReview(on.ports, old, first);
      const queued = on.pull.record().checkRuns[0]?.id ?? 0;
      const crashed = await prepareReview(failing(on.ports, at).ports, old, first).then(
        () => false,
        () => true,
      );
      const next = await pushed(on, 'export const n = 2;\n');
      await prepareReview(on.ports, next, second);
      // The state machine repeats it, unless it was stopped.
      if (!on.stopped.includes(first.arn)) await prepareReview(on.ports, old, first);
      expect(await on.checkRun(queued)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
      if (!crashed) break;
    }
  });

  it('need not be announced: what GitHub refuses is reported', async () => {
    const on = await reviewing();
    const reported: string[] = [];
    const report = (event: string): void => void reported.push(event);
    on.github.fault({ fault: 'secondary-limit', method: 'POST', path: '/check-runs', times: 1, seconds: 72 });
    await announceReview({ ...on.ports, report }, await pushed(on, 'export const n = 1;\n'), first);
    expect(reported).toContain('review.not-announced');
  });
});
