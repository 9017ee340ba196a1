import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import type { Config } from '../config.ts';
import { asksForHomes, isGlobal, regionsVariable, stateTableName } from '../regions.ts';
import { withBoth, type Wire } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { RECORDS, serviceName } from './fleet-function.ts';
import { keepingHomes, pledging, readingHomes, sweepingHomes } from './homes-access.ts';
import { ItemTable, type Reach, type SharedTable } from './item-table.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

const INDEXES = [
  {
    indexName: 'attention',
    partitionKey: text('attentionShard'),
    sortKey: number('attentionAt'),
    projectionType: ProjectionType.KEYS_ONLY,
  },
  {
    indexName: 'run',
    partitionKey: text('runKey'),
    sortKey: number('finishedAt'),
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: ['status', 'usd', 'tokens'],
  },
  {
    indexName: 'listing',
    partitionKey: text('listKey'),
    sortKey: text('listSort'),
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: ['agent', 'sessionId', 'runId'],
  },
];

const DAY_COUNTERS = ['SPEND#*'];

const WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/**
 * The fleet's single table: tasks, steps, uploads. Its keys and indexes are those of adapters/dynamodb/state-table.ts,
 * which describes their content. A test compares the two. It is a global table from the start, so that regions can be
 * added in place. In a fleet of three regions, the first one's stack makes it for all. Functions of the task API may use
 * the other regions' replicas too, since a request goes to the region that holds the home of its task, and so may those
 * that begin and end runs. Everything else works in its own region only.
 */
export class StateTable extends ItemTable {
  constructor(scope: Construct, id: string) {
    const { config } = FleetStack.of(scope);
    const shared = sharedBy(config);
    // A table that grew from one region keeps the name that CloudFormation made: another one would replace it.
    const name = config.stateTable === undefined ? shared?.name : undefined;
    super(scope, id, { name, shared, expires: true, indexes: INDEXES });
    this.#watch();
  }

  /**
   * In a fleet of three regions the variable `REGIONS` comes with it, and what the stores do beside: they query the newest
   * epoch of an item, ask who holds a home, and make pledges for what they write.
   */
  override allowing(actions: readonly string[], indexes: readonly string[] = [], reach: Reach = 'here'): Wire {
    const { config, region } = FleetStack.of(this);
    if (!asksForHomes(config, region)) return super.allowing(actions, indexes);
    const writes = actions.some((action) => WRITES.has(action));
    // What is deleted is marked, and a home's new holder writes copies.
    const homed = new Set([...actions, 'Query', ...(writes ? ['PutItem', 'UpdateItem'] : [])]);
    const table = super.allowing([...homed], indexes, reach);
    const beside = { REGIONS: regionsVariable(config, region, reach === 'everywhere') };
    return { ...withBoth(table, writes ? pledging(this) : readingHomes(this)), beside };
  }

  #watch(): void {
    alarm(this, 'Unreadable', {
      metric: new Metric({
        namespace: 'agent-fleet',
        metricName: 'RecordsUnreadable',
        dimensionsMap: { service: serviceName(FleetStack.of(this).config, RECORDS) },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      periods: 3,
      says: 'For 15 minutes functions have met records that their release cannot read. They are left as they are, and their tasks wait. The log line record.unreadable names them. Deploy the release that wrote them: docs/adr/0023-stored-records.md.',
      severity: 2,
      runbook: 'unreadable-records',
    });
  }

  /** Read and write single items by their keys. */
  items(reach?: Reach): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem'], [], reach);
  }

