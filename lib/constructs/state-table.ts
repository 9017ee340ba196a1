import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { RECORDS, serviceName } from './fleet-function.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

/**
 * The fleet's single table: tasks, steps, uploads. Its keys and indexes are those of adapters/dynamodb/state-table.ts,
 * which describes their content. A test compares the two. It is a global table from the start, so that regions can be
 * added in place.
 */
export class StateTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { config, dataKey, removalPolicy } = FleetStack.of(this);
    this.table = new TableV2(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [
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
      ],
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption:
        dataKey === undefined ? TableEncryptionV2.dynamoOwnedKey() : TableEncryptionV2.customerManagedKey(dataKey),
      deletionProtection: config.protectData,
      removalPolicy,
    });
    this.#watch();
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
    });
  }

  /** Read and write single items by their keys. */
  items(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** Accept tasks: single items, and the tasks of a session, since a caller of some agents may not join others' sessions. */
  submitting(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** Operate the fleet: many items at once, and dead letters and the tasks of runs by their indexes. */
  operating(): Wire {
    return this.#wire(
      ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [`${this.table.tableArn}/index/attention`, `${this.table.tableArn}/index/listing`],
    );
  }

  /** Work on tasks: also read all steps of a task, count its usage, and wake tasks that wait for it. */
  tasks(): Wire {
    return this.#wire([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:Query',
    ]);
  }

  /** End tasks that nobody works on, and count them. */
  ending(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** Sweep: find tasks that need attention by their index, end them, and wake waiting tasks. */
  sweeping(): Wire {
    const actions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'].map((name) => `dynamodb:${name}`);
    return this.#wire(actions, [`${this.table.tableArn}/index/attention`]);
  }

  /** Settle batches: their items, their tasks, and the counters of usage. */
  settling(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** Collect tasks into batches: the same as settling, and find tasks by the index. */
  collecting(): Wire {
    return this.#wire(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [`${this.table.tableArn}/index/attention`],
    );
  }

  /** Keep callbacks that wait. */
  parking(): Wire {
    return this.#wire(['dynamodb:PutItem']);
  }

  /** Find callbacks that are due by the index, and remove them when they are sent. */
  waking(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:DeleteItem'], [`${this.table.tableArn}/index/attention`]);
  }

  /** End a stopped run: mark it, find its tasks in the listing, and cancel them. */
  endingRuns(): Wire {
    return this.#wire(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [`${this.table.tableArn}/index/listing`],
    );
  }

  /** Read the tasks of a run. */
  reading(): Wire {
    return this.#wire(['dynamodb:BatchGetItem'], [`${this.table.tableArn}/index/run`]);
  }

  /** Read tasks by their keys and in lists. */
  listing(): Wire {
    return this.#wire(
      ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      [`${this.table.tableArn}/index/listing`, `${this.table.tableArn}/index/attention`],
    );
  }

  /** Read single items. */
  looking(): Wire {
    return this.#wire(['dynamodb:GetItem']);
  }

  #wire(actions: string[], indexes: string[] = []): Wire {
    return {
      value: this.table.tableName,
      grantTo: (grantee) => {
        Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
        if (indexes.length > 0) {
          Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: indexes });
        }
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
