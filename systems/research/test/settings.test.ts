import { expect, it } from 'vitest';
import { plainIssue } from '#core/parse/plain-message.ts';
import { researchSettings } from '../settings.ts';

const SCHEDULE = {
  zone: 'Europe/Berlin',
  at: '22:00',
  by: '07:00',
  watchdog: '04:30',
  items: 'uploads/list.jsonl',
  maxUsd: 20,
};

const contact = 'https://example.com/crawler';

it('a schedule has its times, its list and its limit', () => {
  expect(researchSettings.parse({ schedule: SCHEDULE, contact })).toEqual({
    contact,
    agents: 50,
    schedule: SCHEDULE,
    news: [],
    search: false,
  });
});

it.each([
  [{ maxUsd: undefined }, 'schedule.maxUsd must be the most US dollars that a night may cost'],
  [{ by: '22:10' }, 'schedule.by must be at least 60 minutes after'],
  [{ maxUsd: 0 }, 'schedule.maxUsd'],
])('a schedule with %j is refused', (change, problem) => {
  const { error } = researchSettings.safeParse({ contact, schedule: { ...SCHEDULE, ...change } });
  expect(error?.issues.map(plainIssue).join('; ')).toContain(problem);
});

it('lists need a limit and a contact', () => {
  const problems = (settings: object) => researchSettings.safeParse(settings).error?.issues.map(plainIssue).join('; ');
  expect(problems({ contact, lists: { maxUsd: 5 } })).toBeUndefined();
  expect(problems({ contact, lists: {} })).toContain('lists.maxUsd must be the most US dollars that a run may cost');
  expect(problems({ lists: { maxUsd: 5 } })).toContain('contact is required with a schedule and with lists');
});

it.each(['post.example', 'ftp://post.example/{name}', ''])('%s is no news site', (address) => {
  const { error } = researchSettings.safeParse({ news: [address] });
  expect(error?.issues.map(plainIssue).join('; ')).toContain('news.0 must be an http or https URL');
});
