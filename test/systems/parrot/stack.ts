import type { Construct } from 'constructs';
import { agentCard } from '../../../core/agents/agent-card.ts';
import { AgentPool } from '../../../lib/constructs/agent-pool.ts';
import { FleetStack, type SystemProps } from '../../../lib/fleet-stack.ts';
import { parrot } from './agent.ts';

/** The smallest system: one pool. */
export class ParrotStack extends FleetStack {
  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'parrot', description: 'An agent that says its instruction back' });
    const pool = new AgentPool(this, 'Parrot', {
      agent: agentCard(parrot),
      entry: 'test/systems/parrot/handler.ts',
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 4 } },
      platform,
    });
    this.tell({ DeadLetterQueueUrl: pool.deadLetters.queue.queueUrl });
  }
}
