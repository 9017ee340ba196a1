import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { NOTHING, type Amount, type DayCounter, type DayLimit, type DaySum } from '#core/budgets/day-budget.ts';
import { NO_GIFT, plus } from '#core/regions/day-gifts.ts';
import { unlessConditionFails, type Item, type Table } from './conditional-put.ts';
import { daySpendKey } from './state-table.ts';

/** Days that a counter is kept for people to read. Only today's counter affects decisions. */
const KEPT_DAYS = 40;

/** One item: integers in billionths of a dollar, and tokens. */
export interface CounterItem extends Table {
  readonly key: Item;
}

/**
 * Adds to a counter if the whole amount fits below the limit. A missing attribute counts as zero, so the conditions allow it.
 * @param to the region that is given the amount. @default nobody: a call holds it
 * @returns the counter's item as far as it was changed, or null if the amount does not fit
 */
export async function added(
  { client, table, key }: CounterItem,
  { most }: DayLimit,
  amount: Amount,
  now: number,
  to?: string,
): Promise<Item | null> {
  const mostNano = most.usd === undefined ? null : nanoDown(most.usd) - nanoUp(amount.usd);
  const mostTokens = most.tokens === undefined ? null : most.tokens - amount.tokens;
  // The condition for an empty counter would allow more than the whole limit.
  if ((mostNano ?? 0) < 0 || (mostTokens ?? 0) < 0) return null;
  const conditions = [
    ...(mostNano === null ? [] : ['(attribute_not_exists(heldNanoUsd) OR heldNanoUsd <= :mostNano)']),
    ...(mostTokens === null ? [] : ['(attribute_not_exists(heldTokens) OR heldTokens <= :mostTokens)']),
  ];
  const gift = to === undefined ? '' : ', #gaveUsd :usd, #gaveTokens :tokens';
  const command = new UpdateItemCommand({
    TableName: table,
    Key: key,
    UpdateExpression: `ADD heldNanoUsd :usd, heldTokens :tokens${gift} SET lastAt = :now, expiresAt = :expiresAt`,
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ...(to !== undefined && {
      ExpressionAttributeNames: { '#gaveUsd': `${GAVE_USD}${to}`, '#gaveTokens': `${GAVE_TOKENS}${to}` },
      ReturnValues: 'UPDATED_NEW',
    }),
    ExpressionAttributeValues: {
      ':usd': number(nanoUp(amount.usd)),
      ':tokens': number(amount.tokens),
      ':now': number(now),
      ':expiresAt': number(Math.ceil(now / 1_000) + KEPT_DAYS * 86_400),
      ...(mostNano !== null && { ':mostNano': number(mostNano) }),
      ...(mostTokens !== null && { ':mostTokens': number(mostTokens) }),
    },
  });
  const answer = await unlessConditionFails(client.send(command));
  return answer && (answer.Attributes ?? {});
}

/** Attributes of what a region gave to another one, whose name follows. */
const GAVE_USD = 'gaveNanoUsdTo_';
const GAVE_TOKENS = 'gaveTokensTo_';

/** What a counter's item says that its region gave to another one in all. */
export const gaveOf = (item: Item | null, to: string): Amount => ({
  usd: Number(item?.[`${GAVE_USD}${to}`]?.N ?? 0) / 1e9,
  tokens: Number(item?.[`${GAVE_TOKENS}${to}`]?.N ?? 0),
});

export const number = (value: number) => ({ N: String(value) });

/** Converts to billionths of a dollar: charges are rounded up, limits are rounded down. */
export const nanoUp = (usd: number): number => Math.ceil(usd * 1e9 - 1e-6);
const nanoDown = (usd: number): number => Math.floor(usd * 1e9 + 1e-6);

export function counterKey(counter: DayCounter): Item {
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

/** A counter as it is stored: what it gave away is in what it holds. */
export const storedSum = (item: Item | null): DaySum => (item === null ? NOTHING : itemSchema.parse(item));

/** Where a counter stands, without what its region gave away, which others spend. */
export function sumOf(item: Item | null): DaySum {
  const sum = storedSum(item);
  const given = Object.keys(item ?? {})
    .filter((name) => name.startsWith(GAVE_USD))
    .map((name) => gaveOf(item, name.slice(GAVE_USD.length)))
    .reduce(plus, NO_GIFT);
  if (given === NO_GIFT) return sum;
  const nano = Math.round((sum.held.usd - given.usd) * 1e9);
  return { ...sum, held: { usd: nano / 1e9, tokens: sum.held.tokens - given.tokens } };
}
