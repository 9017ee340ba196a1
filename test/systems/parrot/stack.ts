import type { Construct } from 'constructs';
import { agentCard, AgentPool, FleetStack, type SystemProps } from '#lib/index.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import { nextParrot, parrot } from './agent.ts';

export type ParrotSystem = new (scope: Construct, props: SystemProps) => FleetStack;

/** A minimal system: one pool. */
const parrotStack = (agent: Agent, entry: string): ParrotSystem =>
  class extends FleetStack {
    constructor(scope: Construct, { config, region, platform }: SystemProps) {
      super(scope, { config, region, system: 'parrot', description: 'An agent that says its instruction back' });
      const pool = new AgentPool(this, 'Parrot', {
        agent: agentCard(agent),
        entry,
        scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 4 } },
        platform,
      });
      this.tell({ DeadLetterQueueUrl: pool.deadLetters.queue.queueUrl });
    }
  };

export const ParrotStack = parrotStack(parrot, 'test/systems/parrot/handler.ts');
/** A deploy that is half done: the API is new and the worker is old. */
export const EarlyParrotStack = parrotStack(nextParrot, 'test/systems/parrot/handler.ts');
/** The other half: the API is old, and the new worker lacks the earlier version. */
export const BareParrotStack = parrotStack(parrot, 'test/systems/parrot/bare-handler.ts');
/** The same system with the later version of the agent. */
export const NextParrotStack = parrotStack(nextParrot, 'test/systems/parrot/next-handler.ts');
