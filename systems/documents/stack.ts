import type { Construct } from 'constructs';
import { AgentPool } from '../../lib/constructs/agent-pool.ts';
import { ArtifactBucket } from '../../lib/constructs/artifact-bucket.ts';
import { FleetDashboard } from '../../lib/constructs/fleet-dashboard.ts';
import { FanOut } from '../../lib/constructs/fan-out.ts';
import { ModelSecret } from '../../lib/constructs/model-secret.ts';
import { StateTable } from '../../lib/constructs/state-table.ts';
import { TaskIntake } from '../../lib/constructs/task-intake.ts';
import { FleetStack } from '../../lib/fleet-stack.ts';
import type { SystemProps } from '../../lib/fleet-stack.ts';
import { shareOut } from '../../lib/share-out.ts';
import { ANALYST } from './agents/identity.ts';

/** Seconds of one invocation: the agent's time limit. */
const TIME_LIMIT = 300;
/** Seconds that the state machine waits for a task: the agent's deadline of six hours, and half an hour for the sweeper to end it. */
const TASK_TIMEOUT = 6 * 3_600 + 1_800;

/** The documents system: contracts in a bucket, one task each, a report. */
export class DocumentsStack extends FleetStack {
  readonly pool: AgentPool;
  readonly fanOut: FanOut;
  readonly intake: TaskIntake;
  readonly dashboard: FleetDashboard;

  constructor(scope: Construct, { config, region }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'documents',
      description: 'Agents that read contracts: upload, fan out, report',
    });
    const { workers, tasksPerWorker } = shareOut(config.agents, config.tasksPerWorker);
    const state = new StateTable(this, 'State');
    const artifacts = new ArtifactBucket(this, 'Artifacts');
    const model = new ModelSecret(this, 'Model');
    this.pool = new AgentPool(this, 'ContractAnalyst', {
      agent: ANALYST.name,
      entry: 'systems/documents/functions/run-contract-analyst/handler.ts',
      timeLimit: TIME_LIMIT,
      // Five PDFs of 32 MiB, each in memory three times over: its bytes, its text in the request, and what reads it.
      memory: 2_048,
      tasksPerWorker,
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: workers } },
      state,
      artifacts: artifacts.working(),
      modelSecret: model.reading(),
    });
    this.fanOut = new FanOut(this, 'FanOut', {
      pool: this.pool,
      agents: config.agents,
      aggregator: 'systems/documents/functions/aggregate/handler.ts',
      taskTimeout: TASK_TIMEOUT,
      artifacts,
      state,
    });
    this.intake = new TaskIntake(this, 'Intake', { artifacts, state, fanOut: this.fanOut });
    this.dashboard = new FleetDashboard(this, 'Overview', { agent: ANALYST.name, pool: this.pool });

    this.tell({
      UploadBucket: artifacts.bucket.bucketName,
      StateTable: state.table.tableName,
      StateMachineArn: this.fanOut.stateMachine.stateMachineArn,
      HighQueueUrl: this.pool.high.queueUrl,
      DefaultQueueUrl: this.pool.default.queueUrl,
      DeadLetterQueueUrl: this.pool.deadLetters.queue.queueUrl,
      ReportTopicArn: this.fanOut.topic.topic.topicArn,
      WorkerFunction: this.pool.worker.lambda.functionName,
      ModelSecret: model.name,
    });
  }
}
