import type { Construct } from 'constructs';
import { expect, it } from 'vitest';
import { agentCard, AgentPool, agentStack, FleetStack, type SystemProps } from '#lib/index.ts';
import { analyst, scout } from '#test/systems/companies/agents.ts';
import { synthesizeSystem } from './synthesize.ts';

const AGENTS = { scout: agentCard(scout), analyst: agentCard(analyst) };

/** Pools of these agents, made in this order. */
const poolsOf = (...names: readonly (keyof typeof AGENTS)[]) =>
  class extends FleetStack {
    readonly pools: readonly AgentPool[];

    constructor(scope: Construct, { platform, ...place }: SystemProps) {
      super(scope, { ...place, system: 'companies', description: 'Pools' });
      const entry = 'test/systems/companies/scout-handler.ts';
      this.pools = names.map((name) => new AgentPool(this, name, { agent: AGENTS[name], entry, platform }));
    }
  };

const economyLogs = (system: Parameters<typeof synthesizeSystem>[0]): unknown[] =>
  Object.values(synthesizeSystem(system, 'dev').resources('AWS::Logs::LogGroup'))
    .map(({ Properties }) => String(Properties['LogGroupName']))
    .filter((name) => name.includes('economy'))
    .toSorted();

it('the log group of a pool keeps its name when another pool is made before it', () => {
  const analystLog = '/aws/vendedlogs/states/fleet-dev-companies-economy-analyst';
  expect(economyLogs(poolsOf('analyst'))).toEqual([analystLog]);
  const both = [analystLog, '/aws/vendedlogs/states/fleet-dev-companies-economy-scout'];
  expect(economyLogs(poolsOf('scout', 'analyst'))).toEqual(both);
  expect(economyLogs(poolsOf('analyst', 'scout'))).toEqual(both);
});

it('the stack of one agent keeps the name that it had in release 0.2', () => {
  expect(economyLogs(agentStack(AGENTS.analyst, 'test/systems/companies/analyst-handler.ts'))).toEqual([
    '/aws/vendedlogs/states/fleet-dev-analyst-economy',
  ]);
});
