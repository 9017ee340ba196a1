import { describe, expect, it } from 'vitest';
import { cancelRun, earlierRuns, orderOf, startOrAttach, untilEnded } from '../../cli/night-run.ts';
import { fakeApi, runView } from './fake-api.ts';

const COMPANY = { id: 'acme.test', name: 'Acme', sector: null, ticker: null, website: 'http://acme.test/', cik: null };
const ORDER = orderOf([COMPANY], '2026-11-02', 'simulated-1-8');
const AT_SEVEN = {
  deadline: Date.parse('2026-11-29T12:00:00Z'),
  due: Date.parse('2026-11-03T07:00:00Z'),
  budgetUsd: 2,
};

describe('the run of a night', () => {
  it('has the items, the group of the night, the limit, the deadline, and when its brief is due', async () => {
    const { api, submitted } = fakeApi();
    const run = await startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    expect(run).toMatchObject({ id: 'run-1', attached: false });
    expect(submitted()).toEqual([
      {
        workflow: 'research',
        name: ORDER.name,
        group: 'research simulated-1-8 2026-11-02',
        deadline: '2026-11-29T12:00:00.000Z',
        due: '2026-11-03T07:00:00.000Z',
        budgetUsd: 2,
        items: [{ ...COMPANY, night: '2026-11-02', space: 'simulated-1-8' }],
      },
    ]);
  });

  it('has earlier runs of the same night, and none of another', async () => {
    const { api, set } = fakeApi();
    await startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    set('run-1', { status: 'ended', cancelled: true });
    const { id } = await startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    await startOrAttach(api, { ...orderOf([COMPANY], '2026-11-03', 'simulated-1-8'), ...AT_SEVEN });
    expect((await earlierRuns(api, ORDER, id)).map((run) => run.id)).toEqual(['run-1']);
  });

  it('is attached to while it is under way', async () => {
    const { api, submitted, runs } = fakeApi();
    await startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    const again = await startOrAttach(api, { ...ORDER, ...AT_SEVEN, deadline: AT_SEVEN.deadline + 60_000 });
    expect(again).toMatchObject({ id: 'run-1', attached: true });
    expect({ runs: runs.length, submitted: submitted().length }).toEqual({ runs: 1, submitted: 1 });
  });

  it.each([
    ['no limit', undefined, 'has no limit, but --max-usd leaves $2.00 for it'],
    ['a higher limit', 3, 'may cost up to $3.00, but --max-usd leaves $2.00 for it'],
  ])('with %s is not attached to by a command with --max-usd', async (_, budgetUsd, words) => {
    const { api, submitted } = fakeApi();
    await startOrAttach(api, { ...ORDER, ...AT_SEVEN, budgetUsd });
    await expect(startOrAttach(api, { ...ORDER, ...AT_SEVEN })).rejects.toThrow(words);
    expect(submitted()).toHaveLength(1);
  });

  it.each([
    ['the same limit', 2],
    ['a higher one', 3],
    ['none', undefined],
  ])('is attached to by a command with %s, which gets to know the limit', async (_, budgetUsd) => {
    const { api } = fakeApi();
    await startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    expect(await startOrAttach(api, { ...ORDER, ...AT_SEVEN, budgetUsd })).toEqual({
      id: 'run-1',
      attached: true,
      budgetUsd: 2,
    });
  });

  it('is not attached to by a command that started in the same moment with a lower limit', async () => {
    const { api, runs } = fakeApi();
    const orders = [3, 2].map((budgetUsd) => startOrAttach(api, { ...ORDER, ...AT_SEVEN, budgetUsd }));
    const [first, second] = await Promise.allSettled(orders);
    expect(first).toMatchObject({ status: 'fulfilled', value: { id: 'run-1', budgetUsd: 3 } });
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('$3.00') as string },
    });
    expect(runs).toHaveLength(1);
  });

  it('is another one once the last has ended, in the same group', async () => {
    const { api, submitted, set } = fakeApi();
    await startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    set('run-1', { status: 'ended' });
    expect(await startOrAttach(api, { ...ORDER, ...AT_SEVEN })).toMatchObject({ id: 'run-2', attached: false });
    expect(submitted().map((body) => (body as { group: string }).group)).toEqual([ORDER.group, ORDER.group]);
  });

  it('is not that of other companies, of another night or of another web', async () => {
    const { api, runs } = fakeApi();
    const other = { ...COMPANY, id: 'bolt.test' };
    const orders = [
      ORDER,
      orderOf([COMPANY, other], '2026-11-02', 'simulated-1-8'),
      orderOf([COMPANY], '2026-11-03', 'simulated-1-8'),
      orderOf([COMPANY], '2026-11-02', 'simulated-2-8'),
    ];
    for (const order of orders)
      expect(await startOrAttach(api, { ...order, ...AT_SEVEN })).toMatchObject({ attached: false });
    expect(runs).toHaveLength(4);
    expect(orderOf([other, COMPANY], '2026-11-02', 'simulated-1-8').name).toBe(orders[1]?.name);
  });

  it('waits for the end of a cancelled run, and starts another', async () => {
    const { api, set } = fakeApi();
    await startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    set('run-1', { cancelled: true });
    const next = startOrAttach(api, { ...ORDER, ...AT_SEVEN });
    set('run-1', { status: 'ended' });
    expect(await next).toMatchObject({ id: 'run-2', attached: false });
  });

  it('two commands that start it at once have one run', async () => {
    const { api, runs } = fakeApi();
    const started = await Promise.all([
      startOrAttach(api, { ...ORDER, ...AT_SEVEN }),
      startOrAttach(api, { ...ORDER, ...AT_SEVEN, deadline: AT_SEVEN.deadline + 1 }),
    ]);
    expect(started.map(({ id }) => id)).toEqual(['run-1', 'run-1']);
    expect(new Set(started.map(({ attached }) => attached))).toEqual(new Set([false, true]));
    expect(runs).toHaveLength(1);
  });
});

describe('Ctrl-C', () => {
  it('stops watching at once', async () => {
    const { api } = fakeApi([runView('run-1')]);
    const controller = new AbortController();
    const watched = untilEnded(api, 'run-1', { signal: controller.signal, onView: () => controller.abort() });
    await expect(watched).rejects.toThrow('aborted');
  });

  it('cancels the run', async () => {
    const { api, asked, runs } = fakeApi([runView('run-1')]);
    expect(await cancelRun(api, 'run-1')).toBe(true);
    expect(asked[0]?.route).toBe('POST /runs/{id}/cancel');
    expect(runs[0]).toMatchObject({ cancelled: true });
  });
});
