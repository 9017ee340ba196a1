import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

export interface ItemTableProps {
  /** Items may carry `expiresAt` (seconds since 1970), after which DynamoDB deletes them within days. Default false. */
  readonly expires?: boolean;
  /** Default: none. */
  readonly indexes?: GlobalSecondaryIndexPropsV2[];
}

/** Actions that name the partition keys of all items that they read or write. */
type KeyedAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';

/**
 * A table of items by `pk` and `sk`, billed by request. It has point-in-time recovery. Where the environment protects
 * data, it also has the fleet's key and deletion protection, and is retained when its stack is deleted.
 */
export class ItemTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { expires = false, indexes }: ItemTableProps = {}) {
    super(scope, id);
    const { config, dataKey, removalPolicy } = FleetStack.of(this);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      ...(expires && { timeToLiveAttribute: 'expiresAt' }),
      ...(indexes !== undefined && { globalSecondaryIndexes: indexes }),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption:
        dataKey === undefined ? TableEncryptionV2.dynamoOwnedKey() : TableEncryptionV2.customerManagedKey(dataKey),
      deletionProtection: config.protectData,
      removalPolicy,
    });
  }

  /**
   * The table's name, for a function that may take actions on items with certain partition keys alone, by action:
   * `{ GetItem: ['*'], PutItem: ['ALERT#*'] }`. An action without a key, such as `Scan`, cannot be restricted.
   */
  within(access: Readonly<Partial<Record<KeyedAction, readonly string[]>>>): Wire {
    const { tableName, tableArn } = this.table;
    return {
      value: tableName,
      grantTo: (grantee) => {
        for (const [action, keys] of Object.entries(access)) {
          Grant.addToPrincipal({
            grantee,
            actions: [`dynamodb:${action}`],
            resourceArns: [tableArn],
            ...(!keys.includes('*') && {
              conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } },
            }),
          });
        }
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }

  /** The table's name, for a function that may take these actions on its items, such as `GetItem`, and query these indexes. */
  allowing(actions: readonly string[], indexes: readonly string[] = []): Wire {
    const { tableName, tableArn } = this.table;
    return {
      value: tableName,
      grantTo: (grantee) => {
        const onItems = actions.map((action) => `dynamodb:${action}`);
        Grant.addToPrincipal({ grantee, actions: onItems, resourceArns: [tableArn] });
        if (indexes.length > 0) {
          const resourceArns = indexes.map((index) => `${tableArn}/index/${index}`);
          Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
        }
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
