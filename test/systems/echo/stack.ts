import type { Construct } from 'constructs';
import { agentCard, AgentPool, ArtifactBucket, FleetStack, type SystemProps } from '#lib/index.ts';
import { echo } from './agent.ts';

/** One pool of four workers, each with five tasks at once. */
export class EchoStack extends FleetStack {
  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'echo', description: 'An agent that repeats what it is told' });
    const pool = new AgentPool(this, 'Echo', {
      agent: agentCard(echo),
      entry: 'test/systems/echo/handler.ts',
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 4 } },
      tasksPerWorker: 5,
      platform,
      artifacts: new ArtifactBucket(this, 'Artifacts').working(),
    });
    this.tell({ StateTable: platform.state.table.tableName, QueueUrl: pool.default.queueUrl });
  }
}
