import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fitsOn, NOTHING, type DayCounter } from '#core/budgets/day-budget.ts';
import type { DaySpend } from '#core/ports/day-spend.ts';
import { lackingFor, limitOfPart, seenFromPart } from '#core/regions/day-gifts.ts';
import { dynamodb, dynamodbOnce } from './client.ts';
import { readItem, type Table } from './conditional-put.ts';
import { added, counterKey, nanoUp, number, storedSum, sumOf } from './day-counter.ts';
import { dayGifts, type DayGifts } from './regions/day-gifts.ts';
import { regionPartsHere, type RegionParts } from './regions/region-parts.ts';

export interface DynamodbDaySpendOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
  /** A client that sends each request once. @default the process's shared client without retries */
  readonly onceClient?: DynamoDBClient;
  /**
   * The regions that share each limit, and the process's own (I4).
   * @default those of a global fleet; null in a fleet of one region
   */
  readonly parts?: Pick<RegionParts, 'regions' | 'clients'> | null;
}

/**
 * Stores day counters in the state table: integers in billionths of a dollar, each changed by one update of one item.
 *
 * A reservation that the SDK sends twice counts twice, which errs on the safe side (D1). A release sent twice would not,
 * so it uses a client without retries: if its response is lost, the amount stays charged.
 *
 * Each region of a global fleet has a counter of its own, and an equal part of the limit. One that has no room left asks the
 * others for a gift ([day-gifts.ts](../../core/regions/day-gifts.ts)).
 */
export function dynamodbDaySpend(options: DynamodbDaySpendOptions): DaySpend {
  const { table, client = dynamodb(), onceClient = dynamodbOnce(), parts = regionPartsHere() } = options;
  const regions = parts?.regions.all.length ?? 1;
  // A table that is not replicated has no counters of other regions.
  const gifts = parts?.regions.stateTable === table ? dayGifts(parts) : NO_GIFTS;
  const at: Table = { client, table };
  const item = (counter: DayCounter) => readItem(at, counterKey(counter));
  return {
    read: async (counter) => sumOf(await item(counter)),
    async reserve(limit, amount, now) {
      const { counter } = limit;
      const counterAt = { ...at, key: counterKey(counter) };
      const limitHere = () => limitOfPart(limit, regions, gifts.given(counter));
      if (await added(counterAt, limitHere(), amount, now)) return { fits: true };
      const stored = await item(counter);
      const lacking = lackingFor(limitHere(), storedSum(stored).held, amount);
      // What fits on no day is not worth a question.
      const mayFit = fitsOn(NOTHING.held, amount, limit);
      if (mayFit && (await gifts.ask(limit, lacking, now)) && (await added(counterAt, limitHere(), amount, now)))
        return { fits: true };
      return { fits: false, sum: seenFromPart(limit, limitHere(), storedSum(stored).held, sumOf(stored)) };
    },
    async settle(counter, reserved, cost, now) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: counterKey(counter),
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

/** Without other regions, or with counters that they do not see. */
const NO_GIFTS: DayGifts = { given: () => [], ask: async () => false };
