import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { CHROMIUM } from '#test/support/chromium.ts';

/** Whether the tests in a browser are skipped, and the name that says so. */
export const WITHOUT_BROWSER = CHROMIUM === undefined;
export const IN_CHROMIUM = 'in Chromium (apt-get install chromium)';

/** Starts the browser without a window. */
export async function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('Chromium is not installed.');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page, and what it must not do. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Requests to other origins. */
  readonly outside: readonly string[];
  /** What the policy of the page has stopped, errors of scripts, and files that failed to load. */
  readonly faults: readonly string[];
}

/** Opens a page of its own in a browser, as a new person would, by a link of the console. */
export async function visit(browser: Browser, link: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1_400, height: 900 }, ...options });
  const page = await context.newPage();
  const own = new URL(link).origin;
  const outside: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${own}/`) && !url.startsWith('data:') && !url.startsWith('blob:')) outside.push(url);
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(link);
  return { page, outside, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** The page of a view, once it shows what it has read. */
export async function show(page: Page, path: string): Promise<void> {
  await page.goto(new URL(`/console${path}`, page.url()).href);
  await settled(page);
}

/** Milliseconds after which a view that still reads, such as the 10,000 cells of a run, is taken as it is. */
const MAX_READING_MS = 10_000;

/** Waits until the view has a heading and nothing on it is being read. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1, h2').first().waitFor();
  const reading = page.locator('[class*="awsui_status-loading"], [class*="awsui_spinner"], :text-is("reading …")');
  const until = performance.now() + MAX_READING_MS;
  while ((await reading.count()) > 0 && performance.now() < until)
    await reading
      .first()
      .waitFor({ state: 'detached', timeout: MAX_READING_MS })
      .catch(() => undefined);
}

const FILE = {
  name: 'report.html',
  size: 48_000,
  writtenAt: '2026-11-28T12:00:00Z',
  url: 'http://127.0.0.1:4566/uploads/runs/run-1/report.html?X-Amz-Signature=1',
  expiresAt: '2026-11-28T12:15:00Z',
};

/** Answers for the API that each run has a report: workflows that write one are in no fleet of these tests. */
export async function withReports(page: Page): Promise<string> {
  const json = { files: [FILE], complete: true, asOf: '2026-11-28T12:00:00Z' };
  await page.route('**/api/runs/*/report', (route) => route.fulfill({ json }));
  return FILE.url;
}
