import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FleetStack, type Wire } from '#lib/index.ts';

/** The reviews' table: claims of pull requests, and day budgets. pull-request/claim-store.ts documents its keys. */
export class ReviewsTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { config, dataKey, removalPolicy } = FleetStack.of(this);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption:
        dataKey === undefined ? TableEncryptionV2.dynamoOwnedKey() : TableEncryptionV2.customerManagedKey(dataKey),
      deletionProtection: config.protectData,
      removalPolicy,
    });
  }

  /** Read and write single items. */
  items(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
  }

  /** Read claims, and write how far the reconciler has come. */
  reconciling(): Wire {
    return this.#wire(['dynamodb:GetItem', 'dynamodb:PutItem']);
  }

  /** Read single items. */
  looking(): Wire {
    return this.#wire(['dynamodb:GetItem']);
  }

  #wire(actions: string[]): Wire {
    const { tableName, tableArn } = this.table;
    return {
      value: tableName,
      grantTo: (grantee) => {
        Grant.addToPrincipal({ grantee, actions, resourceArns: [tableArn] });
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
