import type { Construct } from 'constructs';
import { agentCard, AgentPool, ArtifactBucket, FanOut, FleetStack, type SystemProps } from '#lib/index.ts';
import { letterReader } from '#test/systems/letters/agent.ts';

export class LettersStack extends FleetStack {
  readonly fanOut: FanOut;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'letters', description: 'One task for each letter, then one report' });
    const artifacts = new ArtifactBucket(this, 'Artifacts', {});
    const pool = new AgentPool(this, 'Reader', {
      agent: agentCard(letterReader),
      entry: 'test/systems/letters/reader-handler.ts',
      platform,
      artifacts: artifacts.working(),
    });
    this.fanOut = new FanOut(this, 'FanOut', {
      pool,
      agents: 10,
      tenant: 'default',
      aggregator: 'test/systems/letters/report-handler.ts',
      taskTimeout: 7 * 3_600,
      artifacts,
      platform,
    });
  }
}
