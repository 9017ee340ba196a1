import { describe, expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { dayOf, nextDay } from '#core/budgets/day-budget.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';
import { adder, adderOptions, workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };
/** The cost of 1,000 input and 100 output tokens on the fast tier. The cheap bound reserves about five times as much. */
const COST = 0.000_15;
const HOUR = 3_600_000;

const agentWith = (usd: number) => defineAgent({ ...adderOptions, dayBudget: { usd } });

function harness(options: { readonly agentUsd?: number; readonly deadlineHours?: number } = {}) {
  const { agentUsd, deadlineHours = 6 } = options;
  const h = workerHarness([ANSWER], agentUsd === undefined ? adder : agentWith(agentUsd));
  const accept = (key: string, change = {}) =>
    h.accept({ idempotencyKey: key, deadline: h.clock.now() + deadlineHours * HOUR, ...change });
  const sum = (of: 'tenant' | 'agent') =>
    h.daySpend.read({ of, name: of === 'agent' ? 'adder' : 'default', day: dayOf(h.clock.now()) });
  return { ...h, accept, sum };
}

describe('I4: day budgets across workers', () => {
  it('reserves nothing when no day budget is set', async () => {
    const h = harness();
    const refuse: DaySpend['reserve'] = () => Promise.reject(new Error('reserved'));
    const { id } = await h.accept('a');
    await h.deliver(id, { daySpend: { ...h.daySpend, reserve: refuse } });
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('a call is reserved for tenant and agent before it is made, and settled at its true cost after', async () => {
    const h = harness({ agentUsd: 1 });
    await h.limits.setTenant('default', { dayUsd: 1 });
    let during: unknown[] = [];
    const { id } = await h.accept('a');
    const invoke = async (request: Parameters<typeof h.model.invoke>[0]) => {
      during = [(await h.sum('tenant')).held.usd, (await h.sum('agent')).held.usd];
      return h.model.invoke(request);
    };
    await h.deliver(id, { model: { ...h.model, invoke } });
    expect(during).toEqual([expect.closeTo(during[1] as number, 9), expect.any(Number)]);
    expect(during[0]).toBeGreaterThan(COST);
    for (const of of ['tenant', 'agent'] as const) {
      expect((await h.sum(of)).held).toEqual({ usd: COST, tokens: 1_100 });
    }
  });

  it('a call that the provider rejected is released, and one that broke off stays charged', async () => {
    for (const [kind, held] of [
      ['throttled', 0],
      ['transient', expect.closeTo(0.000_75, 3) as number],
    ] as const) {
      const h = workerHarness([{ failure: { kind, reason: 'simulated' } }], agentWith(1));
      const { id } = await h.accept();
      await h.deliver(id);
      const { held: after } = await h.daySpend.read({ of: 'agent', name: 'adder', day: dayOf(h.clock.now()) });
      expect(after.usd).toEqual(held);
    }
  });

  it('the tenant’s reservation is released when the agent’s day budget is used up', async () => {
    const h = harness({ agentUsd: 0.000_1 });
    await h.limits.setTenant('default', { dayUsd: 1 });
    const { id } = await h.accept('a');
    await h.deliver(id);
    expect((await h.sum('tenant')).held).toEqual({ usd: 0, tokens: 0 });
    expect(h.model.requests).toHaveLength(0);
  });

  it('a call that fits on no day fails, and names the budget, what is left and the remedy', async () => {
    const h = harness({ agentUsd: 0.000_1, deadlineHours: 48 });
    const { id } = await h.accept('a');
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'over-budget' } });
    expect(JSON.stringify((await h.task(id)).state)).toMatch(/agent adder has \$0.0001 of \$0.0001 left .* dayBudget/);
    expect(h.events).toContainEqual({ type: 'budget.refused', of: 'agent' });
  });

  it('a used-up budget makes the task wait for the next day if its deadline allows it', async () => {
    const h = harness({ deadlineHours: 48 });
    await h.limits.setTenant('default', { dayTokens: 2_500 });
    const [first, second] = [await h.accept('a'), await h.accept('b')];
    await h.deliver(first.id);
    await h.deliver(second.id);
    const midnight = nextDay(h.clock.now());
    const waiting = (await h.task(second.id)).state;
    expect(waiting).toMatchObject({ status: 'parked', cause: 'budget' });
    const { until } = waiting as { until: number };
    expect(until).toBeGreaterThanOrEqual(midnight);
    expect(until).toBeLessThan(midnight + 300_000);
    expect(await h.task(second.id)).toMatchObject({ attempts: 0, reservation: null });
    h.clock.advance(until - h.clock.now());
    await h.deliver(second.id);
    expect((await h.task(second.id)).state.status).toBe('succeeded');
  });

  it('a used-up budget fails the task if its deadline is before the next day, and names the tenant’s limit', async () => {
    const h = harness();
    await h.limits.setTenant('default', { dayTokens: 2_500 });
    for (const key of ['a', 'b']) await h.deliver((await h.accept(key)).id);
    const states = h.store.all().map(({ state }) => state);
    expect(states[1]).toMatchObject({ status: 'failed', failure: { kind: 'over-budget' } });
    expect(JSON.stringify(states[1])).toMatch(/tenant default has 1400 of 2500 tokens left .* dayTokens/);
  });

  it('a budget reserved by calls in flight makes the task wait seconds, because they release what they do not need', async () => {
    const h = harness();
    await h.limits.setTenant('default', { dayTokens: 3_000 });
    const limit = { counter: { of: 'tenant', name: 'default', day: dayOf(h.clock.now()) }, most: {} } as const;
    await h.daySpend.reserve(limit, { usd: 0, tokens: 2_000 }, h.clock.now());
    const { id } = await h.accept('a');
    await h.deliver(id);
    const { state } = await h.task(id);
    expect(state).toMatchObject({ status: 'parked', cause: 'budget' });
    expect((state as { until: number }).until - h.clock.now()).toBeLessThan(60_000);
    // A dead worker's call releases nothing, so the task does not wait for a counter that no longer changes.
    h.clock.advance(150_000);
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'over-budget' } });
  });

  it('the exact token count is requested once when the limit is close', async () => {
    const h = harness();
    await h.limits.setTenant('default', { dayTokens: 2_100 });
    const { id } = await h.accept('a');
    await h.deliver(id);
    // 1,000 counted and 1,024 for the answer; the cheap bound asks for more than 2,100.
    expect((await h.task(id)).state.status).toBe('succeeded');
  });
});

