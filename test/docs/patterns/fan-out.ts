import type { Construct } from 'constructs';
import { agentCard, AgentPool, ArtifactBucket, FanOut, FleetStack, type SystemProps } from '#lib/index.ts';
import { contractAnalyst } from '#systems/documents/agents/contract-analyst.ts';

export class ContractsStack extends FleetStack {
  readonly fanOut: FanOut;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'contracts', description: 'One task for each contract, then one report' });
    const artifacts = new ArtifactBucket(this, 'Artifacts', {});
    const pool = new AgentPool(this, 'Analyst', {
      agent: agentCard(contractAnalyst),
      entry: 'systems/documents/functions/run-contract-analyst/handler.ts',
      platform,
      artifacts: artifacts.working(),
    });
    this.fanOut = new FanOut(this, 'FanOut', {
      pool,
      agents: 10,
      tenant: 'default',
      aggregator: 'systems/documents/functions/aggregate/handler.ts',
      taskTimeout: 7 * 3_600,
      artifacts,
      platform,
    });
  }
}
