import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IN_CHROMIUM, show, startBrowser, visit, WITHOUT_BROWSER, withReports, type Visit } from './support/browser.ts';
import { escalate, seedFleet, SEEDED_RUN, startConsoleFleet, type ConsoleFleet } from './support/console-fleet.ts';

/**
 * Every screen of the console in a fleet with 100,000 tasks, in light and dark: axe finds nothing, nothing leaves the
 * origin, and the page's policy stops nothing. The last test prints how soon the first rows appear.
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
    screens = {
      overview: '/',
      tasks: '/tasks',
      'filtered tasks': '/tasks?status=failed',
      task: `/tasks/${noted.id}`,
      steps: `/tasks/${noted.id}?tab=steps`,
      'alarms of a task': `/tasks/${noted.id}?tab=alarms`,
      'audit of a task': `/tasks/${noted.id}?tab=audit`,
      contents: `/tasks/${noted.id}?tab=contents`,
      commands: `/tasks/${noted.id}?tab=commands`,
      'task of a session': `/tasks/${spoken.id}`,
      'no task': '/tasks/task-none',
      runs: '/runs',
      run: `/runs/${SEEDED_RUN}`,
      sessions: '/sessions',
      session: '/sessions/talk-1',
      escalations: '/escalations',
      pools: '/pools',
      pool: '/pools/assistant',
      usage: '/usage',
      alarms: '/alarms',
      submit: '/submit',
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
        const { violations } = await new AxeBuilder({ page: open.page }).analyze();
        const problems = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
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

  test('text of a task is never markup', async () => {
    await using open = await visit(browser, fleet.link());
    await show(open.page, screens['contents'] ?? '');
    await open.page.getByText('onerror=alert(1)').first().waitFor();
    expect(await open.page.locator('img[src="x"]').count()).toBe(0);
  });

  test('the first rows of the list appear, and how soon is printed', async () => {
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
    console.log(`First rows of ${TASKS} tasks after ${times.join(', ')} ms.`);
  });
});
