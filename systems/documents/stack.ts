import type { Construct } from 'constructs';
import {
  agentCard,
  AgentPool,
  ArtifactBucket,
  ConfigError,
  FanOut,
  FleetDashboard,
  FleetStack,
  shareOut,
  type SystemProps,
  systemSettings,
  TaskIntake,
  UPLOADS,
} from '#lib/index.ts';
import { UPLOAD_STATES } from '#core/uploads/upload-manifest.ts';
import { contractAnalyst } from './agents/contract-analyst.ts';
import { ANALYST } from './agents/identity.ts';
import { PDF_READER } from './pdf/bundled.ts';
import { documentsSettings } from './settings.ts';

/** Seconds the state machine waits for a task: the agent's six-hour deadline, plus half an hour for the sweeper. */
const TASK_TIMEOUT = 6 * 3_600 + 1_800;

/** The documents system: fans a bucket's contracts out to one task each, then writes a report. */
export class DocumentsStack extends FleetStack {
  readonly pool: AgentPool;
  readonly fanOut: FanOut;
  readonly intake: TaskIntake;
  readonly dashboard: FleetDashboard;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'documents',
      description: 'Agents that analyse contracts: upload, fan-out, report',
    });
    const settings = systemSettings(config, 'documents', documentsSettings);
    const { agents, tenant, uploadBucket, notificationEmail, scans, quietSeconds } = settings;
    if (uploadBucket !== undefined && config.regions.length > 1)
      throw new ConfigError('systems.documents.uploadBucket works with a single region, but `regions` lists several.');
    const { workers, tasksPerWorker } = shareOut(agents, config.tasksPerWorker);
    const { state, model } = platform;
    const artifacts = new ArtifactBucket(this, 'Artifacts', { existing: uploadBucket, copied: true });
    this.pool = new AgentPool(this, 'ContractAnalyst', {
      agent: agentCard(contractAnalyst),
      entry: 'systems/documents/functions/run-contract-analyst/handler.ts',
      beside: PDF_READER,
      tools: { SCANS: scans },
      // Five PDFs of 24 MB, each held three times: as bytes, as text in the request, and in the PDF reader.
      memory: 2_048,
      tasksPerWorker,
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: workers } },
      platform,
      artifacts: artifacts.working(),
    });
    this.fanOut = new FanOut(this, 'FanOut', {
      pool: this.pool,
      agents,
      tenant,
      aggregator: 'systems/documents/functions/aggregate/handler.ts',
      taskTimeout: TASK_TIMEOUT,
      artifacts,
      report: 'report.',
      notificationEmail,
      platform,
    });
    this.intake = new TaskIntake(this, 'Intake', { artifacts, state, fanOut: this.fanOut, quietSeconds });
    this.dashboard = new FleetDashboard(this, 'Overview', { agent: ANALYST.name, pool: this.pool });

    this.#copy(artifacts);
    this.tell({
      UploadBucket: artifacts.bucket.bucketName,
      StateTable: state.table.tableName,
      StateMachineArn: this.fanOut.stateMachine.stateMachineArn,
      // Tells the command line that this release starts no run before its upload is complete.
      UploadStates: UPLOAD_STATES.join(' '),
      HighQueueUrl: this.pool.high.queueUrl,
      DefaultQueueUrl: this.pool.default.queueUrl,
      DeadLetterQueueUrl: this.pool.deadLetters.queue.queueUrl,
      ReportTopicArn: this.fanOut.topic.topic.topicArn,
      WorkerFunction: this.pool.worker.lambda.functionName,
      ...(model.secret && { ModelSecret: model.secret.name }),
    });
  }

  /** A task reads its document wherever its home is held. */
  #copy({ copies }: ArtifactBucket): void {
    if (copies === undefined) return;
    this.tell({ CopyBucket: copies.bucketName });
    this.copied.push({
      id: 'DocumentCopies',
      what: 'documents',
      prefix: UPLOADS,
      from: 'UploadBucket',
      to: 'CopyBucket',
    });
  }
}
