import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { REFRESH_MS, watchPortfolios } from '../../portfolios/watch-portfolios.ts';
import { ACME, portfolioFile } from '../router/day.ts';

let made = 0;
const file = (more: object = {}) => portfolioFile({ id: `p${(made += 1)}`, ...more });
const by = { by: 'Ada', at: 1_000, changes: ['created'] };

describe('portfolios in DynamoDB', () => {
  const at = stateTable();

  it('have versions, of which none is lost', async () => {
    const store = dynamodbPortfolios(at());
    const portfolio = file();
    expect(await store.read(portfolio.id)).toBeNull();
    expect(await store.history(portfolio.id, 10)).toEqual([]);
    for (const seen of [0, 1, 2]) await store.save({ portfolio: { ...portfolio, name: `v${seen + 1}` }, seen, ...by });
    expect(await store.read(portfolio.id)).toMatchObject({ version: 3, by: 'Ada', portfolio: { name: 'v3' } });
    const versions = await store.history(portfolio.id, 10);
    expect(versions.map(({ version, portfolio: { name } }) => [version, name])).toEqual([
      [3, 'v3'],
      [2, 'v2'],
      [1, 'v1'],
    ]);
    expect(await store.history(portfolio.id, 2)).toHaveLength(2);
  });

  it('are saved by one of two authors that saw the same version', async () => {
    const store = dynamodbPortfolios(at());
    const portfolio = file();
    const saves = ['Ada', 'Ben'].map((name) => store.save({ portfolio, seen: 0, ...by, by: name }));
    expect((await Promise.all(saves)).filter((saved) => saved !== null)).toHaveLength(1);
    expect(await store.save({ portfolio, seen: 0, ...by })).toBeNull();
    expect(await store.save({ portfolio, seen: 7, ...by })).toBeNull();
    expect(await store.read(portfolio.id)).toMatchObject({ version: 1 });
  });

  it('that this release cannot read are left out of the list', async () => {
    const { client, table } = at();
    const store = dynamodbPortfolios({ client, table });
    const portfolio = file();
    await store.save({ portfolio, seen: 0, ...by });
    const key = { pk: { S: 'PORTFOLIOS' }, sk: { S: 'of-a-later-release' } };
    const body = { S: JSON.stringify({ schema: 99 }) };
    await client.send(new PutItemCommand({ TableName: table, Item: { ...key, body } }));
    const ids = (await store.list()).map((record) => record.portfolio.id);
    expect(ids).toContain(portfolio.id);
    expect(ids).not.toContain('of-a-later-release');
  });

  it('keep what a later release added', async () => {
    const store = dynamodbPortfolios(at());
    const portfolio = { ...file(), sector: 'tools' };
    await store.save({ portfolio, seen: 0, ...by });
    expect((await store.read(portfolio.id))?.portfolio).toMatchObject({ sector: 'tools' });
  });
});

describe('portfolios that a router watches', () => {
  const record = (version: number, rules: object[] = []) => ({
    version,
    savedAt: Date.parse('2026-11-30'),
    by: 'Ada',
    changes: [],
    portfolio: portfolioFile({ rules }),
  });

  it('are read again after five seconds, and compiled again if they changed', async () => {
    let stored = [record(1)];
    let reads = 0;
    const list = async () => ((reads += 1), stored);
    const watch = watchPortfolios({ list }, () => {});
    const [first] = (await watch(0)).of(ACME);
    expect((await watch(REFRESH_MS - 1)).of(ACME)[0]).toBe(first);
    expect(reads).toBe(1);
    expect((await watch(REFRESH_MS)).of(ACME)[0]).toBe(first);
    expect(reads).toBe(2);
    stored = [record(2)];
    expect((await watch(2 * REFRESH_MS)).of(ACME)[0]).toMatchObject({ version: 2, asOf: '2026-11-30' });
    expect((await watch(3 * REFRESH_MS)).of('cik:0000000009')).toEqual([]);
  });

  it('leave out a rule that does not compile, and report it once for each version', async () => {
    const reports: string[] = [];
    const broken = { id: 'later', when: 'm.laterFigure > 5', severity: 'urgent', cause: 'later' };
    const watch = watchPortfolios({ list: async () => [record(1, [broken])] }, (portfolio, problems) => {
      reports.push(`${portfolio}: ${problems[0]?.rule}`);
    });
    const [portfolio] = (await watch(0)).of(ACME);
    await watch(REFRESH_MS);
    expect(portfolio?.rules.some(({ rule }) => rule.id === 'later')).toBe(false);
    expect(portfolio?.rules.some(({ rule }) => rule.id === 'fast-move')).toBe(true);
    expect(reports).toEqual(['core: later']);
  });
});
