import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IN_CHROMIUM, settled, show, startBrowser, visit, WITHOUT_BROWSER, withReports } from './support/browser.ts';
import { ringAlarm, startConsoleFleet, type ConsoleFleet } from './support/console-fleet.ts';

/** The main ways of a user. What a test changes is asserted at the API, or by reading the page again. */

let fleet: ConsoleFleet;
let browser: Browser;

describe.skipIf(WITHOUT_BROWSER)(`the console ${IN_CHROMIUM}`, () => {
  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startConsoleFleet(), startBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await fleet[Symbol.asyncDispose]();
  });

  test('opens by a link once, and the key is nowhere in the page', async () => {
    const link = fleet.link();
    await using open = await visit(browser, link);
    const { page } = open;
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/console/');
    for (const label of ['Succeeded', 'Failed', 'Cost'])
      await page.getByText(new RegExp(`^${label} today \\(UTC\\), tenant `)).waitFor();
    const kept = await page.evaluate<string>(KEPT);
    expect(kept).not.toContain('flk_');
    expect(kept).not.toContain('fleet-console-');
    await using again = await visit(browser, link);
    expect(await again.page.textContent('h1')).toBe('This link is no longer valid.');
  });

  test('without a link it shows nothing of the fleet and says how to get in', async () => {
    await using open = await visit(browser, `${new URL(fleet.link()).origin}/console/tasks`);
    await open.page.getByText('npm run fleet -- console').first().waitFor();
    expect(await open.page.locator('table').count()).toBe(0);
  });

  test('with the keyboard alone: a task is submitted, found and read', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    await show(page, '/submit?agent=assistant');
    await tabTo(page, 'instruction');
    await page.keyboard.type('What is 20 plus 3?');
    await tabTo(page, 'Submit');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/tasks\/task-/);
    await tabTo(page, 'Trace');
    await pressTo(page, 'ArrowRight', 'Input and output');
    await page.keyboard.press('Enter');
    await page.getByText('20 + 3 = 23').first().waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await show(page, '/tasks');
    // Its name is the beginning of the id.
    await tabTo(page, id.slice(0, 12));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/console/tasks/${id}`);
    expect(open.outside).toEqual([]);
  });

  test('pauses a pool and resumes it, and says so on every page', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    await show(page, '/pools/parrot');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason', { exact: true }).fill('The model answers nonsense.');
    await dialog.getByLabel('Your name', { exact: true }).fill('Ada');
    await dialog.getByText('npm run fleet -- pause parrot').waitFor();
    await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('parrot: paused').waitFor();
    await show(page, '/tasks');
    await page.getByText('parrot: paused').waitFor();
    await show(page, '/pools/parrot');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await dialog.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByText('parrot: paused').waitFor({ state: 'detached' });
    expect(open.faults).toEqual([]);
  });

  test('one click on a task’s page shows the alarms that rang meanwhile', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const [{ id }, name] = [
      await fleet.task({ agent: 'assistant', instruction: 'What is 2 plus 2?' }),
      await ringAlarm(fleet, 'assistant'),
    ];
    await show(page, `/tasks/${id}`);
    await page.getByRole('tab', { name: 'Alarms' }).click();
    await page.getByText(`npm run fleet -- alarms --task ${id}`).waitFor();
    await page.getByRole('link', { name }).last().click();
    await page.waitForURL(`**/console/alarms/${name}`);
    expect(open.faults).toEqual([]);
  });

  test('one click shows the audit entries of a task, verified', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const { id } = await fleet.task({ agent: 'parrot', instruction: 'note: seen by the audit' });
    await show(page, `/tasks/${id}`);
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByText('The trail is intact').waitFor();
    await page.getByText(`npm run fleet -- audit show ${id}`).waitFor();
    expect(await page.getByRole('table', { name: 'Audit entries' }).locator('tbody tr').count()).toBeGreaterThan(1);
    expect(open.faults).toEqual([]);
  });

  test('a step of a retry is compared with the step of the attempt before', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const [before, retry] = [
      await fleet.task({ agent: 'assistant', instruction: 'What is 30 plus 1?' }),
      await fleet.task({ agent: 'assistant', instruction: 'What is 30 plus 2?' }),
    ];
    // What the API says of a task that was retried.
    await page.route(`**/api/tasks/${retry.id}`, (route) => route.fulfill({ json: { ...retry, retryOf: before.id } }));
    await show(page, `/tasks/${retry.id}?tab=steps`);
    await page.getByRole('button', { name: 'Compared with the attempt before' }).last().click();
    await page.getByText(/^- .*31/m).waitFor();
    await page.getByText(/^\+ .*32/m).waitFor();
    expect(open.faults).toEqual([]);
  });

  test('a report is downloaded from the page of its run, and never shown', async () => {
    await using open = await visit(browser, fleet.link());
    const { page } = open;
    const url = await withReports(page);
    const run = await fleet.run({ tasks: [{ agent: 'assistant', instruction: 'What is 4 plus 4?' }] });
    await show(page, `/runs/${run.id}`);
    const link = page.getByRole('link', { name: /^report\.html/ });
    expect(await link.getAttribute('href')).toBe(url);
    expect(await link.getAttribute('rel')).toContain('noopener');
    await page.getByText(`npm run fleet -- runs ${run.id} --report .`).waitFor();
    expect(open.faults).toEqual([]);
  });

  test('every view is a URL: reloading shows the same', async () => {
    await using open = await visit(browser, fleet.link());
    await fleet.task({ agent: 'assistant', instruction: 'What is 1 plus 1?' });
    await show(open.page, '/tasks?status=succeeded');
    const before = await open.page.locator('h1').first().textContent();
    await open.page.reload();
    await settled(open.page);
    expect(new URL(open.page.url()).search).toContain('status=succeeded');
    expect(await open.page.locator('h1').first().textContent()).toBe(before);
  });

  test('counts the tasks of pools only where they are shown', async () => {
    await using open = await visit(browser, fleet.link());
    const asked = new Set<string>();
    open.page.on('request', (request) => asked.add(new URL(request.url()).search));
    await show(open.page, '/tasks');
    await expect.poll(() => asked.has('?tasks=false')).toBe(true);
    expect(asked.has('?tasks=true')).toBe(false);
    await show(open.page, '/incident');
    expect(asked.has('?tasks=true')).toBe(true);
  });

  test('asks nothing while it is hidden', async () => {
    await using open = await visit(browser, fleet.link());
    await show(open.page, '/');
    await open.page.evaluate(HIDE);
    // What was under way when it was hidden may still end.
    await open.page.waitForLoadState('networkidle');
    let asked = 0;
    open.page.on('request', () => (asked += 1));
    // Twice the interval in which it asks while something runs.
    await open.page.evaluate('new Promise((done) => setTimeout(done, 5_000))');
    expect(asked).toBe(0);
  });
});

// Programs of the page are text here, so that the types of the browser stay out of the project's.
/** All that a script of the page can read. */
const KEPT = `JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML])`;
/** Hides the page, as another tab does. */
const HIDE = `Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  document.dispatchEvent(new Event('visibilitychange'));`;
/** The name of the element that has the focus. */
const FOCUSED = `(({ activeElement: element }) =>
  (element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '').trim())(document)`;

const tabTo = (page: Page, name: string): Promise<void> => pressTo(page, 'Tab', name);

/** Presses a key until the element whose name begins so has the focus. */
async function pressTo(page: Page, key: string, name: string): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press(key);
    const label = await page.evaluate<string>(FOCUSED);
    if (label.toLowerCase().startsWith(name.toLowerCase())) return;
  }
  throw new Error(`No ${key} leads to ${name}.`);
}
