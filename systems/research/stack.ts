import type { Construct } from 'constructs';
import {
  agentCard,
  AgentPool,
  ArtifactBucket,
  ConfigError,
  FleetStack,
  ItemTable,
  ListIntake,
  Pipeline,
  Schedule,
  shareOut,
  type Platform,
  type SystemProps,
  systemSettings,
  type Wire,
  type Wiring,
} from '#lib/index.ts';
import { companyAnalyst } from './agents/company-analyst.ts';
import { reader } from './agents/reader.ts';
import { scout } from './agents/scout.ts';
import { searcher } from './agents/searcher.ts';
import { strategist } from './agents/strategist.ts';
import { PDF_FONTS } from './brief/pdf/bundled.ts';
import type { ResearchRunEnv } from './functions/brief-research/env.ts';
import type { AnalystEnv } from './functions/run-company-analyst/env.ts';
import { BriefMail } from './mail/brief-mail.ts';
import { COLLECTED, PAGES } from './night/collected.ts';
import { BRIEF_MS, earlier, NIGHT_SECONDS } from './night/clock-of-run.ts';
import { REAL_WEB, SIMULATED_WEB_KEY, WORKFLOW } from './night/item.ts';
import { TENANT } from './night/tenant-of-run.ts';
import { researchSettings } from './settings.ts';

const NO_ECONOMY = 'its tasks belong to a night, which ends in the morning';

