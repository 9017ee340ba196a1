import type { Construct } from 'constructs';
import { agentCard } from '../../core/agents/agent-card.ts';
import { AgentPool } from '../../lib/constructs/agent-pool.ts';
import { FleetStack } from '../../lib/fleet-stack.ts';
import type { SystemProps } from '../../lib/fleet-stack.ts';
import { assistant } from './agents/assistant.ts';

/** The general-purpose assistant: its pool, and nothing else. */
export class AssistantStack extends FleetStack {
  readonly pool: AgentPool;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'assistant', description: 'An agent that does what an instruction says' });
    this.pool = new AgentPool(this, 'Assistant', {
      agent: agentCard(assistant),
      entry: 'systems/assistant/functions/run-assistant/handler.ts',
      tasksPerWorker: config.tasksPerWorker,
      platform,
    });
  }
}
