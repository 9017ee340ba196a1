import { Command } from 'commander';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { raise } from '../../alerts/raise.ts';
import { addAlerts } from '../../cli/alerts/add-alerts.ts';
import { dynamodbDigests } from '../../digests/dynamodb-digests.ts';
import { makeDigest } from '../../digests/make-digest.ts';
import type { PortfolioFile } from '../../portfolios/portfolio.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { matchOf, memoryPorts, NOW, POLICY } from '../alerts/support.ts';
import { finding, inputOf } from '../digests/support.ts';

const at = stateTable();
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Runs `fleet alerts …` on the table of the test, as on that of a deployed fleet. */
async function alerts(...words: readonly string[]): Promise<string> {
  const { client, table } = at();
  const endpoint = await client.config.endpoint?.();
  if (endpoint === undefined) throw new Error('The client has no endpoint.');
  const { accessKeyId, secretAccessKey } = await client.config.credentials();
  vi.stubEnv('AWS_ENDPOINT_URL', `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  let said = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const fleet = new Command('fleet').exitOverride();
  addAlerts(fleet);
  await fleet.parseAsync(['alerts', ...words, '--table', table], { from: 'user' }).finally(() => write.mockRestore());
  return said;
}

let made = 0;
/** A portfolio with an urgent alert about AAPL and a warning about MSFT. */
async function portfolio(): Promise<string> {
  const id = `cli-${(made += 1)}`;
  const file: PortfolioFile = {
    id,
    name: 'Core',
    currency: 'USD',
    holdings: [{ ticker: 'AAPL', cik: '0000320193', quantity: 10 }],
    watch: [],
    limits: {},
    recipients: [],
    rules: [],
    disabledRules: [],
  };
  await dynamodbPortfolios(at()).save({ portfolio: file, seen: 0, by: 'ada', at: NOW, changes: [] });
  const ports = { ...memoryPorts(), alerts: dynamodbAlerts(at()) };
  const policyOf = () => Promise.resolve({ ...POLICY, portfolio: id });
  const msft = { id: 'b', subject: 'cik:0000789019', ticker: 'MSFT', severity: 'warning' as const, atStakeUsd: 20_000 };
  await raise({ ...ports, policyOf }, [matchOf({ portfolio: id }), matchOf({ portfolio: id, ...msft })]);
  return id;
}

describe('fleet alerts list', () => {
  it('lists open alerts by money', async () => {
    const id = await portfolio();
    const said = await alerts('list', '--portfolio', id);
    expect(said).toMatch(/ID +TICKER +SEVERITY[^]*MSFT +warning +open[^]*\$20,000[^]*AAPL +urgent +open[^]*\$10,000/);
    expect(said).toContain('1 urgent alert without an answer.');
    const { alerts: listed } = JSON.parse(await alerts('list', '--portfolio', id, '--json')) as { alerts: object[] };
    expect(listed).toMatchObject([
      { ticker: 'MSFT' },
      { id: `${id}/cik:0000320193/price-move`, state: 'open', notifications: [{ why: 'first', queued: true }] },
    ]);
    expect(await alerts('list')).toContain(`${id}/cik:0000320193/price-move`);
  });

  it('says words and money of one match, and if another one had more at stake', async () => {
    const id = await portfolio();
    const ports = { ...memoryPorts(), alerts: dynamodbAlerts(at()) };
    const policyOf = () => Promise.resolve({ ...POLICY, portfolio: id });
    await raise({ ...ports, policyOf }, [
      matchOf({ portfolio: id, id: 'c', severity: 'warning', title: 'quieter', atStakeUsd: 44_000 }),
    ]);
    const said = await alerts('list', '--portfolio', id);
    expect(said).toMatch(/AAPL .* \$10,000 +AAPL fell 5\.2 % .* \(up to \$44,000 by another match\)/);
    const { alerts: listed } = JSON.parse(await alerts('list', '--portfolio', id, '--json')) as { alerts: object[] };
    expect(listed).toMatchObject([{ ticker: 'AAPL', atStakeUsd: 44_000, titleUsd: 10_000 }, { ticker: 'MSFT' }]);
  });

  it('says what is wrong with a portfolio', async () => {
    await expect(alerts('list', '--portfolio', 'nobody')).rejects.toMatchObject({
      message: 'There is no portfolio nobody.',
      exitCode: 2,
    });
  });
});

describe('fleet alerts ack', () => {
  it('acknowledges once', async () => {
    const id = `${await portfolio()}/cik:0000320193/price-move`;
    expect(await alerts('ack', id, '--by', 'Ada')).toContain('Acknowledged by Ada.');
    expect(await alerts('ack', id, '--by', 'Ben')).toContain('Ada has acknowledged it already.');
    expect(JSON.parse(await alerts('ack', id, '--json'))).toEqual({ id, state: 'open', acknowledgedBy: 'Ada' });
    const alert = await dynamodbAlerts(at()).get(id);
    expect(alert?.notifications.at(-1)).toMatchObject({ why: 'acknowledged', queued: false, text: 'Ada' });
    await expect(alerts('ack', 'a/b/c')).rejects.toMatchObject({ message: 'There is no alert a/b/c.' });
    await expect(alerts('ack', id, '--by', ' ')).rejects.toMatchObject({ message: '--by is empty.' });
  });
});

describe('fleet alerts silence', () => {
  it('silences an alert up to its severity', async () => {
    const id = await portfolio();
    expect(await alerts('silence', `${id}/cik:0000789019/price-move`, '--for', '2h', '--why', 'known')).toMatch(
      /Silenced until .*Z: .*, cik:0000789019, price-move\. If it becomes urgent, people hear of it\./,
    );
    const { silences } = await dynamodbAlerts(at()).standing(id);
    expect(silences).toMatchObject([{ subject: 'cik:0000789019', cause: 'price-move', upTo: 'warning', why: 'known' }]);
  });

  it('silences an instrument of a portfolio by its ticker', async () => {
    const id = await portfolio();
    const words = ['--subject', 'aapl', '--for', '1d', '--why', 'sold', '--by', 'Ada', '--json'];
    const said = await alerts('silence', '--portfolio', id, ...words);
    expect(JSON.parse(said)).toMatchObject({ portfolio: id, subject: 'cik:0000320193', upTo: 'urgent', by: 'Ada' });
  });

  test.each([
    [['--for', '2 hours', '--why', 'x', 'a/b/c'], '--for must be a duration up to 30d, but is "2 hours".'],
    [['--for', '31d', '--why', 'x', 'a/b/c'], '--for must be a duration up to 30d, but is "31d".'],
    [['--for', '0s', '--why', 'x', 'a/b/c'], '--for must be a duration up to 30d, but is "0s".'],
    [['--for', '2h', '--why', ' ', 'a/b/c'], '--why must have 1 to 500 characters.'],
    [['--for', '2h', '--why', 'x'], 'Give the id of an alert, or --portfolio with --subject or --cause.'],
    [
      ['--for', '2h', '--why', 'x', '--portfolio', 'p'],
      'Give the id of an alert, or --portfolio with --subject or --cause.',
    ],
    [
      ['--for', '2h', '--why', 'x', 'a/b/c', '--cause', 'c'],
      'An id cannot be combined with --portfolio, --subject or --cause.',
    ],
    [['--for', '2h', '--why', 'x', 'a/b/c'], 'There is no alert a/b/c.'],
    [['--for', '2h', '--why', 'x', '--portfolio', 'p', '--cause', 'c'], 'There is no portfolio p.'],
  ])('%j is wrong usage', async (words, message) => {
    await expect(alerts('silence', ...words)).rejects.toMatchObject({ message, exitCode: 2 });
  });

  it('rejects a cause that no rule of the portfolio has, and no name', async () => {
    const id = await portfolio();
    const words = ['silence', '--portfolio', id, '--for', '2h', '--why', 'x'];
    await expect(alerts(...words, '--cause', 'prise-move')).rejects.toMatchObject({
      message: `--cause: prise-move is the cause of no rule of ${id}.`,
      exitCode: 2,
    });
    await expect(alerts(...words, '--cause', 'price-move', '--by', ' ')).rejects.toMatchObject({
      message: '--by is empty.',
    });
  });

  it('names a ticker that the portfolio does not have', async () => {
    const id = await portfolio();
    const words = ['silence', '--portfolio', id, '--subject', 'TSLA', '--for', '2h', '--why', 'x'];
    await expect(alerts(...words)).rejects.toMatchObject({
      message: `The portfolio ${id} neither holds nor watches TSLA.`,
    });
  });
});

describe('fleet alerts silences and unsilence', () => {
  const silencing = ['--for', '2h', '--why', 'known', '--by', 'Ada', '--json'];
  const silenced = async (id: string): Promise<string> =>
    (JSON.parse(await alerts('silence', `${id}/cik:0000320193/price-move`, ...silencing)) as { id: string }).id;

  it('list what is silenced, and end it once', async () => {
    const id = await portfolio();
    expect(await alerts('silences', '--portfolio', id)).toBe('No silence is in effect.\n');
    const silence = `${id}/${await silenced(id)}`;
    const said = await alerts('silences', '--portfolio', id);
    expect(said).toMatch(/ID +SUBJECT +CAUSE +UP TO +STATE +BY +WHY/);
    expect(said).toMatch(
      new RegExp(`${silence} +cik:0000320193 +price-move +urgent +(2h 00m|1h 59m) left +Ada +known`),
    );
    expect(await alerts('silences')).toContain(silence);
    expect(await alerts('unsilence', silence, '--by', 'Ben')).toMatch(/^Ended 1 silence\./);
    expect(await alerts('unsilence', silence, '--by', 'Eve')).toBe('It is over already: ended by Ben.\n');
    expect(await alerts('silences', '--portfolio', id)).toBe('No silence is in effect.\n');
    expect(await alerts('silences', '--portfolio', id, '--all')).toMatch(/ended by Ben at/);
    const { silences } = JSON.parse(await alerts('silences', '--portfolio', id, '--all', '--json')) as {
      silences: object[];
    };
    expect(silences).toMatchObject([{ portfolio: id, inEffect: false, by: 'Ada', endedBy: 'Ben' }]);
  });

  it('end the silences of an alert by its id', async () => {
    const id = await portfolio();
    await silenced(id);
    await silenced(id);
    const alert = `${id}/cik:0000320193/price-move`;
    expect(JSON.parse(await alerts('unsilence', alert, '--json'))).toMatchObject({
      silences: [{ inEffect: false }, {}],
    });
    await expect(alerts('unsilence', alert)).rejects.toMatchObject({
      message: `No silence of its own is in effect for ${alert}.`,
      exitCode: 2,
    });
  });

  test.each([
    ['1f3a9b2c', '"1f3a9b2c" is no id of a silence.'],
    ['nobody/1f3a9b2c', 'There is no portfolio nobody.'],
    ['a/b/c/d', '"a/b/c/d" is no id of a silence.'],
  ])('say what is wrong with %s', async (id, message) => {
    await expect(alerts('unsilence', id)).rejects.toMatchObject({ message, exitCode: 2 });
  });

  it('say what is wrong with a silence that is not there, and with no name', async () => {
    const id = await portfolio();
    await expect(alerts('unsilence', `${id}/0badf00d`)).rejects.toMatchObject({
      message: `There is no silence ${id}/0badf00d.`,
    });
    await expect(alerts('unsilence', `${id}/0badf00d`, '--by', ' ')).rejects.toMatchObject({
      message: '--by is empty.',
    });
  });
});

describe('fleet alerts digest', () => {
  it('shows the newest', async () => {
    const id = await portfolio();
    const digests = dynamodbDigests(at());
    await expect(alerts('digest', '--portfolio', id)).rejects.toMatchObject({
      message: `No digest of ${id} was made yet.`,
    });
    const digest = makeDigest(inputOf({ findings: [finding({ id: 'a' })] }));
    await digests.put({ portfolio: id, period: '2026-11-27T14', revision: 1, madeAt: NOW, included: [], digest });
    await digests.close(id, { version: 1, live: { from: '2026-11-27T14', hour: '2026-11-27T14' } });
    expect(await alerts('digest', '--portfolio', id)).toContain('Technology: 09:00 to 10:00');
    expect(JSON.parse(await alerts('digest', '--portfolio', id, '--json'))).toEqual(digest);
    await expect(alerts('digest', '--portfolio', id, '--period', '2026-11-27T13')).rejects.toMatchObject({
      message: `There is no digest of ${id} for 2026-11-27T13.`,
    });
    await expect(alerts('digest', '--portfolio', id, '--period', 'now')).rejects.toMatchObject({ exitCode: 2 });
  });
});
