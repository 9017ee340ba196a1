import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamodbLeaseTables } from '#adapters/dynamodb/regions/lease-tables.ts';
import { writeHeld } from '#adapters/dynamodb/regions/home-holders.ts';
import type { LeaseLine } from '#cli/global/lease-history/lines.ts';
import { recordCalls } from '#cli/global/lease-history/record-calls.ts';
import type { LeaseRequest } from '#core/regions/lease.ts';
import type { Regions } from '#adapters/aws/regions.ts';

type Answer = { readonly status: number; readonly body: object };

/** A client whose calls are seen by the recorder as those of a function are, and answered in turn. */
function recorded(answers: readonly Answer[]) {
  const lines: LeaseLine[] = [];
  const watch = recordCalls(
    (line) => lines.push(line),
    'us',
    (region) => region.slice(0, 2),
  );
  const left = [...answers];
  const send = (command: { readonly input: object; readonly constructor: { readonly name: string } }) => {
    const target = `DynamoDB_20120810.${command.constructor.name.replace('Command', '')}`;
    const answered = watch({ region: 'eu-west-1', target, body: JSON.stringify(command.input) });
    const answer = left.shift();
    if (answer === undefined) return Promise.reject(new Error('No answer.'));
    answered?.({ status: answer.status, body: JSON.stringify(answer.body) });
    if (answer.status === 200) return Promise.resolve(answer.body);
    return Promise.reject(new ConditionalCheckFailedException({ message: 'No.', $metadata: {} }));
  };
  const client = { send } as unknown as DynamoDBClient;
  return { lines, client };
}

const stored = (epoch: number, beat: number, id: string) => ({
  Item: { pk: { S: 'HOME#ap' }, epoch: { N: `${epoch}` }, beat: { N: `${beat}` }, writeId: { S: id } },
});
const done: Answer = { status: 200, body: {} };
const failed: Answer = {
  status: 400,
  body: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' },
};

async function asked(request: LeaseRequest, answers: readonly Answer[]): Promise<readonly LeaseLine[]> {
  const { lines, client } = recorded(answers);
  await dynamodbLeaseTables(() => client, 'fleet-homes')
    .ask(1, 'ap', request)
    .catch(() => undefined);
  return lines;
}

it('records each request of the keeper as its condition has it, whom it asks, and what is stored', async () => {
  const [read, found] = await asked({ kind: 'read' }, [{ status: 200, body: stored(16, 3, 'w') }]);
  expect(read).toMatchObject({ type: 'call', caller: 'us', table: 'eu', home: 'ap', request: { kind: 'read' } });
  expect(found).toMatchObject({ type: 'return', stored: { epoch: 16, beat: 3, id: 'w' } });
  expect(await asked({ kind: 'read' }, [done])).toMatchObject([{}, { stored: null }]);
  const beat = await asked({ kind: 'beat', epoch: 0, beat: 4 }, [done]);
  const item = { epoch: 0, beat: 4, id: expect.any(String) as string };
  expect(beat).toMatchObject([
    { request: { kind: 'write', item, if: { is: 'earlier', epoch: 0, beat: 4 } } },
    { granted: true, stored: item },
  ]);
  const taken = { kind: 'take', epoch: 17, beat: 9 } as const;
  expect(await asked({ ...taken, seen: { epoch: 0, beat: 4 } }, [done])).toMatchObject([
    { request: { if: { is: 'same', epoch: 0, beat: 4 } } },
    { granted: true },
  ]);
  expect(await asked({ ...taken, seen: { epoch: -1, beat: 0 } }, [done])).toMatchObject([
    { request: { if: { is: 'absent' } } },
    { granted: true },
  ]);
});

it('leaves a call without an answer open, and knows a failed condition from a failure', async () => {
  const beat = { kind: 'beat', epoch: 0, beat: 4 } as const;
  expect(await asked(beat, [])).toHaveLength(1);
  expect(await asked(beat, [{ status: 500, body: { __type: 'InternalServerError' } }])).toHaveLength(2);
  const lines = await asked(beat, [failed, { status: 200, body: stored(16, 3, 'w') }]);
  expect(lines.map(({ type }) => type)).toEqual(['call', 'return', 'call', 'return']);
  expect(lines[1]).toEqual({
    type: 'return',
    at: expect.any(Number) as number,
    call: lines[0]?.['call' as never],
    granted: false,
  });
});

it('records until when a region says that it holds a home, if its own table takes it', async () => {
  const regions = { names: ['us', 'eu', 'ap'], homesTable: 'fleet-homes', index: 0 } as unknown as Regions;
  const held = { home: 2, epoch: 32, holder: 0, until: Date.now() + 20_000 };
  const { lines, client } = recorded([done, failed, done]);
  await writeHeld(regions, () => client, held);
  await writeHeld(regions, () => client, held);
  await writeHeld(regions, () => client, { ...held, holder: 1, until: 0 });
  expect(lines).toMatchObject([{ type: 'hold', region: 'us', home: 'ap', epoch: 32 }]);
  const [hold] = lines;
  const lastsMs = hold?.type === 'hold' ? hold.until - hold.at : 0;
  expect(lastsMs).toBeGreaterThan(19_000);
  expect(lastsMs).toBeLessThan(21_000);
});
