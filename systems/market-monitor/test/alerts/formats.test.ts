import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Letter } from '#core/ports/mailer.ts';
import { EVIL } from '#test/support/evil-markup.ts';
import { inMemoryMailStore } from '#test/support/fakes/in-memory-mail-store.ts';
import type { Alert, Notification } from '../../alerts/alert.ts';
import { decide } from '../../alerts/decide.ts';
import { alertLetter } from '../../alerts/formats/email.ts';
import { dedupKey, pagerdutyEvents } from '../../alerts/formats/pagerduty.ts';
import { slackMessage } from '../../alerts/formats/slack.ts';
import { webhookEvent } from '../../alerts/formats/webhook.ts';
import { recipientsOf, recipientSchema, type Recipient } from '../../alerts/recipient.ts';
import { sender, type SendPorts } from '../../alerts/send.ts';
import { acknowledge, addAnalysis } from '../../alerts/transitions.ts';
import type { Match } from '../../events/match.ts';
import { contextOf, matchOf, NOW } from './support.ts';

function made(change: Partial<Match> = {}, summary?: string): { alert: Alert; notification: Notification } {
  let alert = decide(null, matchOf(change), contextOf());
  if (alert && summary !== undefined) alert = addAnalysis(alert, { task: 't', agent: 'a', summary }, NOW);
  const notification = alert?.notifications.at(-1);
  if (!alert || !notification) throw new Error('no notification');
  return { alert, notification };
}

const HOSTILE = [EVIL, '<!channel> <@U123> <https://evil.example|click>', 'a\u0000b\u202Ec\nd', '&lt;!here&gt;'];

describe('PagerDuty', () => {
  it('triggers under the key of the episode', () => {
    const { alert, notification } = made();
    expect(pagerdutyEvents(alert, notification, 'KEY')[0]).toMatchObject({
      routing_key: 'KEY',
      event_action: 'trigger',
      dedup_key: 'tech/cik_3a0000320193/price-move/1/1',
      payload: {
        summary: 'URGENT AAPL: AAPL fell 5.2 % within five minutes',
        severity: 'critical',
        source: 'cik:0000320193',
        class: 'price-move',
        custom_details: { 'At stake': '$10,000', Note: 'Not investment advice.' },
      },
    });
  });

  it('acknowledges and resolves with keys alone', () => {
    const { alert, notification } = made();
    const [acknowledged] = pagerdutyEvents(alert, { ...notification, why: 'acknowledged' }, 'KEY');
    expect(acknowledged).toEqual({
      routing_key: 'KEY',
      event_action: 'acknowledge',
      dedup_key: dedupKey(notification),
    });
    expect(pagerdutyEvents(alert, { ...notification, why: 'resolved' }, 'KEY')[0]).toMatchObject({
      event_action: 'resolve',
    });
  });

  it('pages again for what became worse, also after an acknowledgement, and leaves one incident open', () => {
    const open = new Set<string>();
    const pages: string[] = [];
    const play = (alert: Alert): void => {
      const last = alert.notifications.at(-1);
      if (last === undefined) throw new Error('no notification');
      for (const event of pagerdutyEvents(alert, last, 'KEY') as { event_action: string; dedup_key: string }[]) {
        // PagerDuty notifies when a key opens an incident, and never otherwise.
        if (event.event_action === 'trigger' && !open.has(event.dedup_key)) pages.push(last.why);
        if (event.event_action === 'trigger') open.add(event.dedup_key);
        if (event.event_action === 'resolve') open.delete(event.dedup_key);
      }
    };
    const { alert: first } = made();
    const analysed = addAnalysis(first, { task: 't', agent: 'a', summary: 'Because.' }, NOW) ?? first;
    const acknowledged = acknowledge(analysed, 'ada', NOW) ?? analysed;
    const worse = decide(acknowledged, matchOf({ id: 'worse', step: 3 }), contextOf()) ?? acknowledged;
    const again = addAnalysis(worse, { task: 't2', agent: 'a', summary: 'Still.' }, NOW) ?? worse;
    for (const each of [first, analysed, acknowledged, worse, again]) play(each);
    expect(pages).toEqual(['first', 'escalated']);
    expect(open.size).toBe(1);
    const ended = decide(again, matchOf({ id: 'end', resolves: true }), contextOf()) ?? again;
    play(ended);
    expect([...open]).toEqual([]);
    play(
      decide(
        ended,
        matchOf({ id: 'next', event: { ...matchOf().event, time: '2026-11-27T16:00:00Z' } }),
        contextOf(),
      ) ?? ended,
    );
    expect(pages).toEqual(['first', 'escalated', 'first']);
  });

  it('closes the incident of an earlier release, whose notifications have no page', () => {
    const { alert: first } = made();
    const old = first.notifications.map(({ page: _page, ...each }) => each);
    const { page: _page, ...alert } = { ...first, notifications: old };
    const worse = decide(alert, matchOf({ id: 'worse', step: 3 }), contextOf()) ?? alert;
    const ended = decide(worse, matchOf({ id: 'end', resolves: true }), contextOf()) ?? worse;
    const episode = 'tech/cik_3a0000320193/price-move/1';
    const [, page, end] = ended.notifications;
    if (page === undefined || end === undefined) throw new Error('no notification');
    expect(pagerdutyEvents(worse, page, 'KEY')).toMatchObject([
      { event_action: 'trigger', dedup_key: `${episode}/2` },
      { event_action: 'resolve', dedup_key: episode },
    ]);
    expect(pagerdutyEvents(ended, end, 'KEY')).toMatchObject([
      { event_action: 'resolve', dedup_key: `${episode}/2` },
      { event_action: 'resolve', dedup_key: episode },
    ]);
  });

  it('keeps its limits', () => {
    const { alert, notification } = made({ portfolio: 'p'.repeat(300), title: 'x'.repeat(3_000) });
    const event = pagerdutyEvents(alert, notification, 'KEY')[0] as { dedup_key: string; payload: { summary: string } };
    expect(event.dedup_key.length).toBeLessThanOrEqual(255);
    expect(event.payload.summary.length).toBeLessThanOrEqual(1_024);
  });

  it('keys differ where alerts do', () => {
    const keys = ['a', 'a_', 'a.', 'a/'].map((cause) => dedupKey(made({ cause }).notification));
    expect(new Set(keys).size).toBe(4);
  });
});

