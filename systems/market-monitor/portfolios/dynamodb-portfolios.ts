import {
  ABSENT,
  atVersion,
  conditionalPut,
  parseBody,
  parseIfReadable,
  queried,
  readItem,
  toBody,
  type Item,
  type Table,
} from '#runtime/index.ts';
import { portfolioRecordSchema, type PortfolioRecord } from './record.ts';
import type { PortfolioStore, Save } from './store.ts';

/**
 * Portfolios in the system's table:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | the newest version | `PORTFOLIOS` | `<id>` |
 * | a version that is written once | `PORTFOLIO#<id>` | `VERSION#<8 digits>` |
 *
 * The newest version is one conditional write. Before it is replaced, it is copied to the history, so a crash between the
 * two writes loses nothing.
 */
export function dynamodbPortfolios(table: Table): PortfolioStore {
  const readNewest = async (id: string): Promise<PortfolioRecord | null> => {
    const item = await readItem(table, newestKey(id));
    return item === null ? null : parse(item);
  };
  return {
    read: readNewest,
    async list() {
      const records: PortfolioRecord[] = [];
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: NEWEST } } };
      for await (const item of queried(table, query)) {
        const record = parseIfReadable(parse, item);
        if (record !== null) records.push(record);
      }
      return records;
    },
    async history(id, limit) {
      const newest = await readNewest(id);
      const records = newest === null ? [] : [newest];
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `PORTFOLIO#${id}` } },
        ScanIndexForward: false,
      };
      for await (const item of queried(table, query)) {
        if (records.length >= limit) break;
        const record = parseIfReadable(parse, item);
        // A version that a crash left beside the newest one is the same version.
        if (record !== null && record.version < (newest?.version ?? Infinity)) records.push(record);
      }
      return records;
    },
    save: async (save) => saveNext(table, save),
  };
}

const NEWEST = 'PORTFOLIOS';
const newestKey = (id: string): Item => ({ pk: { S: NEWEST }, sk: { S: id } });
const parse = (item: Item): PortfolioRecord => parseBody(portfolioRecordSchema, item);

async function saveNext(table: Table, { portfolio, seen, by, at, changes }: Save): Promise<PortfolioRecord | null> {
  const key = newestKey(portfolio.id);
  const newest = await readItem(table, key);
  const before = newest === null ? null : parse(newest);
  if ((before?.version ?? 0) !== seen) return null;
  if (before !== null) await keep(table, before);
  const record = { version: seen + 1, savedAt: at, by, changes: [...changes], portfolio };
  const item = {
    ...key,
    version: { N: String(record.version) },
    body: toBody(record, `The portfolio ${portfolio.id}`),
  };
  const done = await conditionalPut(table, item, seen === 0 ? ABSENT : atVersion(seen));
  return done === 'written' ? record : null;
}

/** Writes a version to the history. If it is there already, it is the same. */
async function keep(table: Table, record: PortfolioRecord): Promise<void> {
  const { portfolio, version } = record;
  const key = { pk: { S: `PORTFOLIO#${portfolio.id}` }, sk: { S: `VERSION#${String(version).padStart(8, '0')}` } };
  await conditionalPut(table, { ...key, body: toBody(record, `A version of ${portfolio.id}`) }, ABSENT);
}
