import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { closedIn } from '#test/core/stored/closed.ts';
import { stateTable } from '#test/contract/local-services.ts';
import { reviewRecordSchema } from '../findings/review-record.ts';
import { claimSchema } from '../pull-request/claim.ts';
import { dynamodbClaimStore } from '../pull-request/claim-store.ts';
import { heldForSchema } from '../pull-request/held-store.ts';
import { nextClaim } from '../pull-request/take-over.ts';
import { dynamodbProgress, progressSchema } from '../reconcile/progress.ts';

/** The records of the reviews table, each a whole item's body. */
const BODIES = { claimSchema, heldForSchema, progressSchema };

test.each(Object.entries({ ...BODIES, reviewRecordSchema }))(
  'R1: %s keeps unknown fields on every level',
  (_, schema) => {
    expect(closedIn(schema)).toEqual([]);
  },
);

it('are all checked: every schema that the system reads a body with', () => {
  const used = globSync('systems/code-review/**/*.ts', { exclude: ['**/test/**'] }).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/parseBody\((\w+)/g)].map(([, name = '']) => name),
  );
  expect(new Set(used)).toEqual(new Set(Object.keys(BODIES)));
});

const by = (name: string) => ({ name, arn: `arn:${name}`, startedAt: 0 });
const wanted = { head: 'a'.repeat(40), base: 'b'.repeat(40), state: 'running' } as const;

describe('R1: the claim that follows another one', () => {
  it('keeps the fields of a newer release, and nothing that is the other execution’s', () => {
    const before = claimSchema.parse({
      ...nextClaim(null, by('first'), wanted, 1),
      checkRun: 7,
      held: { usd: 1, day: '2026-11-30', taskId: 'task-1', at: 1, later: 1 },
      later: { of: 'a newer release' },
    });
    const next = nextClaim(before, by('second'), wanted, 2);
    expect(next).toMatchObject({ execution: 'second', version: 2, later: { of: 'a newer release' }, posts: 0 });
    expect([next.checkRun, next.held]).toEqual([undefined, undefined]);
    expect(next.unsettled).toMatchObject([{ later: 1 }]);
  });
});

describe('R1: in DynamoDB', () => {
  const at = stateTable();
  /** Adds an attribute of a newer release, and returns what becomes of it. */
  const later = async (pk: string, sk: string, write: () => Promise<unknown>): Promise<unknown> => {
    const { client, table } = at();
    const update = {
      TableName: table,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'SET later = :later',
      ExpressionAttributeValues: { ':later': { S: 'newer' } },
    };
    await client.send(new UpdateItemCommand(update));
    await write();
    const { Attributes } = await client.send(new UpdateItemCommand({ ...update, ReturnValues: 'ALL_OLD' }));
    return Attributes?.['later'];
  };

  it('the attributes of a newer release stay on a claim', async () => {
    const claims = dynamodbClaimStore(at());
    const pull = { repository: 'octo-org/later', number: 1, installation: null };
    const first = nextClaim(null, by('first'), wanted, 1);
    expect(await claims.replace(pull, first)).toBe('replaced');
    const written = later('PULL#octo-org/later#1', 'CLAIM', () =>
      claims.replace(pull, nextClaim(first, by('second'), wanted, 2)),
    );
    expect(await written).toEqual({ S: 'newer' });
    expect(await claims.get(pull)).toMatchObject({ execution: 'second', version: 2 });
    expect(await claims.replace(pull, nextClaim(first, by('late'), wanted, 3))).toBe('conflict');
  });

  it('the attributes of a newer release stay on the progress of the reconciler', async () => {
    const { table, client } = at();
    const progress = dynamodbProgress(table, client);
    const first = { version: 1, until: 1, failed: {}, after: null };
    expect(await progress.replace(first)).toBe('replaced');
    const written = later('RECONCILER', 'PROGRESS', () => progress.replace({ ...first, version: 2 }));
    expect(await written).toEqual({ S: 'newer' });
    expect(await progress.replace({ ...first, version: 2 })).toBe('conflict');
  });
});