describe('texts of others', () => {
  it.each(HOSTILE)('are data for Slack: %j', (text) => {
    const { alert, notification } = made({ ticker: text }, text);
    const message = JSON.stringify(slackMessage(alert, notification));
    expect(message).not.toMatch(/[<>]/);
    expect(message).not.toContain('mrkdwn",');
    expect(message).not.toContain(String.raw`\u0000`);
    expect(message).not.toContain('\u202E');
  });

  it.each(HOSTILE)('are data in a mail: %j', (text) => {
    const { alert, notification } = made({ ticker: text }, text);
    const letter = alertLetter(alert, notification, { from: 'fleet@example.com', to: 'ada@example.com' });
    const tags = (letter.html ?? '').replaceAll(/"[^"]*"/g, '""').match(/<\w[^>]*>/g) ?? [];
    expect(tags.filter((tag) => /^<(?:script|img|iframe|link|svg|a)|\son\w+=|autofocus/.test(tag))).toEqual([]);
    expect(letter.subject).not.toMatch(/[\r\n\p{Cc}]/u);
    expect(letter.text).toContain('Not investment advice.');
  });

  it('are shortened', () => {
    const { alert, notification } = made({}, 'w '.repeat(5_000));
    expect(JSON.stringify(webhookEvent(alert, notification)).length).toBeLessThan(2_000);
  });
});

describe('a webhook', () => {
  it('says all of the alert', () => {
    const { alert, notification } = made({ step: 2 }, 'Because of results.');
    expect(webhookEvent(alert, notification)).toEqual({
      type: 'alert.analysis',
      timestamp: '2026-11-27T15:00:00.000Z',
      data: {
        alert: 'tech/cik:0000320193/price-move',
        episode: 1,
        portfolio: 'tech',
        subject: 'cik:0000320193',
        ticker: 'AAPL',
        cause: 'price-move',
        severity: 'urgent',
        step: 2,
        headline: 'URGENT Analysis: AAPL: AAPL fell 5.2 % within five minutes',
        title: 'AAPL fell 5.2 % within five minutes',
        text: 'Because of results.',
        atStakeUsd: 10_000,
        matches: 1,
        rule: 'fast-move',
        event: {
          ref: '001de3f4193e',
          source: 'bars',
          id: 'AAPL-1500-0',
          type: 'market.bar.v1',
          time: '2026-11-27T15:00:00Z',
        },
        note: 'Not investment advice.',
      },
    });
  });
});

const RECIPIENTS: Readonly<Record<Recipient['kind'], Recipient>> = {
  pagerduty: { kind: 'pagerduty', name: 'p', routingKeySecret: 'pd' },
  slack: { kind: 'slack', name: 's', urlSecret: 'slack' },
  webhook: { kind: 'webhook', name: 'w', url: 'https://hooks.example.com/x', signingSecret: 'signing' },
  callback: { kind: 'callback', name: 'c', url: 'https://hooks.example.com/c' },
  email: { kind: 'email', name: 'e', to: 'ada@example.com' },
};
const SECRETS: Readonly<Record<string, string>> = {
  pd: 'routing-key\n',
  slack: 'https://hooks.slack.com/services/T/B/x',
  signing: `whsec_${btoa('0123456789abcdef0123456789abcdef')}`,
};

