import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IN_CHROMIUM, show, startBrowser, visit, WITHOUT_BROWSER, withReports, type Visit } from './support/browser.ts';
import { escalate, seedFleet, SEEDED_RUN, startConsoleFleet, type ConsoleFleet } from './support/console-fleet.ts';
import { everyScreen } from './support/screens.ts';

/**
 * Every screen of the console in a fleet with 100,000 tasks, in light, in dark and on a phone: axe finds nothing, nothing
 * leaves the origin, and the page's policy stops nothing. The first rows appear within a second.
 */

const TASKS = 100_000;

let fleet: ConsoleFleet;
let browser: Browser;
/** The paths of all views, with ids of things that exist. */
let screens: Readonly<Record<string, string>>;

describe.skipIf(WITHOUT_BROWSER)(`the console of a fleet with 100,000 tasks ${IN_CHROMIUM}`, () => {
  beforeAll(async () => {
    fleet = await startConsoleFleet();
    [browser] = await Promise.all([startBrowser(), seedFleet(fleet, TASKS)]);
    const spoken = await fleet.task({ agent: 'assistant', instruction: 'What is 6 times 7?', sessionId: 'talk-1' });
    const noted = await fleet.task({ agent: 'parrot', instruction: 'note: <img src=x onerror=alert(1)>' });
    await escalate(fleet, noted.id, 'legal');
    const bulk = await fleet.call<{ id: string }>('POST', '/bulk-actions', {
      action: 'cancel',
      filter: { tasks: [spoken.id] },
    });
    const { alarms } = await fleet.call<{ alarms: { name: string; agent?: string }[] }>('GET', '/alarms');
    screens = {
      ...everyScreen({
        '/tasks/:id': noted.id,
        '/runs/:id': SEEDED_RUN,
        '/pools/:agent': 'assistant',
        '/sessions/:id': 'talk-1',
        '/bulk/:id': bulk.id,
        '/alarms/:name': alarms.find(({ agent }) => agent === 'assistant')?.name ?? '',
      }),
      contents: `/tasks/${noted.id}?tab=contents`,
      'filtered tasks': '/tasks?status=failed',
      'task of a session': `/tasks/${spoken.id}`,
      'no task': '/tasks/task-none',
      'submit to an agent': '/submit?agent=assistant',
      'no view': '/nowhere',
    };
  });
  afterAll(async () => {
    await browser.close();
    await fleet[Symbol.asyncDispose]();
  });

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    let open: Visit;
    beforeAll(async () => {
      open = await visit(browser, fleet.link(), { colorScheme, reducedMotion: 'reduce' });
      await withReports(open.page);
    });
    afterAll(() => open[Symbol.asyncDispose]());

    test('axe finds nothing on any screen', async () => {
      const found: Record<string, readonly string[]> = {};
      for (const [name, path] of Object.entries(screens)) {
        await show(open.page, path);
        const problems = await problemsOf(open.page);
        if (problems.length > 0) found[name] = problems;
      }
      expect(found).toEqual({});
    });

    test('no request has left the origin, and the policy has stopped nothing', () => {
      expect(open.outside).toEqual([]);
      // A task that does not exist is a response with the status 404, which the browser reports.
      expect(open.faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    });
  });

  test('on a phone no screen is wider than the page, and axe finds nothing on those that wake somebody', async () => {
    await using open = await visit(browser, fleet.link(), { viewport: PHONE, reducedMotion: 'reduce' });
    await withReports(open.page);
    const wide: Record<string, number> = {};
    const found: Record<string, readonly string[]> = {};
    for (const [name, path] of Object.entries(screens)) {
      await show(open.page, path);
      const width = await open.page.evaluate<number>('document.documentElement.scrollWidth');
      if (width > PHONE.width) wide[name] = width;
      if (!/^\/(incident|alarms\/.*|tasks\/[^?]*)?$/.test(name)) continue;
      const problems = await problemsOf(open.page);
      if (problems.length > 0) found[name] = problems;
    }
    expect({ wide, found }).toEqual({ wide: {}, found: {} });
  });

  test('text of a task is never markup', async () => {
    await using open = await visit(browser, fleet.link());
    await show(open.page, screens['contents'] ?? '');
    await open.page.getByText('onerror=alert(1)').first().waitFor();
    expect(await open.page.locator('img[src="x"]').count()).toBe(0);
  });

  test('the first rows of the list appear within a second', async () => {
    await using open = await visit(browser, fleet.link());
    const rows = open.page.locator('table tbody tr');
    const times: number[] = [];
    for (let load = 0; load < 5; load += 1) {
      const at = performance.now();
      await open.page.goto(new URL('/console/tasks', open.page.url()).href);
      await rows.nth(10).waitFor();
      times.push(Math.round(performance.now() - at));
    }
    expect(await rows.count()).toBeGreaterThan(20);
    const [median = Infinity] = times.toSorted((a, b) => a - b).slice(Math.floor(times.length / 2));
    console.log(`First rows of ${TASKS} tasks after ${times.join(', ')} ms.`);
    expect(median).toBeLessThan(1_000);
  });
});

/** A small phone of today. */
const PHONE = { width: 390, height: 844 };

/** Cloudscape puts `aria-orientation` on the `<nav>` around its menu button in small windows, which no reader of screens uses. */
const OF_CLOUDSCAPE = /^aria-allowed-attr: \.awsui_mobile-toolbar-nav_/;

async function problemsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const problems = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  return problems.filter((problem) => !OF_CLOUDSCAPE.test(problem));
}
