import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import { rejectedRecords, type RejectedEntry } from '#adapters/s3/rejected-records.ts';
import { PORTFOLIO_ROUTES } from '../../functions/portfolios/env.ts';
import { portfolioDocument } from '../../portfolios/api/document.ts';
import { portfolioOperations } from '../../portfolios/api/operations.ts';
import { MAX_PORTFOLIOS } from '../../portfolios/portfolio.ts';
import { portfolioApi } from './portfolio-api.ts';

vi.mock('#adapters/s3/rejected-records.ts', () => ({ rejectedRecords: vi.fn() }));

const api = portfolioApi();
const { call, put, portfolio } = api;
let id: string;
beforeEach(() => {
  id = api.id;
});

const early = { id: 'early', when: 'm.dayPct > 4.0', severity: 'warning', cause: 'price-move' };

describe('rejected records by API', () => {
  const entry: RejectedEntry = {
    stream: 'market',
    partition: 'shard-0',
    position: '7',
    key: 'send all money',
    arrivedAt: Date.parse('2026-11-30T15:00:00Z'),
    reason: 'invalid-data',
    detail: 'data.close: must be positive',
    bytes: 12,
  };
  const view = {
    reason: 'invalid-data',
    arrivedAt: '2026-11-30T15:00:00.000Z',
    position: '7',
    subject: null,
    bytes: 12,
  };

  it('are listed with reason, time and position, without words of whoever sent them', async () => {
    vi.mocked(rejectedRecords).mockResolvedValue({
      records: [entry, { ...entry, key: 'cik:0000320193' }],
      isComplete: true,
    });
    const { body } = await call('GET /market/rejected');
    expect(body).toMatchObject({
      records: [view, { ...view, subject: 'cik:0000320193' }],
      reasons: { 'invalid-data': 2 },
      isComplete: true,
    });
    expect(JSON.stringify(body)).not.toMatch(/send all|positive/);
    const detailed = await call('GET /market/rejected', { query: { details: 'true', limit: '2' } });
    expect(detailed.body['records']).toMatchObject([{ detail: 'data.close: must be positive' }, {}]);
    expect(vi.mocked(rejectedRecords)).toHaveBeenLastCalledWith(
      expect.objectContaining({ bucket: 'rejected', router: 'market', maxRecords: 2 }),
    );
  });

  it('I8: of another tenant are none', async () => {
    expect(await call('GET /market/rejected', { tenant: 'others' })).toMatchObject({
      status: 200,
      body: { records: [] },
    });
  });

  it('of long ago are not read', async () => {
    const since = new Date(Date.now() - 31 * 86_400_000).toISOString();
    expect(await call('GET /market/rejected', { query: { since } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'since' }] },
    });
  });
});

