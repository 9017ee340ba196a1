import type { Construct } from 'constructs';
import { agentCard, AgentPool, ArtifactBucket, FleetStack, Sandbox, type SystemProps } from '#lib/index.ts';
import { calculator } from './agent.ts';

/** A minimal system with an untrusted tool: one pool, one sandbox. */
export class CalculatorStack extends FleetStack {
  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'calculator', description: 'An agent that runs code it wrote' });
    const sandbox = new Sandbox(this, 'Sandbox');
    const pool = new AgentPool(this, 'Calculator', {
      agent: agentCard(calculator),
      entry: 'test/systems/calculator/handler.ts',
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 2 } },
      platform,
      artifacts: new ArtifactBucket(this, 'Artifacts').working(),
      sandbox: sandbox.running(),
    });
    this.tell({
      StateTable: platform.state.table.tableName,
      QueueUrl: pool.default.queueUrl,
      RunCode: sandbox.runner.lambda.functionName,
    });
  }
}
