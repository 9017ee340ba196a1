import type { Construct } from 'constructs';
import type { Agent } from '#core/agents/define-agent.ts';
import { agentCard, AgentPool, FleetStack, type SystemProps } from '#lib/index.ts';
import { checker, editor, writer } from './agents.ts';

/** A supervisor and the two agents that it delegates to, each with its pool. */
export class NewsroomStack extends FleetStack {
  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'newsroom', description: 'Agents that delegate to each other' });
    const pool = (id: string, agent: Agent, entry: string): AgentPool =>
      new AgentPool(this, id, {
        agent: agentCard(agent),
        entry: `test/systems/newsroom/${entry}`,
        scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 4 } },
        platform,
      });
    pool('Editor', editor, 'editor-handler.ts');
    pool('Writer', writer, 'writer-handler.ts');
    pool('Checker', checker, 'checker-handler.ts');
  }
}
