import { ConditionalCheckFailedException, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { NOTHING, type Amount, type DayCounter, type DayLimit, type DaySum } from '#core/budgets/day-budget.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';
import { regionsHere } from '../aws/regions.ts';
import { dynamodb, dynamodbOnce } from './client.ts';
import { readItem, type Item, type Table } from './conditional-put.ts';
import { daySpendKey } from './state-table.ts';

export interface DynamodbDaySpendOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /**
   * The share of each limit that this region may spend, since each region counts for itself (I4).
   * @default equal shares for the regions of a global fleet
   */
  readonly share?: number;
  /** A client that sends each request once. @default the process's shared client without retries */
  readonly onceClient?: DynamoDBClient;
}

/** Days that a counter is kept for people to read. Only today's counter affects decisions. */
const KEPT_DAYS = 40;

/**
 * Stores day counters in the state table: integers in billionths of a dollar, each changed by one update of one item.
 *
 * A reservation that the SDK sends twice counts twice, which errs on the safe side (D1). A release sent twice would not,
 * so it uses a client without retries: if its response is lost, the amount stays charged.
 */
export function dynamodbDaySpend(options: DynamodbDaySpendOptions): DaySpend {
  const { table, client = dynamodb(), onceClient = dynamodbOnce() } = options;
  const { share = 1 / (regionsHere()?.all.length ?? 1) } = options;
  const at: Table = { client, table };
  const read = async (counter: DayCounter): Promise<DaySum> => sumOf(await readItem(at, keyOf(counter)));
  return {
    read,
    async reserve(limit, amount, now) {
      if (await added(at, shareOf(limit, share), amount, now)) return { fits: true };
      return { fits: false, sum: await read(limit.counter) };
    },
    async settle(counter, reserved, cost, now) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: keyOf(counter),
        UpdateExpression:
          'ADD heldNanoUsd :usd, heldTokens :tokens, spentNanoUsd :spentUsd, spentTokens :spent SET lastAt = :now',
        ExpressionAttributeValues: {
          ':usd': number(nanoUp(cost.usd) - nanoUp(reserved.usd)),
          ':tokens': number(cost.tokens - reserved.tokens),
          ':spentUsd': number(nanoUp(cost.usd)),
          ':spent': number(cost.tokens),
          ':now': number(now),
        },
      });
      await onceClient.send(command);
    },
  };
}

function shareOf({ counter, most: { usd, tokens } }: DayLimit, share: number): DayLimit {
  const most = {
    ...(usd !== undefined && { usd: usd * share }),
    ...(tokens !== undefined && { tokens: Math.floor(tokens * share) }),
  };
  return { counter, most };
}

/** Adds to a counter if the whole amount fits. A missing attribute counts as zero, so the conditions allow it. */
async function added(at: Table, { counter, most }: DayLimit, amount: Amount, now: number): Promise<boolean> {
  const mostNano = most.usd === undefined ? null : nanoDown(most.usd) - nanoUp(amount.usd);
  const mostTokens = most.tokens === undefined ? null : most.tokens - amount.tokens;
  // The condition for an empty counter would allow more than the whole limit.
  if ((mostNano ?? 0) < 0 || (mostTokens ?? 0) < 0) return false;
  const conditions = [
    ...(mostNano === null ? [] : ['(attribute_not_exists(heldNanoUsd) OR heldNanoUsd <= :mostNano)']),
    ...(mostTokens === null ? [] : ['(attribute_not_exists(heldTokens) OR heldTokens <= :mostTokens)']),
  ];
  const command = new UpdateItemCommand({
    TableName: at.table,
    Key: keyOf(counter),
    UpdateExpression: 'ADD heldNanoUsd :usd, heldTokens :tokens SET lastAt = :now, expiresAt = :expiresAt',
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ExpressionAttributeValues: {
      ':usd': number(nanoUp(amount.usd)),
      ':tokens': number(amount.tokens),
      ':now': number(now),
      ':expiresAt': number(Math.ceil(now / 1_000) + KEPT_DAYS * 86_400),
      ...(mostNano !== null && { ':mostNano': number(mostNano) }),
      ...(mostTokens !== null && { ':mostTokens': number(mostTokens) }),
    },
  });
  try {
    await at.client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

const number = (value: number) => ({ N: String(value) });

/** Converts to billionths of a dollar: charges are rounded up, limits are rounded down. */
const nanoUp = (usd: number): number => Math.ceil(usd * 1e9 - 1e-6);
const nanoDown = (usd: number): number => Math.floor(usd * 1e9 + 1e-6);

function keyOf(counter: DayCounter): Item {
  const { pk, sk } = daySpendKey(counter);
  return { pk: { S: pk }, sk: { S: sk } };
}

const counted = z
  .object({ N: z.coerce.number() })
  .transform(({ N }) => N)
  .default(0);
const itemSchema = z
  .object({
    heldNanoUsd: counted,
    heldTokens: counted,
    spentNanoUsd: counted,
    spentTokens: counted,
    lastAt: z.object({ N: z.coerce.number() }),
  })
  .transform((item): DaySum => ({
    held: { usd: item.heldNanoUsd / 1e9, tokens: item.heldTokens },
    spent: { usd: item.spentNanoUsd / 1e9, tokens: item.spentTokens },
    at: item.lastAt.N,
  }));

const sumOf = (item: Item | null): DaySum => (item === null ? NOTHING : itemSchema.parse(item));
