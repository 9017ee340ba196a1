import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { startKinesis } from '@agent-fleet/local-cloud/testing/kinesis';
import { putInOrder } from '#adapters/kinesis/put-events.ts';
import { stateTable } from '#test/contract/local-services.ts';
import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { addRules } from '../../cli/rules/add-rules.ts';
import { unheard } from '../../cli/rules/unheard.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { bar } from '../router/day.ts';

const at = stateTable();
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-rules-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** The AWS environment of a deployed fleet. */
function stubAws(endpoint: string): void {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
}

/** Runs `fleet rules …` on the table of the test, as on that of a deployed fleet. */
async function rules(...words: readonly string[]): Promise<string> {
  const { client, table } = at();
  const { hostname = '', port = 0, protocol = 'http:' } = (await client.config.endpoint?.()) ?? {};
  stubAws(`${protocol}//${hostname}:${port}`);
  return run(...words, '--table', table);
}

/** Runs `fleet rules …`. */
async function run(...words: readonly string[]): Promise<string> {
  let said = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const fleet = new Command('fleet').exitOverride();
  addRules(fleet);
  await fleet.parseAsync(['rules', ...words], { from: 'user' }).finally(() => write.mockRestore());
  return said;
}

let made = 0;
const portfolio = (more: object = {}) => ({
  id: `cli-${(made += 1)}`,
  name: 'Core',
  currency: 'USD',
  holdings: [{ ticker: 'ACME', cik: '0000000001', quantity: 1_000 }],
  ...more,
});

