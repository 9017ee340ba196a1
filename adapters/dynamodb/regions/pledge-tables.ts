import {
  ConditionalCheckFailedException,
  PutItemCommand,
  type DynamoDBClient,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { RegionIndex } from '#core/regions/epoch.ts';
import type { PledgeTables } from '#core/regions/homed-tasks.ts';
import {
  answerPledge,
  NO_PLEDGE,
  PLEDGE_MAJORITY,
  pledgeSchema,
  type Pledge,
  type PledgeAnswer,
  type PledgeRequest,
} from '#core/regions/pledge.ts';
import { taskIdSchema, type TaskId } from '#core/tasks/task-id.ts';
import { readItem, type Item, type Table } from '../conditional-put.ts';
import { toBody } from '../item-body.ts';
import { queried } from '../queried.ts';
import { parseBody } from '../record.ts';
import { idOfPledgeKey, pledgeKey } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

export interface DynamodbPledgeTablesOptions {
  readonly clients: RegionalClients;
  /** Name of the table of homes. */
  readonly table: string;
  /** Number of the fleet's regions. */
  readonly count: number;
  /** The name of the home that a task belongs to, for the index of accepted tasks. */
  readonly homeOf: (id: TaskId) => string;
  /** Days that a pledge is kept after its task was last written: longer than a task takes. @default 90 */
  readonly keptDays?: number;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

export interface DynamodbPledgeTables extends PledgeTables {
  /**
   * Tasks of a home in one region's table that were accepted to survive their region, not long ago, and have not ended as far
   * as that table knows.
   */
  accepted(table: RegionIndex, home: string): AsyncIterable<TaskId>;
  /** Such a task as it was accepted. Undefined if no table that can be reached has it. */
  acceptance(id: TaskId): Promise<unknown>;
}

/**
 * How long an acceptance is offered, in days: longer than any deadline, and shorter than an ended task is kept. A region that
 * was away when a task ended still has it as open. Once the ended task is gone, it would be made again from there.
 */
const ACCEPTED_DAYS = 21;

/** Tries for one table, each of which meets another writer of the same task. */
const MAX_TRIES = 8;

/**
 * The pledges of tasks in the three tables of homes. The first write of a task is one request to each table, later ones are
 * three.
 */
export function dynamodbPledgeTables(options: DynamodbPledgeTablesOptions): DynamodbPledgeTables {
  const { clients, table, count, now = Date.now } = options;
  return {
    ask: (id, request) =>
      firstGrants(Array.from({ length: count }, (_, index) => askOne(options, clients(index), id, request))),
    async acceptance(id) {
      const asked = Array.from({ length: count }, async (_, index) =>
        readItem({ client: clients(index), table }, pledgeKey(id)),
      );
      const answers = await Promise.allSettled(asked);
      const pledges = answers.flatMap((answer) =>
        answer.status === 'fulfilled' && answer.value ? [pledgeOf(answer.value)] : [],
      );
      return pledges.find(({ value }) => value.accepted !== undefined)?.value.accepted;
    },
    async *accepted(index, home) {
      const since = now() - ACCEPTED_DAYS * DAY_S * 1_000;
      const items = queried(
        { client: clients(index), table },
        {
          IndexName: 'accepted',
          KeyConditionExpression: 'acceptedHome = :home AND acceptedAt > :since',
          ExpressionAttributeValues: { ':home': { S: home }, ':since': { N: String(since) } },
        },
      );
      for await (const { pk } of items) yield taskIdSchema.parse(idOfPledgeKey(pk?.S ?? ''));
    },
  };
}

/** Resolves with the first two grants, or with all answers. A table that cannot be reached gives none. */
function firstGrants(asked: readonly Promise<PledgeAnswer>[]): Promise<readonly PledgeAnswer[]> {
  const answers: PledgeAnswer[] = [];
  return new Promise((resolve) => {
    let open = asked.length;
    const note = (answer?: PledgeAnswer): void => {
      if (answer) answers.push(answer);
      open -= 1;
      const granted = answers.filter((each) => each.granted).length;
      if (open === 0 || granted >= PLEDGE_MAJORITY) resolve([...answers]);
    };
    for (const one of asked) one.then(note, () => note());
  });
}

async function askOne(
  options: DynamodbPledgeTablesOptions,
  client: DynamoDBClient,
  id: TaskId,
  request: PledgeRequest,
): Promise<PledgeAnswer> {
  const at: Table = { client, table: options.table };
  let stored: Item | null = null;
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const before = stored === null ? NO_PLEDGE : pledgeOf(stored);
    const answer = answerPledge(before, request);
    if (!answer.granted) return answer;
    const revision = Number(stored?.['revision']?.N ?? 0);
    const item = itemOf(options, id, answer.pledge, revision + 1);
    try {
      await client.send(new PutItemCommand({ TableName: options.table, Item: item, ...whileAt(revision) }));
      return answer;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      stored = await readItem(at, pledgeKey(id));
    }
  }
  throw new Error(`Others write the pledge of task ${id} all the time.`);
}

type Condition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

const whileAt = (revision: number): Condition =>
  revision === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'revision = :revision',
        ExpressionAttributeValues: { ':revision': { N: String(revision) } },
      };

const DAY_S = 86_400;

function itemOf(options: DynamodbPledgeTablesOptions, id: TaskId, pledge: Pledge, revision: number): Item {
  const { homeOf, keptDays = 90, now = Date.now } = options;
  const isOpen = pledge.value.accepted !== undefined && pledge.value.end === undefined;
  return {
    ...pledgeKey(id),
    revision: { N: String(revision) },
    // Nobody has written under the epoch -1, which the schema of stored pledges leaves out.
    body: toBody(
      pledge.epoch < 0 ? { ...pledge, epoch: undefined, value: undefined } : pledge,
      `The pledge of task ${id}`,
    ),
    expiresAt: { N: String(Math.ceil(now() / 1_000) + (isOpen ? ACCEPTED_DAYS : keptDays) * DAY_S) },
    ...(isOpen && { acceptedHome: { S: homeOf(id) }, acceptedAt: { N: String(now()) } }),
  };
}

/** Fields that this release does not know stay, since a newer one may depend on them (R1). */
function pledgeOf(item: Item): Pledge {
  const { epoch = NO_PLEDGE.epoch, value = NO_PLEDGE.value, ...rest } = parseBody(pledgeSchema, item);
  return { ...rest, epoch, value };
}