function recorded(change: Partial<SendPorts> = {}) {
  const posts: { url: string; headers: Readonly<Record<string, string>>; body: string }[] = [];
  const letters: Letter[] = [];
  const ports: SendPorts = {
    secret: (name) => Promise.resolve(SECRETS[name] ?? ''),
    post: (url, headers, body) => {
      posts.push({ url, headers, body });
      return Promise.resolve({ kind: 'answered', status: 202 });
    },
    callbacks: {
      deliver: ({ id, url, body }) => {
        posts.push({ url, headers: { 'webhook-id': id }, body });
        return Promise.resolve({ kind: 'answered', status: 200 });
      },
    },
    mail: {
      from: 'fleet@example.com',
      clock: { now: () => NOW },
      mails: { get: () => Promise.resolve(null), write: () => Promise.resolve('written') },
      mailer: {
        send: (letter) => {
          letters.push(letter);
          return Promise.resolve({ kind: 'accepted', messageId: 'm' });
        },
      },
    },
    clock: { now: () => Date.now() },
    tenant: 'market',
    ...change,
  };
  return { ports, posts, letters };
}

describe('sending', () => {
  it('sends a mail whose answer is lost once more, and only then takes it for sent', async () => {
    let now = NOW;
    let attempts = 0;
    const mailer = { send: async () => ({ kind: 'unknown', reason: `no answer ${(attempts += 1)}` }) as const };
    const mail = { from: 'fleet@example.com', clock: { now: () => now }, mails: inMemoryMailStore(), mailer };
    const send = sender(recorded({ mail }).ports);
    const { alert, notification } = made();
    const statuses = [];
    for (const after of [0, 60_000, 60_000]) {
      now += after;
      const result = await send(RECIPIENTS.email, alert, notification);
      statuses.push(result.kind === 'answered' ? result.status : result.failure);
    }
    expect(statuses).toEqual(['unreachable', 200, 200]);
    expect(attempts).toBe(2);
  });

  it('reads secrets where they are needed, and signs', async () => {
    const { ports, posts, letters } = recorded();
    const { alert, notification } = made();
    for (const recipient of Object.values(RECIPIENTS)) await sender(ports)(recipient, alert, notification);
    expect(posts.map(({ url }) => url)).toEqual([
      'https://events.pagerduty.com/v2/enqueue',
      'https://hooks.slack.com/services/T/B/x',
      'https://hooks.example.com/x',
      'https://hooks.example.com/c',
    ]);
    expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({ routing_key: 'routing-key' });
    const signed = posts[2];
    expect(() => new Webhook(SECRETS['signing'] ?? '').verify(signed?.body ?? '', signed?.headers ?? {})).not.toThrow();
    expect(signed?.headers['webhook-id']).toBe(notification.id);
    expect(letters).toMatchObject([{ to: 'ada@example.com', about: `alert#${notification.id}` }]);
  });

  it('sends the same bytes at each attempt', async () => {
    const { ports, posts } = recorded();
    const { alert, notification } = made();
    const louder = decide(alert, matchOf({ id: 'b', step: 3, title: 'worse' }), contextOf()) ?? alert;
    const acknowledged = acknowledge(louder, 'ada', NOW) ?? louder;
    for (const state of [alert, acknowledged]) await sender(ports)(RECIPIENTS.webhook, state, notification);
    expect(posts[0]?.body).toBe(posts[1]?.body);
  });

  it('without a sender of mail it says what to set', async () => {
    const { ports } = recorded({ mail: undefined });
    const { alert, notification } = made();
    const result = await sender(ports)(RECIPIENTS.email, alert, notification);
    expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining('systems.market-monitor.mail') });
  });
});

describe('recipients', () => {
  const recipients = Object.values(RECIPIENTS);
  it.each([
    ['first', 'urgent', ['p', 's', 'w', 'c', 'e']],
    ['acknowledged', 'urgent', ['p', 'w', 'c']],
    ['resolved', 'urgent', ['p', 's', 'w', 'c']],
  ] as const)('of %s %s: %j', (why, severity, names) => {
    expect(recipientsOf({ recipients }, { why, severity }).map(({ name }) => name)).toEqual(names);
  });

  it('may want urgent ones alone', () => {
    const only: Recipient[] = [{ ...RECIPIENTS.pagerduty, from: 'urgent' }];
    expect(recipientsOf({ recipients: only }, { why: 'first', severity: 'warning' })).toEqual([]);
    expect(recipientsOf({ recipients: only }, { why: 'first', severity: 'urgent' })).toHaveLength(1);
    expect(only.map((each) => recipientSchema.parse(each))).toEqual(only);
  });
});

describe('words of whoever sends events', () => {
  const event = { ...matchOf().event, source: 'SELL-ALL', id: 'CALL-555-0100-NOW' };
  const alert = decide(null, matchOf({ event }), contextOf());
  const [notification] = alert?.notifications ?? [];

  it('stand in no message to people, which name the event by a reference that the JSON has too', () => {
    if (alert === null || notification === undefined) throw new Error('There is no notification.');
    const people = [
      alertLetter(alert, notification, { from: 'f@example.com', to: 'a@example.com' }),
      slackMessage(alert, notification),
      pagerdutyEvents(alert, notification, 'key'),
    ].map((message) => JSON.stringify(message));
    for (const message of people) expect(message).not.toMatch(/SELL-ALL|555-0100/);
    const { data } = webhookEvent(alert, notification) as { data: { event: { ref: string; id: string } } };
    expect(data.event.id).toBe(event.id);
    expect(people.every((message) => message.includes(data.event.ref))).toBe(true);
  });
});
