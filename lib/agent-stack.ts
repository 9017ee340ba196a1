import type { Construct } from 'constructs';
import type { AgentCard } from '#core/agents/agent-card.ts';
import { AgentPool } from './constructs/agent-pool.ts';
import { FleetStack } from './fleet-stack.ts';
import type { SystemProps } from './platform.ts';

/** The stack of a system that is one agent: its pool, and nothing else. */
export interface AgentStack extends FleetStack {
  readonly pool: AgentPool;
}

/**
 * The stack of one agent, for `app.add`; it is named after the agent.
 * @param entry the worker's handler below the project
 */
export function agentStack(agent: AgentCard, entry: string): new (scope: Construct, props: SystemProps) => AgentStack {
  return class extends FleetStack implements AgentStack {
    readonly pool: AgentPool;

    constructor(scope: Construct, { platform, ...place }: SystemProps) {
      super(scope, { ...place, system: agent.name, description: `The agent ${agent.name}: its queues and workers` });
      // Tasks that run tools have a worker to themselves; those that only wait for the model wait together.
      const tasksPerWorker = agent.tools.length === 0 ? place.config.tasksPerWorker : 1;
      this.pool = new AgentPool(this, pascalCase(agent.name), { agent, entry, platform, tasksPerWorker });
    }
  };
}

const pascalCase = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