/** The research system: a pool for each stage, the pipeline of a night, and the table of what it remembers. */
export class ResearchStack extends FleetStack {
  readonly scout: AgentPool;
  /** Searches for companies of which the free sources tell nothing new. Undefined unless the configuration wants it. */
  readonly searcher: AgentPool | undefined;
  /** Fetches what the searcher found. */
  readonly reader: AgentPool | undefined;
  readonly analyst: AgentPool;
  readonly strategist: AgentPool;
  readonly pipeline: Pipeline;
  /** Undefined if nights are started by people alone. */
  readonly nightly: Schedule | undefined;
  /** Undefined if lists in the bucket start no runs. */
  readonly lists: ListIntake | undefined;
  /** What it remembers of companies and nights. memory/dynamodb-memory.ts documents the keys. */
  readonly memory: ItemTable;
  /** What was fetched, lists of companies, and the briefs. */
  readonly snapshots: ArtifactBucket;
  readonly mail: BriefMail;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, {
      config,
      region,
      system: 'research',
      description: 'Research: scouts fetch, analysts read what changed about companies, strategists compare them',
    });
    const { agents, contact, schedule, lists, mail, news, search } = systemSettings(
      config,
      'research',
      researchSettings,
    );
    if (search && config.model.provider === 'bedrock')
      throw new ConfigError(
        'systems.research.search needs another provider or must be false: Amazon Bedrock has no web search.',
      );
    this.memory = new ItemTable(this, 'Memory', { expires: true });
    this.snapshots = new ArtifactBucket(this, 'Snapshots');
    // The later stages of a night read it wherever their home is held. A key ends with the digest of its content, so regions
    // never write the same one.
    if (config.regions.length > 1)
      this.copied.push({
        id: 'FindingCopies',
        what: 'findings',
        prefix: COLLECTED,
        from: 'SnapshotBucket',
        to: 'SnapshotBucket',
      });
    const fetching = {
      SNAPSHOT_BUCKET: this.snapshots.keeping({
        read: [PAGES, SIMULATED_WEB_KEY],
        write: [PAGES, COLLECTED],
      }),
      ...(contact !== undefined && { WEB_CONTACT: contact }),
    };
    const reading = {
      SNAPSHOT_BUCKET: this.snapshots.keeping({ read: [COLLECTED] }),
      RESEARCH_TABLE: this.memory.allowing(['Query']),
    } satisfies Record<keyof AnalystEnv, Wire>;
    this.scout = this.#pool('Scout', 'run-scout', scout, agents, platform, fetching);
    if (search) {
      this.searcher = this.#pool('Searcher', 'run-searcher', searcher, agents, platform, reading);
      this.reader = this.#pool('Reader', 'run-reader', reader, agents, platform, fetching);
    }
    this.analyst = this.#pool('CompanyAnalyst', 'run-company-analyst', companyAnalyst, agents, platform, reading);
    this.strategist = this.#pool('Strategist', 'run-strategist', strategist, agents, platform, {});
    this.mail = new BriefMail(this, 'Mail', { settings: mail, service: `${WORKFLOW}-aggregator` });
    const zone = mail?.zone ?? schedule?.zone ?? 'UTC';
    this.pipeline = this.#makePipeline(agents, zone, platform);
    this.lists = lists && this.#takeLists(lists.maxUsd, zone);
    // Every region would start, and mail, the same night.
    this.nightly = schedule && region === config.regions[0] ? this.#makeSchedule(schedule, news) : undefined;
    this.tell({
      ResearchTable: this.memory.table.tableName,
      SnapshotBucket: this.snapshots.bucket.bucketName,
      ...(contact !== undefined && { Contact: contact }),
      ...(search && { Searches: 'true' }),
      ...this.mail.outputs,
    });
  }

  /** Its tasks only wait, for the model or for sites, so a worker handles several at once. */
  #pool(
    id: string,
    folder: string,
    agent: Parameters<typeof agentCard>[0],
    agents: number,
    platform: Platform,
    tools: Readonly<Record<string, string | Wire>>,
  ): AgentPool {
    const { workers, tasksPerWorker } = shareOut(agents, this.config.tasksPerWorker);
    return new AgentPool(this, id, {
      agent: agentCard(agent),
      entry: `systems/research/functions/${folder}/handler.ts`,
      tasksPerWorker,
      scaling: { high: { maximumConcurrency: 2 }, default: { maximumConcurrency: workers } },
      platform,
      tools,
      noEconomy: NO_ECONOMY,
    });
  }

  /** Of nine hours scouts have seven, analysts until an hour before the brief, strategists until ten minutes before. */
  #makePipeline(agents: number, zone: string, platform: Platform): Pipeline {
    const kept = this.snapshots.keeping({ read: [COLLECTED] });
    const environment = (
      actions: readonly string[],
    ): Pick<Wiring<ResearchRunEnv>, 'SNAPSHOT_BUCKET' | 'RESEARCH_TABLE'> => ({
      SNAPSHOT_BUCKET: kept,
      RESEARCH_TABLE: this.memory.allowing(actions),
    });
    return new Pipeline(this, 'Night', {
      workflow: WORKFLOW,
      stages: [
        { pool: this.scout, by: this.searcher ? 0.7 : 0.8 },
        ...(this.searcher ? [{ pool: this.searcher, by: 0.76 }] : []),
        ...(this.reader ? [{ pool: this.reader, by: 0.8 }] : []),
        { pool: this.analyst, by: 0.88 },
      ],
      join: {
        entry: 'systems/research/functions/join-research/handler.ts',
        environment: environment(['Query']),
        stages: [{ pool: this.strategist, usd: 0.1, by: 0.98 }],
      },
      aggregator: {
        entry: 'systems/research/functions/brief-research/handler.ts',
        environment: {
          ...environment(['Query', 'PutItem', ...this.mail.actions]),
          ...this.mail.environment,
          ZONE: zone,
        },
        files: PDF_FONTS,
      },
      agents,
      deadline: NIGHT_SECONDS,
      tenant: TENANT,
      artifacts: this.snapshots,
      report: 'brief/',
      platform,
    });
  }

  #takeLists(maxUsd: number, zone: string): ListIntake {
    return new ListIntake(this, 'Lists', {
      pipeline: this.pipeline,
      artifacts: this.snapshots,
      entry: 'systems/research/functions/start-list/handler.ts',
      maxUsd,
      zone,
    });
  }

  #makeSchedule(
    { by, items, maxUsd, ...times }: NonNullable<ReturnType<typeof researchSettings.parse>['schedule']>,
    news: readonly string[],
  ): Schedule {
    const each = { night: '<date>', space: REAL_WEB, ...(news.length > 0 && { news }) };
    return new Schedule(this, 'Nightly', {
      pipeline: this.pipeline,
      name: 'research',
      ...times,
      by: earlier(by),
      // The brief is due at the time that the settings say.
      graceMinutes: BRIEF_MS / 60_000,
      // The list is the same every night.
      input: { items: { key: items }, budgetUsd: maxUsd, each, mail: true },
    });
  }
}
