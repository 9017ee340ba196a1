import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BulkDetail, BulkList } from '#core/api/bulk/messages.ts';
import type { AlarmDetail, AlarmView } from '#core/api/alarms/messages.ts';
import type { PoolList } from '#core/api/pools/messages.ts';
import type { TaskView } from '#core/api/tasks/messages.ts';
import { IN_CHROMIUM, show, startBrowser, visit, WITHOUT_BROWSER } from './support/browser.ts';
import { bury, escalate, startConsoleFleet, type ConsoleFleet } from './support/console-fleet.ts';

/** What an operator changes in the console. Each action shows its command first, and its effect is asserted at the API. */

let fleet: ConsoleFleet;
let browser: Browser;

describe.skipIf(WITHOUT_BROWSER)(`an operator at the console ${IN_CHROMIUM}`, () => {
  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startConsoleFleet(), startBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await fleet[Symbol.asyncDispose]();
  });

  test('cancels all tasks that match, after a dry run, and retries them: each has its outcome', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    await fleet.call('POST', '/pools/parrot/pause', { reason: 'so that tasks wait', by: 'Ada' });
    const ids = await Promise.all(
      ['one', 'two'].map((word) => submit({ agent: 'parrot', instruction: `note: ${word}` })),
    );
    await show(page, '/tasks?agent=parrot');
    await act(page, 'Cancel all that match', 'bulk cancel --agent parrot', async (dialog) => {
      await dialog.getByText('2 tasks match (parrot: 2)').waitFor();
      expect(await statusOf(ids)).not.toContain('cancelled');
    });
    await page.waitForURL('**/console/bulk/*');
    const cancelled = await ended(page);
    expect(cancelled).toMatchObject({ action: 'cancel', done: 2, skipped: 0, failed: 0 });
    expect(await statusOf(ids)).toEqual(['cancelled', 'cancelled']);
    await page.getByText(`npm run fleet -- bulk show ${cancelled.id}`).waitFor();
    await show(page, '/tasks?agent=parrot&status=cancelled');
    await act(page, 'Retry all that match', 'bulk retry --agent parrot --status cancelled', (dialog) =>
      dialog.getByText('2 tasks match').waitFor(),
    );
    await page.waitForURL(`**/console/bulk/*`);
    const retried = await ended(page);
    expect(retried).toMatchObject({ action: 'retry', done: 2 });
    const again = retried.items.map(({ retriedAs = '' }) => retriedAs);
    await page.locator(`[title="${again[0]}"]`).waitFor();
    await fleet.call('POST', '/pools/parrot/resume');
    const origins = await Promise.all(
      again.map(async (id) => (await fleet.call<TaskView>('GET', `/tasks/${id}`)).retryOf),
    );
    expect(new Set(origins)).toEqual(new Set(ids));
    expect(open.faults).toEqual([]);
  });

  test('claims an escalation and answers it', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const { id } = await fleet.task({ agent: 'parrot', instruction: 'note: a lawyer' });
    await escalate(fleet, id, 'legal');
    await show(page, '/escalations');
    const row = rowOf(page, id);
    await act(row, 'Claim', `escalations claim ${id} --by Ada`, async (dialog) => {
      await dialog.getByLabel('Your name', { exact: true }).fill('Ada');
    });
    await row.getByText('by Ada').waitFor();
    expect(await escalations('waiting')).toMatchObject([{ id, status: 'claimed', by: 'Ada' }]);
    await act(row, 'Answer', `escalations answer ${id} 'We pay.' --by Ada`, async (dialog) => {
      await dialog.getByLabel('Reply', { exact: true }).fill('We pay.');
      await dialog.getByLabel('Your name', { exact: true }).fill('Ada');
    });
    await row.waitFor({ state: 'detached' });
    expect(await escalations('answered')).toMatchObject([{ id, status: 'answered', by: 'Ada', reply: 'We pay.' }]);
    expect(await escalations('waiting')).toEqual([]);
    expect(open.faults).toEqual([]);
  });

  test('sees dead letters and redrives them', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const id = await bury(fleet, 'assistant', 'What is 8 plus 9?');
    await show(page, '/pools/assistant');
    const row = rowOf(page, id);
    await row.getByText('The worker died three times.').waitFor();
    await act(page, 'Redrive all', 'redrive assistant --all');
    const path = '/pools/assistant/dead-letters';
    const read = async () => (await fleet.call<{ deadLetters: DeadLetter[] }>('GET', path)).deadLetters;
    await expect.poll(read).toMatchObject([{ id, redrivenAs: expect.stringMatching(/./) as string }]);
    const redrivenAs = (await read())[0]?.redrivenAs ?? '';
    await row.locator(`[title="${redrivenAs}"]`).waitFor();
    expect(await fleet.call('GET', `/tasks/${redrivenAs}?wait=25`)).toMatchObject({ status: 'succeeded', retryOf: id });
    expect(open.faults).toEqual([]);
  });

  test('pauses the fleet and a tenant, and resumes both', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const why = async (dialog: Locator): Promise<void> => {
      await dialog.getByLabel('Reason', { exact: true }).fill('It burns');
      await dialog.getByLabel('Your name', { exact: true }).fill('Ada');
    };
    await show(page, '/incident');
    await act(page, 'Pause the fleet', "pause --all --reason 'It burns' --by Ada", why);
    await expect
      .poll(async () => (await pools()).fleet)
      .toMatchObject({ status: 'paused', reason: 'It burns', by: 'Ada' });
    await act(page, 'Resume the fleet', 'resume --all --steps 10,50,100');
    await expect.poll(async () => (await pools()).fleet).toMatchObject({ status: 'resuming' });
    await fleet.call('POST', '/fleet/resume');
    await page.getByLabel('Name of the tenant').fill('acme');
    const form = page.getByLabel('Name of the tenant').locator('xpath=ancestor::*[.//button[contains(., "Pause")]][1]');
    await act(form, 'Pause', "pause --tenant acme --reason 'It burns' --by Ada", why);
    await expect.poll(async () => (await pools()).tenants).toMatchObject([{ tenant: 'acme', status: 'paused' }]);
    const held = page.getByRole('table', { name: 'Tenants that are held' }).locator('tbody tr', { hasText: 'acme' });
    await act(held, 'Resume', 'resume --tenant acme --steps 10,50,100');
    await expect.poll(async () => (await pools()).tenants[0]?.status ?? 'active').not.toBe('paused');
    expect(open.faults).toEqual([]);
  });

  test('reads the section of the runbook beside an alarm, with its agent, and the parts of a composite one', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const { alarms } = await fleet.call<{ alarms: AlarmView[] }>('GET', '/alarms');
    const own = alarms.find(({ agent, runbook }) => agent === 'assistant' && runbook?.endsWith('#queue-age'));
    await show(page, `/alarms/${own?.name}`);
    await page.getByText(`npm run fleet -- alarms ${own?.name}`).waitFor();
    await page.getByRole('heading', { name: 'Queue age' }).waitFor();
    await page.getByText('npm run fleet -- cancel --agent assistant', { exact: true }).waitFor();
    await page.getByText('npm run fleet -- limits TENANT --day-usd 20 --concurrent 5', { exact: true }).waitFor();
    const composite = alarms.find((alarm) => alarm.composite !== undefined);
    const { parts = [] } = await fleet.call<AlarmDetail>('GET', `/alarms/${composite?.name}`);
    expect(parts.map(({ rule }) => rule?.metrics.length)).toEqual(parts.map(() => expect.any(Number) as number));
    expect(parts.length).toBeGreaterThan(1);
    await show(page, `/alarms/${composite?.name}`);
    for (const { name } of parts) await page.getByRole('link', { name, exact: true }).waitFor();
    await page.getByRole('link', { name: parts[0]?.name ?? '', exact: true }).click();
    await page.waitForURL(`**/console/alarms/${parts[0]?.name}`);
    expect(open.faults).toEqual([]);
  });
});