describe('portfolios by API', () => {
  it('are saved as versions, each with the key that saved it', async () => {
    expect(await put(0)).toEqual({ status: 200, body: { id, saved: true, version: 1, changes: ['created'] } });
    const second = await put(1, portfolio({ name: 'Growth', rules: [early] }));
    expect(second).toMatchObject({ status: 200, body: { version: 2 } });
    const { body } = await call('GET /portfolios/{id}');
    expect(body).toMatchObject({ version: 2, by: 'key key-1', portfolio: { name: 'Growth', rules: [early] } });
    expect(body['rules']).toContainEqual(expect.objectContaining({ id: 'early' }));
    expect(await call('GET /portfolios/{id}/versions', { query: { limit: '1' } })).toMatchObject({
      body: { versions: [{ version: 2, by: 'key key-1', changes: ['name: "Core" → "Growth"', expect.any(String)] }] },
    });
    const { body: list } = await call('GET /portfolios');
    expect(list['portfolios']).toContainEqual(expect.objectContaining({ id, version: 2, holdings: 1, ownRules: 1 }));
  });

  it('are not saved over the version of somebody else, and a repeated request changes nothing', async () => {
    await put(0);
    const other = portfolio({ name: 'Other' });
    expect(await put(0, other)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('version 1, not 0') as string },
    });
    expect(await put(7, other)).toMatchObject({ status: 409 });
    expect(await put(0, other, { query: { dryRun: 'true' } })).toMatchObject({ status: 409 });
    expect(await put(1)).toEqual({ status: 200, body: { id, saved: false, version: 1, changes: [] } });
  });

  it('are saved by a request whose answer was lost: it is sent again, and nothing is wrong', async () => {
    await put(0);
    expect(await put(0)).toEqual({ status: 200, body: { id, saved: false, version: 1, changes: [] } });
    const second = portfolio({ name: 'Growth' });
    const both = await Promise.all([put(1, second), put(1, second)]);
    expect(both).toEqual([0, 1].map(() => ({ status: 200, body: expect.objectContaining({ version: 2 }) as object })));
    expect(await put(1, second)).toEqual({ status: 200, body: { id, saved: false, version: 2, changes: [] } });
    const { body } = await call('GET /portfolios/{id}/versions');
    expect(body['versions']).toHaveLength(2);
  });

  it('are only checked by a dry run', async () => {
    const dry = await put(0, portfolio(), { query: { dryRun: 'true' } });
    expect(dry).toEqual({ status: 200, body: { id, saved: false, version: 0, changes: ['created'] } });
    expect(await call('GET /portfolios/{id}')).toMatchObject({ status: 404 });
    expect(await call('GET /portfolios/{id}/versions')).toMatchObject({ status: 404 });
  });

  it('I8: do not exist for keys of another tenant, which cannot save any', async () => {
    await put(0);
    const other = { tenant: 'others' };
    expect(await call('GET /portfolios', other)).toEqual({ status: 200, body: { portfolios: [] } });
    expect(await call('GET /portfolios/{id}', other)).toMatchObject({ status: 404 });
    expect(await call('GET /portfolios/{id}/versions', other)).toMatchObject({ status: 404 });
    expect(await put(1, portfolio({ name: 'Taken' }), other)).toMatchObject({ status: 403 });
    expect(await call('GET /portfolios/{id}')).toMatchObject({ body: { version: 1 } });
  });

  it('need the scope operate to be saved, and read to be seen', async () => {
    expect(await put(0, portfolio(), { scopes: 'read' })).toMatchObject({ status: 403 });
    expect(await call('GET /portfolios', { scopes: 'submit' })).toMatchObject({ status: 403 });
  });

  test.each([
    ['another id than the path', { id: 'other' }, 'id'],
    ['an unknown field', { watches: [] }, 'watches'],
    ['a rule that does not compile', { rules: [{ ...early, when: 'm.dayPct > "4"' }] }, 'rules.early.when'],
    [
      'a recipient at a private address',
      { recipients: [{ name: 'a', kind: 'callback', url: 'http://10.0.0.1/' }] },
      'recipients.0.url',
    ],
    [
      'a recipient of mail, since this fleet sends none',
      { recipients: [{ name: 'desk', kind: 'email', to: 'desk@example.com' }] },
      'recipients.0.kind',
    ],
  ])('are rejected with %s', async (_, changes, field) => {
    const { status, body } = await put(0, portfolio(changes));
    expect(status).toBe(400);
    expect(body['errors']).toContainEqual(expect.objectContaining({ field, remedy: expect.any(String) as string }));
  });

  it('are rejected with remedies that lead somewhere', async () => {
    const where = 'systems/market-monitor/portfolios/api/openapi.json';
    expect(existsSync(where)).toBe(true);
    const remedies = async (answer: ReturnType<typeof call>) => (await answer).body['errors'];
    expect(await remedies(put(0, portfolio({ watches: [], currency: 'EUR' })))).toEqual([
      { field: 'currency', message: expect.any(String) as string, remedy: `See ${where} for the expected format.` },
      { field: 'watches', message: 'is an unknown field', remedy: `Remove it, or check its spelling in ${where}.` },
    ]);
    expect(await remedies(call('GET /portfolios/{id}/versions', { query: { limit: 'x' } }))).toMatchObject([
      { field: 'limit', remedy: `See ${where} for the expected format.` },
    ]);
    expect(await put(0, portfolio({ name: 'x'.repeat(3_200_000) }))).toMatchObject({
      status: 413,
      body: { errors: [{ field: 'body', remedy: 'Send at most 3145728 bytes.' }] },
    });
  });

  it(`are at most ${MAX_PORTFOLIOS}`, async () => {
    for (let made = 0; made <= MAX_PORTFOLIOS; made += 1) {
      api.id = `many-${made}`;
      if ((await put(0)).status !== 200) break;
    }
    expect(await put(0)).toMatchObject({ status: 422 });
    expect(await put(0, portfolio(), { query: { dryRun: 'true' } })).toMatchObject({ status: 422 });
    api.id = 'many-0';
    expect(await put(0, portfolio(), { query: { dryRun: 'true' } })).toMatchObject({ status: 200 });
    expect(await put(1, portfolio({ name: 'Changed' }))).toMatchObject({ status: 200 });
  });
});

it('every operation has a route, and openapi.json is its document (npm run docs:market)', () => {
  const operations = Object.values(portfolioOperations({ privateAddresses: false }));
  expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([...PORTFOLIO_ROUTES]);
  const stored: unknown = JSON.parse(
    readFileSync(new URL('../../portfolios/api/openapi.json', import.meta.url), 'utf8'),
  );
  expect(stored).toEqual(JSON.parse(JSON.stringify(portfolioDocument())));
});