  /** Begin a run: register it, and find what earlier runs of its upload have cost by the index. */
  beginning(reach?: Reach): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem'], ['run'], reach);
  }

  /** Accept tasks: single items, and the tasks of a session, since a caller of some agents may not join others' sessions. */
  submitting(reach?: Reach): Wire {
    return this.allowing(['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'], [], reach);
  }

  /** Operate the fleet: many items at once, tasks by their indexes, and usage, from which costs are estimated. */
  operating(reach?: Reach): Wire {
    const actions = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'];
    const items = this.allowing(actions, ['attention', 'listing'], reach);
    const { config, region } = FleetStack.of(this);
    return withBoth(items, this.within({ Query: ['USAGE#*'] }, asksForHomes(config, region) ? reach : 'here'));
  }

  /** Work on tasks: also read all steps of a task, count its usage, and wake tasks that wait for it. */
  tasks(): Wire {
    return this.#spending(this.allowing(['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']));
  }

  /** In a fleet of three regions, also ask the others for what they have left of a day's budget. */
  #spending(tasks: Wire): Wire {
    const { config, region } = FleetStack.of(this);
    if (!asksForHomes(config, region)) return tasks;
    return withBoth(tasks, this.within({ GetItem: DAY_COUNTERS, UpdateItem: DAY_COUNTERS }, 'everywhere'));
  }

  /** End tasks that nobody works on, and count them. */
  ending(): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem']);
  }

  /** Sweep: find tasks that need attention by their index, end them, wake waiting tasks, and measure all. */
  sweeping(): Wire {
    const actions = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'];
    const tasks = this.allowing(actions, ['attention']);
    const { config, region } = FleetStack.of(this);
    return asksForHomes(config, region) ? withBoth(tasks, sweepingHomes(this)) : tasks;
  }

  /**
   * For the keeper of homes: sweep the tasks of homes that it takes over, and write what a lost home left behind to the
   * region that holds it now.
   */
  keeping(): Wire {
    const { config, region } = FleetStack.of(this);
    const actions = ['GetItem', 'PutItem', 'UpdateItem', 'Query'];
    const tasks = withBoth(super.allowing(actions, ['attention'], 'everywhere'), sweepingHomes(this));
    return { ...withBoth(tasks, keepingHomes(this)), beside: { REGIONS: regionsVariable(config, region) } };
  }

  /** Settle batches: their items, their tasks, and the counters of usage. */
  settling(): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem']);
  }

  /** Collect tasks into batches: the same as settling, and find tasks by the index. */
  collecting(): Wire {
    return this.#spending(this.allowing(['GetItem', 'PutItem', 'UpdateItem'], ['attention']));
  }

  /** Keep callbacks that wait. */
  parking(): Wire {
    return this.allowing(['PutItem']);
  }

  /** Find callbacks that are due by the index, and remove them when they are sent. */
  waking(): Wire {
    return this.allowing(['GetItem', 'DeleteItem'], ['attention']);
  }

  /** End a stopped run: mark it, find its tasks in the listing, and cancel them. */
  endingRuns(reach?: Reach): Wire {
    return this.allowing(['GetItem', 'PutItem', 'UpdateItem'], ['listing'], reach);
  }

  /** Read the tasks of a run. */
  reading(): Wire {
    return this.allowing(['BatchGetItem'], ['run']);
  }

  /** Read tasks by their keys and in lists. */
  listing(reach?: Reach): Wire {
    return this.allowing(['GetItem', 'BatchGetItem', 'Query'], ['listing', 'attention'], reach);
  }

  /** Explain tasks: read them, their steps and what is around them, and those of a pool by the index. */
  explaining(reach?: Reach): Wire {
    return this.allowing(['GetItem', 'BatchGetItem', 'Query'], ['attention'], reach);
  }

  /** Read tasks by their keys. */
  readingTasks(reach?: Reach): Wire {
    return this.allowing(['GetItem', 'BatchGetItem'], [], reach);
  }

  /** Read single items. */
  looking(reach?: Reach): Wire {
    return this.allowing(['GetItem'], [], reach);
  }
}

/** The regions that have the table now: all, except while a fleet grows. Undefined for a fleet of one region. */
function sharedBy(config: Config): SharedTable | undefined {
  if (!isGlobal(config)) return undefined;
  return {
    name: stateTableName(config),
    regions: config.regions.slice(0, 1 + (config.growing ?? config.regions.length)),
  };
}
