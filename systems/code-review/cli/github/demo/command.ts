import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { apiContext } from '#cli/api/api-command.ts';
import { ensureFolder, MAIN_DATA } from '#cli/fleet/paths.ts';
import { findRunningFleet, type RunningFleet } from '#cli/fleet/registry.ts';
import { watchInterruption } from '#cli/interruption.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import { AppAccess } from '../../../github/app-access.ts';
import { FleetSecrets, localPlace } from '../fleet-place.ts';
import { withBorrowedSecret } from './borrowed-secret.ts';
import { followReview, type Followed, type Following } from './follow.ts';
import { GithubProcess } from './github-process.ts';
import { openPage } from '#cli/terminal/open-page.ts';
import type { DemoOptions } from './options.ts';
import type { Opened } from './protocol.ts';
import { printResult, resultOf } from './result.ts';
import { PULL_REQUEST, readShop } from './shop.ts';
import { nextHead } from './next-head.ts';

/** Runs its argument while a fleet runs on this machine. */
type WithFleet = (act: () => Promise<void>) => Promise<void>;

/** `fleet github demo`: a simulated GitHub with a pull request, which the fleet reviews. */
export async function demoCommand(options: DemoOptions, output: Output, withFleet: WithFleet): Promise<void> {
  await withFleet(async () => {
    const fleet = findRunningFleet();
    if (fleet === null)
      throw new UserError('The fleet on this machine has stopped.', 'Start it with npm start, and the demo again.');
    const { signal } = watchInterruption();
    await withGithub(async (github) => demo({ fleet, github, options, output, signal }));
  });
}

async function withGithub(act: (github: GithubProcess) => Promise<void>): Promise<void> {
  const folder = ensureFolder(join(MAIN_DATA, 'github-demo', randomUUID()));
  const github = await GithubProcess.start(folder);
  try {
    await act(github);
  } finally {
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Demo {
  readonly fleet: RunningFleet;
  readonly github: GithubProcess;
  readonly options: DemoOptions;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function demo(it: Demo): Promise<void> {
  const { fleet, github } = it;
  const place = localPlace(fleet);
  const secrets = new FleetSecrets(place.endpoint);
  const { url: apiUrl, appId, privateKey } = github.started;
  const app = { appId, privateKey, apiUrl };
  try {
    await withBorrowedSecret(secrets, place.appSecret, app, async () => {
      const webhook = { url: place.webhook, secret: await secrets.read(place.webhookSecret) };
      // A fleet remembers pull requests by their names.
      const repository = `shop-${randomUUID().slice(0, 6)}`;
      const opened = await github.open({ webhook, repository, ...readShop(), ...PULL_REQUEST });
      await play(it, opened, new AppAccess({ url: apiUrl, now: Date.now, credentials: async () => app }));
    });
  } finally {
    secrets.close();
  }
}

async function play(it: Demo, opened: Opened, access: AppAccess): Promise<void> {
  const { github, options, output, signal } = it;
  const { api } = apiContext({ json: true });
  const appAccess = async () => (await access.asApp()) ?? { url: github.started.url, token: '' };
  const following: Following = { github, api, app: appAccess, output, signal };
  output.line(`Pull request: ${opened.repository}#${opened.number}, “${PULL_REQUEST.title}”`);
  let head = await nextHead(github, '', signal);
  let isFirst = true;
  while (head !== null) {
    const followed = await followReview(following, head);
    if (followed !== null) {
      await report(it, opened, followed, isFirst);
      if (options.once) return;
      if (isFirst) invite(output, opened);
      isFirst = false;
    }
    head = await nextHead(github, head, signal);
    if (head !== null) output.line(`\nA push: ${head.slice(0, 12)}`);
  }
  if (isFirst) throw new UserError('Interrupted before the verdict.', 'Run the command again.');
}

async function report({ fleet, options, output }: Demo, opened: Opened, followed: Followed, isFirst: boolean) {
  const result = await resultOf(fleet, opened, followed);
  printResult(output, result);
  if (!isFirst) return;
  if (options.json) output.json(result);
  if (options.open && !options.once && !options.json) openPage(opened.page);
}

function invite(output: Output, { path }: Opened): void {
  output.line(
    `\nTry another push:\n  git clone --branch ${PULL_REQUEST.branch} ${path} shop\n  cd shop, change a file, git commit, git push\nThe next review reads only the files that changed. Ctrl-C ends the demo.`,
  );
}
