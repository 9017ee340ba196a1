import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

/**
 * The one table: tasks, steps, uploads. Its keys and indexes are those of adapters/dynamodb/state-table.ts, which says what is in
 * them; a test holds the two together. A global table from the start, so that regions can be added to it in place.
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
  }

  /** For who reads and writes single items by their keys. */
  items(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem']);
  }

  /** For who changes what runs: many items at once, and dead letters by their index. */
  operating(): Wire {
    return this.#wire(
      ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'],
      [`${this.table.tableArn}/index/attention`],
    );
  }

  /** For who works on tasks: reads all steps of one too, counts what it uses, and lets others out of the line. */
  tasks(): Wire {
    return this.#wire([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:Query',
    ]);
  }

  /** For who ends tasks that nobody works on, and counts them. */
  ending(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** For who looks after tasks by the index of what needs attention: ends them, too, and wakes those in line. */
  sweeping(): Wire {
    const actions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'].map((name) => `dynamodb:${name}`);
    return this.#wire(actions, [`${this.table.tableArn}/index/attention`]);
  }

  /** For who settles batches: their items, their tasks', and what these are counted in. */
  settling(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** For who collects tasks into batches: the same, and finds them by the index. */
  collecting(): Wire {
    return this.#wire(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [`${this.table.tableArn}/index/attention`],
    );
  }

  /** For who only reads a run's tasks. */
  reading(): Wire {
    return this.#wire(['dynamodb:BatchGetItem'], [`${this.table.tableArn}/index/run`]);
  }

  /** For who answers questions about tasks: by their keys, and by lists. */
  listing(): Wire {
    return this.#wire(
      ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      [`${this.table.tableArn}/index/listing`, `${this.table.tableArn}/index/attention`],
    );
  }

  /** For who looks at single items. */
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
