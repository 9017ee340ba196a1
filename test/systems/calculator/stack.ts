import type { Construct } from 'constructs';
import { AgentPool } from '../../../lib/constructs/agent-pool.ts';
import { ArtifactBucket } from '../../../lib/constructs/artifact-bucket.ts';
import { ModelSecret } from '../../../lib/constructs/model-secret.ts';
import { Sandbox } from '../../../lib/constructs/sandbox.ts';
import { StateTable } from '../../../lib/constructs/state-table.ts';
import { FleetStack, type SystemProps } from '../../../lib/fleet-stack.ts';

/** The smallest system with an untrusted tool: one pool, one sandbox. */
export class CalculatorStack extends FleetStack {
  constructor(scope: Construct, { config, region }: SystemProps) {
    super(scope, { config, region, system: 'calculator', description: 'An agent that runs code it wrote' });
    const state = new StateTable(this, 'State');
    const sandbox = new Sandbox(this, 'Sandbox');
    const pool = new AgentPool(this, 'Calculator', {
      agent: 'calculator',
      entry: 'test/systems/calculator/handler.ts',
      timeLimit: 120,
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: 2 } },
      state,
      artifacts: new ArtifactBucket(this, 'Artifacts').working(),
      modelSecret: new ModelSecret(this, 'Model').reading(),
      sandbox: sandbox.running(),
    });
    this.tell({
      StateTable: state.table.tableName,
      QueueUrl: pool.default.queueUrl,
      RunCode: sandbox.runner.lambda.functionName,
    });
  }
}
