import { describe, expect, it } from 'vitest';
import { dynamodbDaySpend } from '#adapters/dynamodb/day-spend.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { dayOf } from '#core/budgets/day-budget.ts';
import { costUsd, roundUsd } from '#core/models/price.ts';
import { isTerminal } from '#core/tasks/task.ts';
import { seededIds } from '../support/fakes/seeded-ids.ts';
import { adderOptions, workerHarness } from '../support/worker-harness.ts';
import { stateTable } from './local-services.ts';
import { freshId } from './samples.ts';

const WORKERS = 50;
const TASKS = 400;
const AGENT_USD = 0.05;
const TENANT_USD = 0.03;

describe('I4 with 50 workers at once, on DynamoDB', () => {
  const at = stateTable();

  it('no limit is ever exceeded, and each is almost used up', async () => {
    const ids = seededIds(7);
    const agent = defineAgent({ ...adderOptions, name: `adder-${process.pid}`, dayBudget: { usd: AGENT_USD } });
    const billed = new Map<string, number>();
    const usage = () => ({
      input: 200 + Math.floor(ids.random() * 800),
      output: 1 + Math.floor(ids.random() * 900),
      cacheRead: 0,
      cacheWrite: 0,
    });
    const h = workerHarness(
      [() => ({ answer: { content: [{ type: 'text', text: '{"sum":3}' }], usage: usage() } })],
      agent,
    );
    const daySpend = dynamodbDaySpend({ ...at(), onceClient: at().client });
    const limits = dynamodbLimits(at());
    const tenants = [freshId('tenant'), freshId('tenant')];
    for (const tenant of tenants) await limits.setTenant(tenant, { dayUsd: TENANT_USD });
    const day = dayOf(h.clock.now());
    const heldBy = (of: 'tenant' | 'agent', name: string) => daySpend.read({ of, name, day });

    let over = 0;
    const add = (name: string, usd: number): void => void billed.set(name, roundUsd((billed.get(name) ?? 0) + usd));
    const work = async (index: number): Promise<void> => {
      const tenant = tenants[index % tenants.length] ?? '';
      const { id } = await h.accept({ idempotencyKey: `${index}`, tenant });
      const invoke: typeof h.model.invoke = async (request) => {
        const answer = await h.model.invoke(request);
        const usd = costUsd(h.ports.catalogue, request.model, answer.usage);
        for (const name of [tenant, agent.name]) add(name, usd);
        const most = [...tenants.map((name) => [name, TENANT_USD] as const), [agent.name, AGENT_USD] as const];
        over += most.filter(([name, limit]) => (billed.get(name) ?? 0) > limit).length;
        return answer;
      };
      const model = { ...h.model, invoke };
      // Parked for seconds while other calls are in flight. It runs again, like its message.
      for (let turn = 0; turn < 200 && !isTerminal((await h.task(id)).state); turn += 1) {
        h.clock.advance(20);
        await h.deliver(id, { daySpend, limits, model });
      }
    };
    const indexes = Array.from({ length: TASKS }, (_, index) => index).values();
    const worker = async (): Promise<void> => {
      for (const index of indexes) await work(index);
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));

    expect(over).toBe(0);
    const spent = await heldBy('agent', agent.name);
    expect(spent.held.usd).toBeLessThanOrEqual(AGENT_USD);
    // Everything is settled, so the counter equals the billed amount, to the billionth.
    expect(spent.held.usd).toBeCloseTo(billed.get(agent.name) ?? 0, 9);
    expect(spent.held.usd).toBeGreaterThan(AGENT_USD * 0.95);
    for (const tenant of tenants) {
      const { held } = await heldBy('tenant', tenant);
      expect(held.usd).toBeCloseTo(billed.get(tenant) ?? 0, 9);
      expect(held.usd).toBeLessThanOrEqual(TENANT_USD);
    }
    const ended = Object.groupBy(h.store.all(), ({ state }) => state.status);
    console.log(
      `${ended['succeeded']?.length} of ${TASKS} tasks fit; agent $${spent.held.usd.toFixed(6)} of $${AGENT_USD}, ` +
        tenants.map((tenant) => `tenant $${billed.get(tenant)?.toFixed(6)}`).join(', '),
    );
  }, 120_000);
});
