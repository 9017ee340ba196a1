import { describe, expect, it, test } from 'vitest';
import { plainIssue } from '#core/parse/plain-message.ts';
import { closedIn } from '#test/core/stored/closed.ts';
import { stateSchema } from '../../instruments/state.ts';
import { changesOf } from '../../portfolios/changes.ts';
import { portfolioFileSchema } from '../../portfolios/portfolio.ts';
import { portfolioRecordSchema } from '../../portfolios/record.ts';
import { rulesOf } from '../../portfolios/watched.ts';
import { effectSchema } from '../../router/effects.ts';
import { DEFAULT_RULES } from '../../rules/defaults.ts';
import { problemsOf } from '../../rules/save-checks.ts';
import { ruleSchema } from '../../rules/rule.ts';
import { portfolioFile } from '../router/day.ts';

const minimal = { id: 'core', name: 'Core', currency: 'USD', holdings: [] };
const holding = { ticker: 'ACME', cik: '0000000001', quantity: 10 };
const ownRule = { id: 'mine', when: 'm.dayPct > 4', severity: 'warning', cause: 'mine' };

function problems(more: object, privateAddresses = false): string {
  const parsed = portfolioFileSchema({ privateAddresses }).safeParse({ ...minimal, ...more });
  return parsed.success ? '' : parsed.error.issues.map(plainIssue).join('\n');
}

describe('a portfolio file', () => {
  it('needs little', () => {
    expect(problems({})).toBe('');
  });

  test.each([
    [{ id: 'Core Fund' }, /id.*lower-case letters/],
    [{ currency: 'EUR' }, /currency/],
    [{ nmae: 'x' }, /nmae/],
    [{ holdings: [{ ...holding, ticker: 'acme' }] }, /ticker.*capital letters/],
    [{ holdings: [{ ...holding, cik: '320193' }] }, /cik.*leading zeros/],
    [{ holdings: [{ ...holding, quantity: Number.NaN }] }, /quantity/],
    [{ holdings: [holding, holding] }, /holdings.*twice: 0000000001/],
    [{ limits: { maxPositionLossUsd: -5 } }, /maxPositionLossUsd/],
    [{ limits: { maxLoss: 5 } }, /maxLoss/],
    [{ quietHours: { zone: 'Mars/Base', from: '22:00', to: '07:00' } }, /zone.*time zone/],
    [{ quietHours: { zone: 'Europe/Vienna', from: '24:00', to: '07:00' } }, /from.*time of day/],
    [{ rules: [{ ...ownRule, severity: 'loud' }] }, /severity/],
    [{ rules: [{ ...ownRule, agent: 'oracle' }] }, /agent/],
    [{ rules: [{ ...ownRule, title: 'one\ntwo' }] }, /title.*one line/],
    [{ rules: [ownRule, ownRule] }, /twice: mine/],
    [{ rules: [{ ...ownRule, also: 'rm' }] }, /also/],
    [{ disabledRules: ['fast-mvoe'] }, /no default rule: fast-mvoe/],
  ])('%j is rejected', (more, message) => {
    expect(problems(more)).toMatch(message);
  });

  it('names all that is wrong at once', () => {
    expect(problems({ id: '?', currency: 'EUR', holdings: [{ ...holding, cik: '1' }] }).split('\n')).toHaveLength(3);
  });
});

