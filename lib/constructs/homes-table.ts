import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import { homesTableName } from '../regions.ts';
import { ACCEPTED_INDEX } from './homes-access.ts';
import { ItemTable } from './item-table.ts';

/**
 * One of the three plain tables by which regions agree: leases of homes, and pledges of tasks (docs/adr/0051). It is not
 * replicated: a condition on a replicated table is judged in one region only. Functions of all regions find it by its name.
 */
export class HomesTable extends ItemTable {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      name: homesTableName(FleetStack.of(scope).config),
      expires: true,
      indexes: [
        {
          indexName: ACCEPTED_INDEX,
          partitionKey: { name: 'acceptedHome', type: AttributeType.STRING },
          sortKey: { name: 'acceptedAt', type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
  }
}
