import { beforeEach, describe, expect, it, test } from 'vitest';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { resolve } from '../../alerts/notifying.ts';
import { raise } from '../../alerts/raise.ts';
import { matchOf, memoryPorts, NOW, POLICY } from '../alerts/support.ts';
import { portfolioApi, type Call } from './portfolio-api.ts';

const api = portfolioApi();
const { at, call, put } = api;
let id: string;
beforeEach(() => {
  id = api.id;
});

describe('silences by API', () => {
  const list = (more: Call = {}) => call('GET /portfolios/{id}/silences', more);
  const make = (body: object, more: Call = {}) =>
    call('POST /portfolios/{id}/silences', { ...more, body: { why: 'known', seconds: 3_600, ...body } });
  const end = (silence: string, more: Call = {}) =>
    call('DELETE /portfolios/{id}/silences/{silence}', { ...more, silence });

  it('are made, listed and ended, each with the key that did it', async () => {
    await put(0);
    const { status, body } = await make({ subject: 'cik:0000320193', cause: 'price-move' });
    const silence = String(body['id']);
    expect([status, body]).toEqual([200, expect.objectContaining({ inEffect: true, by: 'key key-1', endedBy: null })]);
    expect((await list()).body['silences']).toMatchObject([
      { id: silence, portfolio: id, upTo: 'urgent', why: 'known' },
    ]);
    expect(await end(silence)).toMatchObject({ status: 200, body: { inEffect: false, endedBy: 'key key-1' } });
    expect(await end(silence)).toMatchObject({ status: 200, body: { inEffect: false } });
    expect((await list()).body['silences']).toEqual([]);
    expect((await list({ query: { all: 'true' } })).body['silences']).toMatchObject([{ id: silence, inEffect: false }]);
    expect((await dynamodbAlerts(at()).standing(id)).silences).toMatchObject([{ ended: { by: 'key key-1' } }]);
  });

  it('I8: do not exist for keys of another tenant', async () => {
    await put(0);
    const silence = String((await make({ cause: 'price-move' })).body['id']);
    const other = { tenant: 'others' };
    expect(await list(other)).toMatchObject({ status: 404 });
    expect(await make({ cause: 'price-move' }, other)).toMatchObject({ status: 404 });
    expect(await end(silence, other)).toMatchObject({ status: 404 });
    expect((await list()).body['silences']).toMatchObject([{ id: silence, inEffect: true }]);
  });

  it('need the scope operate to be made and ended', async () => {
    await put(0);
    const silence = String((await make({ cause: 'price-move' })).body['id']);
    expect(await make({ cause: 'price-move' }, { scopes: 'read' })).toMatchObject({ status: 403 });
    expect(await end(silence, { scopes: 'read' })).toMatchObject({ status: 403 });
  });

  test.each([
    [{}, 'subject'],
    [{ cause: 'prise-move' }, 'cause'],
    [{ subject: 'cik:0000000009' }, 'subject'],
    [{ cause: 'price-move', seconds: 0 }, 'seconds'],
    [{ cause: 'price-move', seconds: 31 * 86_400 }, 'seconds'],
    [{ cause: 'price-move', why: ' ' }, 'why'],
    [{ cause: 'price-move', until: 'tomorrow' }, 'until'],
  ])('are rejected with %j', async (body, field) => {
    await put(0);
    expect(await make(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('that do not exist are not ended', async () => {
    await put(0);
    expect(await end('0badf00d')).toMatchObject({ status: 404 });
  });
});

describe('alerts by API', () => {
  const list = (more: Call = {}) => call('GET /portfolios/{id}/alerts', more);
  const acknowledge = (alert: string, more: Call = {}) =>
    call('POST /portfolios/{id}/alerts/acknowledge', { ...more, body: { alert } });
  const raised = async (): Promise<string> => {
    await put(0);
    const alerts = dynamodbAlerts(at());
    const policyOf = () => Promise.resolve({ ...POLICY, portfolio: id });
    await raise({ ...memoryPorts(), alerts, policyOf }, [matchOf({ portfolio: id })]);
    return `${id}/cik:0000320193/price-move`;
  };

  it('are listed, and acknowledged by the key that was first', async () => {
    const alert = await raised();
    expect((await list()).body['alerts']).toMatchObject([{ id: alert, state: 'open', acknowledgedBy: null }]);
    const taken = { status: 200, body: { id: alert, acknowledgedBy: 'key key-1' } };
    expect(await acknowledge(alert)).toMatchObject(taken);
    expect(await acknowledge(alert)).toMatchObject(taken);
    const stored = await dynamodbAlerts(at()).get(alert);
    // The clock sends it on.
    expect(stored?.notifications.at(-1)).toMatchObject({ why: 'acknowledged', queued: false });
    expect(stored?.notified).toBe(2);
  });

  it('that are resolved are listed with all, and not acknowledged', async () => {
    const alert = await raised();
    const alerts = dynamodbAlerts(at());
    const open = await alerts.get(alert);
    if (open === null) throw new Error('There is no alert.');
    await alerts.write(resolve(open, { why: 'ended', at: NOW }, 'It is over.'));
    expect((await list()).body['alerts']).toEqual([]);
    expect((await list({ query: { all: 'true' } })).body['alerts']).toMatchObject([{ id: alert, state: 'resolved' }]);
    expect(await acknowledge(alert)).toMatchObject({ status: 409 });
  });

  it('I8: do not exist for keys of another tenant, nor below another portfolio', async () => {
    const alert = await raised();
    expect(await list({ tenant: 'others' })).toMatchObject({ status: 404 });
    expect(await acknowledge(alert, { tenant: 'others' })).toMatchObject({ status: 404 });
    expect(await acknowledge(alert, { scopes: 'read' })).toMatchObject({ status: 403 });
    expect(await acknowledge(alert.replace(id, 'core'))).toMatchObject({ status: 404 });
    expect(await acknowledge('nonsense')).toMatchObject({ status: 404 });
  });
});