describe('a recipient', () => {
  const webhook = (url: string) => ({
    recipients: [{ name: 'hook', kind: 'webhook', url, signingSecret: 'market/hook' }],
  });
  test.each([
    'http://example.com/hook',
    'https://127.0.0.1/hook',
    'https://10.0.0.8/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://localhost/hook',
    'https://intranet/hook',
    'https://0x7f.1/hook',
    'https://user:secret@example.com/hook',
    'https://example.com:22/hook',
    'file:///etc/passwd',
    'gopher://example.com',
  ])('never has the address %s', (url) => {
    expect(problems(webhook(url))).toMatch(/url/);
  });

  it('may have a private address on this machine', () => {
    expect(problems(webhook('http://127.0.0.1:8080/hook'), true)).toBe('');
    expect(problems(webhook('http://169.254.169.254/'), true)).toMatch(/public address/);
  });

  test.each([
    [
      { name: 'pd', kind: 'pagerduty', routingKeySecret: '0123456789abcdef0123456789abcdef' },
      /looks like a key.*Secrets Manager/,
    ],
    [{ name: 'pd', kind: 'pagerduty', routingKey: 'x' }, /routingKey/],
    [{ name: 'hook', kind: 'webhook', url: 'https://example.com/', signingSecret: 'whsec_abc' }, /looks like a key/],
    [{ name: 'slack', kind: 'slack', urlSecret: 'https://hooks.slack.com/services/T0/B0/x' }, /name of a secret/],
    [{ name: 'slack', kind: 'slack', urlSecret: 'other/slack' }, /recipients\.0\.urlSecret must begin with market\//],
    [{ name: 'mail', kind: 'email', to: 'nobody' }, /to/],
    [{ name: 'fax', kind: 'fax' }, /kind|recipients/],
  ])('%j is rejected', (recipient, message) => {
    expect(problems({ recipients: [recipient] })).toMatch(message);
  });

  it('of each kind is accepted', () => {
    const recipients = [
      { name: 'pd', kind: 'pagerduty', routingKeySecret: 'market/pagerduty', from: 'urgent' },
      { name: 'slack', kind: 'slack', urlSecret: 'market/slack' },
      { name: 'hook', kind: 'webhook', url: 'https://example.com/hook', signingSecret: 'market/hook' },
      { name: 'call', kind: 'callback', url: 'https://example.com/call' },
      { name: 'mail', kind: 'email', to: 'ada@example.com' },
    ];
    expect(problems({ recipients })).toBe('');
  });
});

describe('rules of a portfolio', () => {
  it('replace and disable those that every portfolio begins with', () => {
    const mine = { ...ownRule, id: 'fast-move' };
    const rules = rulesOf(portfolioFile({ rules: [mine], disabledRules: ['halt'] }));
    expect(rules).toHaveLength(DEFAULT_RULES.length - 1);
    expect(rules.filter(({ id }) => id === 'fast-move')).toMatchObject([{ when: 'm.dayPct > 4' }]);
    expect(rules.some(({ id }) => id === 'halt')).toBe(false);
  });

  test.each(['true', 'm.close > 1.0', 'position.held', 'event.ticker == "ACME"', 'm.dayPct >= 0.0'])(
    'never match a bar without movement: %s',
    (when) => {
      expect(problemsOf([ruleSchema.parse({ ...ownRule, when })])).toMatchObject([{ message: /thousands in an hour/ }]);
    },
  );

  it('may match every event of a rare type', () => {
    expect(problemsOf([ruleSchema.parse({ ...ownRule, when: 'true', on: ['market.earnings.v1'] })])).toEqual([]);
    expect(problemsOf([ruleSchema.parse({ ...ownRule, when: '1 / 0 == 1' })])).toEqual([]);
    expect(problemsOf(DEFAULT_RULES)).toEqual([]);
  });
});

test('changes are told item by item', () => {
  const before = portfolioFile();
  const after = portfolioFile({
    name: 'New',
    holdings: [{ ...holding, ticker: 'NEW', cik: '0000000002' }],
    rules: [ownRule],
  });
  expect(changesOf(null, before)).toEqual(['created']);
  expect(changesOf(before, before)).toEqual([]);
  expect(changesOf(before, after)).toEqual([
    'name: "Core" → "New"',
    'holdings.NEW/0000000002: added {"ticker":"NEW","cik":"0000000002","quantity":10}',
    'holdings.ACME/0000000001: removed',
    'rules.mine: added {"id":"mine","when":"m.dayPct > 4","severity":"warning","cause":"mine"}',
  ]);
});

test.each(['holdings', 'watch'] as const)(
  'changes of %s are told apart if a ticker stands for two companies',
  (list) => {
    const quantity = list === 'holdings' ? { quantity: 10 } : {};
    const one = { ticker: 'ACME', cik: '0000000001', ...quantity };
    const other = { ...one, cik: '0000000002' };
    const before = portfolioFile({ [list]: [one, other] });
    expect(changesOf(before, portfolioFile({ [list]: [other] }))).toEqual([`${list}.ACME/0000000001: removed`]);
    expect(changesOf(before, portfolioFile({ [list]: [one] }))).toEqual([`${list}.ACME/0000000002: removed`]);
    expect(changesOf(before, portfolioFile({ [list]: [other, one] }))).toEqual([]);
  },
);

test.each(Object.entries({ portfolioRecordSchema, stateSchema, effectSchema }))(
  'R1: %s keeps unknown fields on every level',
  (_, schema) => {
    expect(closedIn(schema)).toEqual([]);
  },
);
