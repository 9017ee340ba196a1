import type { Construct } from 'constructs';
import type { Agent } from '#core/agents/define-agent.ts';
import { agentCard, AgentPool, ArtifactBucket, FleetStack, Pipeline, type SystemProps } from '#lib/index.ts';
import { analyst, scout } from '#test/systems/companies/agents.ts';

export class CompaniesStack extends FleetStack {
  readonly pipeline: Pipeline;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'companies', description: 'Two stages for each company, then one report' });
    const pool = (id: string, agent: Agent<never>, entry: string) =>
      new AgentPool(this, id, { agent: agentCard(agent), entry: `test/systems/companies/${entry}`, platform });
    this.pipeline = new Pipeline(this, 'Pipeline', {
      workflow: 'companies',
      stages: [
        { pool: pool('Scout', scout, 'scout-handler.ts'), usd: 0.05, by: 0.6 },
        { pool: pool('Analyst', analyst, 'analyst-handler.ts'), usd: 0.1 },
      ],
      aggregator: { entry: 'test/systems/companies/report-handler.ts' },
      agents: 20,
      deadline: 8 * 3_600,
      tenant: 'default',
      artifacts: new ArtifactBucket(this, 'Artifacts', {}),
      platform,
    });
  }
}
