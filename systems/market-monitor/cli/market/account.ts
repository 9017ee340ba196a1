import { paginateScan } from '@aws-sdk/client-dynamodb';
import { fromBody } from '#adapters/dynamodb/item-body.ts';
import type { Table } from '#adapters/dynamodb/conditional-put.ts';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import type { EventName } from '#core/ports/subject-store.ts';
import { standingOf } from '#core/streams/numbers.ts';
import { EMPTY, subjectItemSchema, type SubjectItem } from '#core/streams/subject-item.ts';
import { ROUTER } from '../../router/name.ts';
import { isOutOfOrder } from './in-order.ts';
import type { Sent, SentToSubject } from './sent.ts';

/** What the router remembers of a day, compared with what was sent. */
export interface Account {
  /** Events that were sent and that it does not remember. */
  readonly lost: number;
  /** Subjects whose bars are not the newest that were sent, or stand in another order, though nothing of them is lost. */
  readonly outOfOrder: number;
  /** Different events that it has handled, also the marker of the command and the router's own events. */
  readonly remembered: number;
}

/**
 * Compares what the table remembers with what was sent, event by event. It reads the whole table, and only the local cloud's
 * scan is consistent: for a demonstration.
 */
export async function accountOf(table: Table, sent: Sent): Promise<Account> {
  const { items, spilled } = await readItems(table);
  const store = dynamodbSubjectStore({ table: table.table, router: ROUTER, client: table.client });
  const account = { lost: 0, outOfOrder: 0, remembered: spilled };
  for (const item of items.values()) account.remembered += handledBy(item);
  for (const [subject, own] of sent) {
    const item = items.get(subject) ?? EMPTY;
    const lost = numbersLost(item, own) + (await namesLost(item, own, (names) => store.spilled(subject, names)));
    account.lost += lost;
    if (lost === 0 && isOutOfOrder(item, own)) account.outOfOrder += 1;
  }
  return account;
}

async function readItems({ client, table }: Table) {
  const items = new Map<string, SubjectItem>();
  let spilled = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    for (const { pk, sk, body } of Items) {
      const subject = /^SUBJECT#(.+)$/.exec(pk?.S ?? '')?.[1];
      if (subject === undefined) continue;
      if (sk?.S?.startsWith(`SEEN#${ROUTER}#`) === true) spilled += 1;
      if (sk?.S === `ROUTER#${ROUTER}`) items.set(subject, subjectItemSchema.parse(fromBody(body)));
    }
  }
  return { items, spilled };
}

/** A number of which the router forgot whether it was handled counts as lost: nobody can show that it was. */
function numbersLost({ sources }: SubjectItem, { numbers }: SentToSubject): number {
  return [...numbers].reduce((lost, [source, sent]) => {
    const known = sources.find((each) => each.source === source)?.numbers ?? { gaps: [] };
    return lost + [...sent].filter((number) => standingOf(known, number) !== 'handled').length;
  }, 0);
}

async function namesLost(
  { ids }: SubjectItem,
  { names }: SentToSubject,
  spilled: (names: readonly EventName[]) => Promise<readonly EventName[]>,
): Promise<number> {
  const known = new Set(ids.map(([source, id]) => JSON.stringify([source, id])));
  const missing = [...names].filter(([key]) => !known.has(key)).map(([, name]) => name);
  return missing.length === 0 ? 0 : missing.length - (await spilled(missing)).length;
}

/** Numbers of a source begin with 1, and 0 is remembered as a gap. */
function handledBy({ sources, ids }: SubjectItem): number {
  const numbered = sources.map(({ numbers: { last, gaps } }) => {
    if (last === undefined) return 0;
    const missing = gaps.reduce((sum, [from, to]) => sum + Number(BigInt(to) - BigInt(from)) + 1, 0);
    return Number(BigInt(last)) + 1 - missing;
  });
  return numbered.reduce((sum, each) => sum + each, 0) + ids.length;
}
