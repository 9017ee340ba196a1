import type { Construct } from 'constructs';
import { versionsOf, type AgentCard } from '#core/agents/agent-card.ts';
import { AgentPool } from './constructs/agent-pool.ts';
import { FleetStack } from './fleet-stack.ts';
import type { SystemProps } from './platform.ts';
import type { Wire } from './wiring.ts';

/** The stack of a system with a single agent: the agent's pool, and what its tools use. */
export interface AgentStack extends FleetStack {
  readonly pool: AgentPool;
}

/**
 * Returns the stack of a system with a single agent. It is named after the agent.
 * @param entry the worker's handler module below the project. An agent without tools also exports `collect` there
 * @param tools creates in the stack what the agent's tools use, such as a table or a secret. Returns the worker's further
 * environment variables, each with the permissions it needs
 */
export function agentStack(
  agent: AgentCard,
  entry: string,
  tools: (stack: FleetStack) => Readonly<Record<string, string | Wire>> = () => ({}),
): new (scope: Construct, props: SystemProps) => AgentStack {
  return class extends FleetStack implements AgentStack {
    readonly pool: AgentPool;

    constructor(scope: Construct, { platform, ...place }: SystemProps) {
      super(scope, { ...place, system: agent.name, description: `The agent ${agent.name}: its queues and workers` });
      // A task that runs tools has a worker to itself. Tasks that only wait for the model share one.
      const hasTools = versionsOf(agent).some(({ tools }) => tools.length > 0);
      const tasksPerWorker = hasTools ? 1 : place.config.tasksPerWorker;
      const variables = tools(this);
      this.pool = new AgentPool(this, pascalCase(agent.name), {
        agent,
        entry,
        platform,
        tasksPerWorker,
        tools: variables,
        economyLog: 'economy',
      });
    }
  };
}

const pascalCase = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
