import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { pauseFleet, pauseTenant, readHolds, resumeFleet, resumeTenant } from '#core/api/pools/holds.ts';
import { resumeQuerySchema } from '#core/api/pools/messages.ts';
import { adder, workerHarness } from '../../support/worker-harness.ts';

const FLEET_KEY = { tenant: 'ops', keyId: 'key-1', scopes: ['fleet' as const], agents: null };
const WHY = { reason: 'The provider is down.', by: 'ada' };
const query = (text: Record<string, string> = {}) => resumeQuerySchema.parse(text);

function fleet() {
  const h = workerHarness([{ json: { sum: 1 } }]);
  const cards = [
    { ...agentCard(adder), concurrency: 20 },
    { ...agentCard(adder), name: 'other' },
  ];
  return { h, ports: { ...h.ports, agents: new Map(cards.map((card) => [card.name, card])) } };
}

describe('the API of holds', () => {
  it('pauses the fleet, and resumes it in steps of each pool', async () => {
    const { ports } = fleet();
    expect(await pauseFleet(ports, FLEET_KEY, WHY)).toMatchObject({ status: 'paused', ...WHY });
    const resumed = await resumeFleet(ports, FLEET_KEY, query({ steps: '10,50', minutes: '2' }));
    expect(resumed).toMatchObject({ status: 'resuming', steps: [{ percent: 10 }, { percent: 50 }, { percent: 100 }] });
    const { ramp } = (await ports.pools.get('*')) ?? {};
    expect(ramp?.of).toEqual({ adder: 20, other: 5 });
  });

  it('resumes a tenant in shares of its own limit, or of all workers', async () => {
    const { h, ports } = fleet();
    const steps = async (tenant: string) => {
      await pauseTenant(ports, FLEET_KEY, tenant, WHY);
      return (await resumeTenant(ports, FLEET_KEY, tenant, query({ steps: '20' }))).steps?.map(({ limit }) => limit);
    };
    expect(await steps('acme')).toEqual([5, 25]);
    await h.limits.setTenant('small', { concurrent: 5 });
    expect(await steps('small')).toEqual([1, 5]);
  });

  it('I8: shows other tenants only to a key with the scope fleet', async () => {
    const { ports } = fleet();
    await pauseTenant(ports, FLEET_KEY, 'acme', WHY);
    await pauseTenant(ports, FLEET_KEY, 'secret', WHY);
    const acme = { ...FLEET_KEY, tenant: 'acme', scopes: ['read' as const] };
    expect((await readHolds(ports, FLEET_KEY)).tenants.map(({ tenant }) => tenant)).toEqual(['acme', 'secret']);
    expect((await readHolds(ports, acme)).tenants).toMatchObject([{ tenant: 'acme', status: 'paused' }]);
    expect((await readHolds(ports, { ...acme, tenant: 'nobody' })).tenants).toEqual([]);
  });

  it('refuses a key of some agents, and steps that do not grow', async () => {
    const { ports } = fleet();
    const limited = { ...FLEET_KEY, agents: ['adder'] };
    await expect(pauseFleet(ports, limited, WHY)).rejects.toMatchObject({ kind: 'not-allowed' });
    await expect(resumeTenant(ports, limited, 'acme', query())).rejects.toMatchObject({ kind: 'not-allowed' });
    for (const steps of ['50,10', '0,50', '50,101', 'x', '10,,50'])
      expect(() => query({ steps })).toThrow(/percentages/);
  });
});