describe('a worker that dies at any await', () => {
  /** Ports whose n-th call kills the worker, before or after it takes effect. */
  async function crashAt(n: number, when: 'before' | 'after') {
    const h = harness({ agentUsd: 0.01 });
    await h.limits.setTenant('default', { dayUsd: 0.01 });
    const { id } = await h.accept('a');
    let calls = 0;
    let die = (): void => undefined;
    const died = new Promise<'died'>((resolve) => {
      die = () => resolve('died');
    });
    const mortal = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get(target, name) {
          const method = Reflect.get(target, name) as unknown;
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            const fatal = (calls += 1) === n;
            if (!fatal || when === 'after') {
              const result: unknown = await Reflect.apply(method, target, args);
              if (!fatal) return result;
            }
            die();
            return new Promise(() => undefined);
          };
        },
      });
    const { store, model, daySpend, limits, usage, notifier } = h;
    const ports = { store, model, daySpend, limits, usage, notifier };
    const dying = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, mortal(port)]));
    // Its heartbeat dies with it.
    const clock = { ...h.clock, every: () => () => undefined };
    const outcome = await Promise.race([h.deliver(id, { ...dying, clock }), died]);
    // Another worker claims the task after the lease expires.
    h.clock.advance(20_000);
    await h.deliver(id);
    return { h, outcome, task: await h.task(id) };
  }

  it.each(['before', 'after'] as const)(
    'D1: the counters never hold less than was billed (%s the call)',
    async (when) => {
      let deaths = 0;
      for (let n = 1; ; n += 1) {
        const { h, outcome, task } = await crashAt(n, when);
        if (outcome !== 'died') break;
        deaths += 1;
        expect(task.state.status).toBe('succeeded');
        const billed = h.model.requests.length * COST;
        for (const of of ['tenant', 'agent'] as const) {
          const { held } = await h.sum(of);
          expect({ n, of, enough: held.usd >= billed - 1e-12, within: held.usd <= 0.01 }).toEqual({
            n,
            of,
            enough: true,
            within: true,
          });
        }
      }
      expect(deaths).toBeGreaterThan(10);
    },
  );
});