interface DeadLetter {
  readonly id: string;
  readonly redrivenAs?: string;
}

const submit = async (body: object): Promise<string> => (await fleet.call<TaskView>('POST', '/tasks', body)).id;
const statusOf = (ids: readonly string[]): Promise<string[]> =>
  Promise.all(ids.map(async (id) => (await fleet.call<TaskView>('GET', `/tasks/${id}`)).status));
const pools = (): Promise<PoolList> => fleet.call<PoolList>('GET', '/pools');

async function escalations(status: 'waiting' | 'answered'): Promise<readonly object[]> {
  return (await fleet.call<{ escalations: object[] }>('GET', `/escalations?status=${status}`)).escalations;
}

const rowOf = (page: Page, id: string): Locator => page.locator('tbody tr', { has: page.locator(`[title="${id}"]`) });

/** Presses a button, fills its dialog, sees the command that does the same, and confirms. */
async function act(
  where: Page | Locator,
  label: string,
  command: string,
  fill: (dialog: Locator) => Promise<unknown> = async () => undefined,
): Promise<void> {
  const page = 'goto' in where ? where : where.page();
  await where.getByRole('button', { name: label, exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  await fill(dialog);
  await dialog.getByText(`npm run fleet -- ${command}`, { exact: true }).waitFor();
  await dialog.getByRole('button', { name: label, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** The bulk action of the page, once it has ended. */
async function ended(page: Page): Promise<BulkDetail> {
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const status = async () =>
    (await fleet.call<BulkList>('GET', '/bulk-actions')).actions.find((each) => each.id === id)?.status;
  await expect.poll(status).not.toBe('running');
  return fleet.call<BulkDetail>('GET', `/bulk-actions/${id}`);
}
