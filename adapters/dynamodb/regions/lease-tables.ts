import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { NO_LEASE, type LeaseAnswer, type LeaseItem, type LeaseRequest } from '#core/regions/lease.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { readItem, type Item } from '../conditional-put.ts';
import { leaseKey } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

export interface LeaseTables {
  /** Sends a request to one region's table. Throws if it cannot be reached. */
  ask(table: RegionIndex, home: string, request: LeaseRequest): Promise<LeaseAnswer>;
}

/** The leases of homes in the three tables of homes. Each request is one read or one conditional write. */
export function dynamodbLeaseTables(clients: RegionalClients, table: string): LeaseTables {
  return {
    async ask(index, home, request) {
      const client = clients(index);
      const read = () => readItem({ client, table }, leaseKey(home));
      if (request.kind === 'read') return { granted: false, item: itemOf(await read()) };
      const writeId = randomUUID();
      const { epoch, beat } = request;
      const put = new PutItemCommand({
        TableName: table,
        Item: { ...leaseKey(home), epoch: number(epoch), beat: number(beat), writeId: { S: writeId } },
        ...conditionOf(request),
      });
      try {
        await client.send(put);
        return { granted: true, item: { epoch, beat } };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const stored = await read();
        // The SDK sends a request again when its answer was lost. Then its own item is what is stored. Another keeper of this
        // region may have written the same epoch and beat, which is no grant.
        return { granted: stored?.['writeId']?.S === writeId, item: itemOf(stored) };
      }
    },
  };
}

type Condition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

function conditionOf(request: Exclude<LeaseRequest, { readonly kind: 'read' }>): Condition {
  if (request.kind === 'beat')
    return {
      ConditionExpression: 'epoch = :epoch AND beat < :beat',
      ExpressionAttributeValues: { ':epoch': number(request.epoch), ':beat': number(request.beat) },
    };
  const { seen } = request;
  if (seen.epoch === NO_LEASE.epoch) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'epoch = :seenEpoch AND beat = :seenBeat',
    ExpressionAttributeValues: { ':seenEpoch': number(seen.epoch), ':seenBeat': number(seen.beat) },
  };
}

const storedSchema = z
  .object({ epoch: z.object({ N: z.coerce.number().int() }), beat: z.object({ N: z.coerce.number().int() }) })
  .transform(({ epoch, beat }): LeaseItem => ({ epoch: epoch.N, beat: beat.N }));

const itemOf = (item: Item | null): LeaseItem => (item === null ? NO_LEASE : storedSchema.parse(item));

const number = (value: number) => ({ N: String(value) });
