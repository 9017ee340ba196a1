import type { Construct } from 'constructs';
import {
  agentCard,
  AgentPool,
  ArtifactBucket,
  FleetStack,
  ItemTable,
  shareOut,
  type SystemProps,
  systemSettings,
} from '#lib/index.ts';
import { companyAnalyst } from './agents/company-analyst.ts';
import { strategist } from './agents/strategist.ts';
import { researchSettings } from './settings.ts';

/** The research system: the pools of the analyst and the strategist, and the table of what it remembers. */
export class ResearchStack extends FleetStack {
  readonly analyst: AgentPool;
  readonly strategist: AgentPool;
  /** What it remembers of companies and nights. memory/dynamodb-memory.ts documents the keys. */
  readonly memory: ItemTable;
  /** What was fetched. */
  readonly snapshots: ArtifactBucket;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'research',
      description: 'Research: analysts read what changed about companies, strategists compare them',
    });
    const { agents } = systemSettings(config, 'research', researchSettings);
    // They only wait for the model.
    const { workers, tasksPerWorker } = shareOut(agents, config.tasksPerWorker);
    const scaling = { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: workers } };
    this.analyst = new AgentPool(this, 'CompanyAnalyst', {
      agent: agentCard(companyAnalyst),
      entry: 'systems/research/functions/run-company-analyst/handler.ts',
      tasksPerWorker,
      scaling,
      platform,
    });
    this.strategist = new AgentPool(this, 'Strategist', {
      agent: agentCard(strategist),
      entry: 'systems/research/functions/run-strategist/handler.ts',
      tasksPerWorker,
      platform,
    });
    this.memory = new ItemTable(this, 'Memory');
    this.snapshots = new ArtifactBucket(this, 'Snapshots');
    this.tell({ ResearchTable: this.memory.table.tableName, SnapshotBucket: this.snapshots.bucket.bucketName });
  }
}
