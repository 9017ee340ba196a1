import { paginateScan } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { fromBody } from '#adapters/dynamodb/item-body.ts';
import type { Table } from '#adapters/dynamodb/conditional-put.ts';
import { MARKER } from './caught-up.ts';
import { subjectItemSchema, type SubjectItem } from '#core/streams/subject-item.ts';

/** What the router remembers of a day. */
export interface Account {
  /** Events that it has handled, each once. */
  readonly handled: number;
  /** Tasks of analysts that were submitted. */
  readonly windows: number;
  /** Subjects whose newest bar is not the newest one that was sent. */
  readonly outOfOrder: number;
}

const stateSchema = z.looseObject({ bars: z.array(z.looseObject({ s: z.number() })).optional() });

/** Counts what the table remembers. It reads the whole table, and only the local cloud's scan is consistent: for a demonstration. */
export async function accountOf({ client, table }: Table, newestBars: ReadonlyMap<string, number>): Promise<Account> {
  const account = { handled: 0, windows: 0, outOfOrder: 0 };
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    for (const item of Items) {
      const [pk = '', sk = ''] = [item['pk']?.S, item['sk']?.S];
      if (pk.startsWith('WINDOW#')) account.windows += 1;
      const subject = /^SUBJECT#(.+)$/.exec(pk)?.[1];
      // What the monitor publishes itself, and the marker of the command, were not sent as events of the day.
      if (subject === undefined || subject.startsWith('portfolio:') || subject === MARKER) continue;
      if (sk.startsWith('SEEN#')) account.handled += 1;
      if (!sk.startsWith('ROUTER#')) continue;
      const remembered = subjectItemSchema.parse(fromBody(item['body']));
      account.handled += handledBy(remembered);
      const bars = stateSchema.safeParse(remembered.state).data?.bars ?? [];
      const sent = newestBars.get(subject);
      if (bars.length > 0 && sent !== undefined && Math.max(...bars.map(({ s }) => s)) !== sent)
        account.outOfOrder += 1;
    }
  }
  return account;
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
