import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FleetStack, type Wire } from '#lib/index.ts';

/** The shop's table: customers, orders, articles. shop/dynamodb-shop.ts documents its keys. */
export class ShopTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { config, dataKey, removalPolicy } = FleetStack.of(this);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption:
        dataKey === undefined ? TableEncryptionV2.dynamoOwnedKey() : TableEncryptionV2.customerManagedKey(dataKey),
      deletionProtection: config.protectData,
      removalPolicy,
    });
  }

  /** Access for the agent's tools: they read, and write refunds. */
  serving(): Wire {
    const { tableName, tableArn } = this.table;
    return {
      value: tableName,
      grantTo: (grantee) => {
        const actions = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
        Grant.addToPrincipal({ grantee, actions, resourceArns: [tableArn] });
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