async function fileOf(content: unknown, name = 'core.json'): Promise<string> {
  const file = join(home, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const early = { id: 'early', when: 'crossed(m.dayPct, m.dayPeak, 3, 100)', severity: 'warning', cause: 'early' };

describe('fleet rules set', () => {
  it('saves versions, and shows what changed', async () => {
    const core = portfolio();
    expect(await rules('set', await fileOf(core), '--dry-run')).toMatch(
      /New: 1 holding, 0 watched instruments, 0 rules of its own, 0 recipients\.\n[^]* is valid. Nothing was saved/,
    );
    expect(await rules('set', await fileOf(core), '--by', 'Ada')).toMatch(/version 1\. .*five seconds/);
    expect(await rules('set', await fileOf(core))).toMatch(/has not changed: it stays version 1/);
    const said = await rules('set', await fileOf({ ...core, rules: [early] }), '--by', 'Ben', '--json');
    expect(JSON.parse(said)).toMatchObject({ portfolio: core.id, before: 1, version: 2, saved: true });
    const record = await dynamodbPortfolios(at()).read(core.id);
    expect(record).toMatchObject({ version: 2, by: 'Ben', changes: [expect.stringContaining('rules.early: added')] });
    expect(await rules('list')).toMatch(new RegExp(`${core.id} +2 `));
    const shown = await rules('list', '--portfolio', core.id);
    expect(shown).toMatch(/early +own +warning/);
    expect(shown).toMatch(/fast-move +default +urgent/);
    expect(shown).toMatch(/2 versions, newest first/);
  });

  it('warns of an instrument of which no event has come, and of one that bars call otherwise', async () => {
    const store = dynamodbSubjectStore({ ...at(), router: 'market' });
    const item = { version: 1, sources: [], ids: [], outbox: [] };
    await store.write('cik:0000000011', { ...item, state: { ticker: 'ELVN' } });
    await store.write('cik:0000000012', { ...item, state: { ticker: 'SELL-NOW' } });
    const holdings = ['11', '12', '13'].map((cik) => ({ ticker: 'ELVN', cik: `00000000${cik}`, quantity: 1 }));
    const said = await rules('set', await fileOf(portfolio({ holdings })), '--json');
    const { saved, warnings } = JSON.parse(said) as { saved: boolean; warnings: string[] };
    expect(saved).toBe(true);
    expect(warnings).toEqual([
      'It has no recipients: nobody is notified of its alerts.',
      expect.stringMatching(/^Bars call cik 0000000012 another ticker than ELVN\./),
      expect.stringMatching(/^No event about ELVN \(cik 0000000013\) has come yet\. Check the number at /),
    ]);
    expect(said).not.toContain('SELL-NOW');
    const shown = await rules('set', await fileOf(portfolio()));
    expect(shown).toMatch(/Warning: No event about any of its 1 instruments? has come yet/);
  });

  it('warns of a recipient of mail, since a table does not say whether its fleet sends any', async () => {
    const recipients = [{ name: 'desk', kind: 'email', to: 'desk@example.com' }];
    const { warnings } = JSON.parse(await rules('set', await fileOf(portfolio({ recipients })), '--json')) as {
      warnings: string[];
    };
    expect(warnings[0]).toMatch(/^desk: mail is sent only if .*mailFrom/);
  });

  test.each([
    [false, /^The kind of desk is email, and this fleet sends no mail: nobody would be notified\. Set .*mailFrom/],
    [true, /^$/],
  ])('warns of a recipient of mail on this machine, if the fleet sends mail: %s', (sendsMail, expected) => {
    const recipients = [{ name: 'desk', kind: 'email' as const, to: 'desk@example.com' }];
    expect(unheard({ recipients }, { sendsMail }).join('')).toMatch(expected);
  });

  it('names all problems of a file, and saves nothing', async () => {
    const core = portfolio({
      rules: [
        { ...early, when: 'm.daypct > 3' },
        { ...early, id: 'every', when: 'true' },
      ],
    });
    const error = await rules('set', await fileOf(core)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ exitCode: 2, remedy: expect.stringContaining('Nothing was saved') });
    expect(String(error)).toMatch(/2 problems:\n.*rule early, when, column 3: No such key: daypct.*\n.*rule every/);
    expect(await dynamodbPortfolios(at()).read(core.id)).toBeNull();
  });

  test.each([
    ['{', /not valid JSON/],
    [{ id: 'x' }, /problems:\n/],
    [
      { nonsense: 1, rules: [{ id: 'early', when: 'm.daypct >= 1.0', severity: 'info', cause: 'x' }] },
      /problems:\n[^]*nonsense[^]*rule early, when/,
    ],
  ])('rejects %j', async (content, message) => {
    await expect(rules('set', await fileOf(content))).rejects.toThrow(message);
  });

  it('names a file that is not there', async () => {
    await expect(rules('set', join(home, 'none.json'))).rejects.toThrow(/none.json cannot be read: it was not found/);
  });
});

describe('fleet rules list', () => {
  it('names a portfolio that does not exist', async () => {
    await expect(rules('list', '--portfolio', 'nobody')).rejects.toThrow('There is no portfolio nobody.');
  });

  it('shows the rules that every portfolio begins with', async () => {
    expect(JSON.parse(await rules('list', '--defaults', '--json'))).toMatchObject({
      rules: expect.arrayContaining([expect.objectContaining({ id: 'halt' })]),
    });
  });
});

describe('fleet rules test', () => {
  const line = (minutes: number, close: number) => {
    const { sequence: _, arrivedAt: __, late: ___, time, ...event } = bar(minutes, { close });
    return JSON.stringify({ specversion: '1.0', ...event, time: new Date(time).toISOString() });
  };
  const dayFile = async () => fileOf([line(0, 100), line(10, 96), line(20, 91.5), '{'].join('\n'), 'day.jsonl');

  it('shows the alerts that a changed portfolio adds, against the saved one', async () => {
    const core = portfolio();
    await rules('set', await fileOf(core));
    const said = await rules('test', await fileOf({ ...core, rules: [early] }), '--events', await dayFile());
    expect(said).toMatch(/Added:\nTIME.*\n2026-11-30 14:45:00 +warning +early +early/);
    expect(said).toMatch(
      /3 events \(1 line rejected, first line 4: .*JSON.*\)\.\nAlerts: 1 → 2, urgent: 1 → 1\.\nEvents that ask an agent: 1 \(33\.3 %\) → 1/,
    );
  });

  it('takes what the stream has kept since a time, and says what it needs', async () => {
    const kinesis = await startKinesis();
    const stream = await kinesis.stream('market', 2);
    const records = [line(0, 100), line(10, 96), line(20, 91.5)];
    await putInOrder(
      kinesis.client,
      stream,
      records.map((text) => ({ key: 'cik:0000000001', bytes: Buffer.from(text) })),
    );
    const core = portfolio();
    const [old, changed] = [await fileOf(core, 'old.json'), await fileOf({ ...core, rules: [early] })];
    stubAws(kinesis.url);
    const test = ['test', changed, '--against', old];
    const said = JSON.parse(await run(...test, '--since', '1h', '--stream', stream, '--json')) as object;
    expect(said).toMatchObject({ added: [{ rules: ['early'] }], before: { events: 3 }, duplicates: 0 });
    await expect(run(...test)).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(...test, '--events', 'x', '--since', '1h')).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(...test, '--since', 'never', '--stream', stream)).rejects.toThrow('--since must be a time');
    await expect(run(...test, '--since', '1h', '--table', 't')).rejects.toThrow('needs its stream');
    await expect(run(...test, '--since', '1h', '--stream', 'none')).rejects.toMatchObject({
      remedy: expect.stringContaining('--stream') as string,
    });
  });

  it('compares two files', async () => {
    const core = portfolio();
    const old = await fileOf(core, 'old.json');
    const changed = await fileOf({ ...core, disabledRules: ['day-move'] });
    const said = await rules('test', changed, '--against', old, '--events', await dayFile(), '--json');
    expect(JSON.parse(said)).toMatchObject({
      added: [],
      removed: [{ cause: 'price-move', rules: ['day-move'] }],
      duplicates: 0,
    });
  });

  it('compares a portfolio that was never saved with the rules that every portfolio begins with', async () => {
    const said = await rules(
      'test',
      await fileOf(portfolio({ rules: [early] })),
      '--events',
      await dayFile(),
      '--json',
    );
    expect(JSON.parse(said)).toMatchObject({ added: [{ cause: 'early' }], removed: [] });
  });
});
