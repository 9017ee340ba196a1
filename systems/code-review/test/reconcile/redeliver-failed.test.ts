import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PullRequestHandle } from '@agent-fleet/simulated-github';
import { stubApi, type StubApi } from '#test/adapters/support/stub-api.ts';
import { AppAccess } from '../../github/app-access.ts';
import { openCheckRun } from '../../github/check-run.ts';
import { GithubClient } from '../../github/client.ts';
import { EVENTS } from '../../pull-request/event.ts';
import { MINUTE, openPull, startMissing, type Missing } from './support.ts';

let world: Missing;
let webhook: StubApi;
let status: number;
let installation: number;

beforeEach(async () => {
  status = 202;
  world = await startMissing();
  webhook = await stubApi((response) => void response.writeHead(status).end());
  const shop = await world.github.createRepository({ name: 'shop', files: { 'a.js': 'a();\n' } });
  installation = shop.installationId ?? 0;
  world.github.setWebhook({ url: `${webhook.url}/github`, secret: 's' });
  await world.github.settled();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Lets minutes pass, runs, and returns how many deliveries were sent again. */
async function resentAfter(minutes: number): Promise<number> {
  await world.github.settled();
  world.time.now += minutes * MINUTE;
  const ran = await world.run();
  await world.github.settled();
  return ran.outcome === 'done' ? ran.resent : -1;
}

it('a lost delivery is sent again once, with its guid', async () => {
  world.github.faultDeliveries('lost');
  await openPull(world, 'shop', 'one');
  expect(await resentAfter(0)).toBe(0);
  expect(await resentAfter(2)).toBe(1);
  expect(await resentAfter(10)).toBe(0);
  const [, first, again] = world.github.deliveries();
  expect(again).toMatchObject({ guid: first?.guid, redelivery: true, status_code: 202 });
  expect(world.progress()?.failed).toEqual({});
});

it('a delivery is sent again once after each failed attempt, until one succeeds or too many have failed', async () => {
  status = 500;
  await openPull(world, 'shop', 'one');
  for (let run = 0; run < 3; run += 1) expect(await resentAfter(10)).toBe(1);
  status = 200;
  expect([await resentAfter(10), await resentAfter(10)]).toEqual([1, 0]);
  status = 500;
  await openPull(world, 'shop', 'two');
  const resent: number[] = [];
  for (let run = 0; run < 12; run += 1) resent.push(await resentAfter(10));
  expect(resent).toEqual([...Array<number>(10).fill(1), 0, 0]);
});

it('what the webhook rejects for good is not sent again, and neither is what succeeded on a later attempt', async () => {
  status = 400;
  await openPull(world, 'shop', 'one');
  expect(await resentAfter(10)).toBe(0);
  status = 503;
  await openPull(world, 'shop', 'two');
  await world.github.settled();
  status = 200;
  world.github.redeliver(world.github.deliveries().at(-1)?.id ?? 0);
  await world.github.settled();
  expect(await resentAfter(10)).toBe(0);
});

it('deliveries older than a page are found, and those of an earlier run are not read again', async () => {
  world.github.faultDeliveries(...Array<'lost'>(130).fill('lost'));
  const pull = await openPull(world, 'shop', 'one');
  for (let push = 0; push < 119; push += 1) pull.comment('octocat', '/review');
  expect(await resentAfter(5)).toBe(100);
  expect(await resentAfter(5)).toBe(20);
  expect(await resentAfter(5)).toBe(0);
});

it('a limit ends it, and the next run goes on', async () => {
  world.github.faultDeliveries('lost');
  await openPull(world, 'shop', 'one');
  world.github.fault({ fault: 'secondary-limit', path: '/attempts', method: 'POST' });
  expect(await resentAfter(5)).toBe(0);
  expect(await resentAfter(5)).toBe(1);
});

describe('a failed delivery', () => {
  const checkRunOn = async (pull: PullRequestHandle): Promise<number> => {
    const { id: appId, privateKey = '' } = world.github.app;
    const app = new AppAccess({
      url: world.github.url,
      now: () => world.time.now,
      credentials: async () => ({ appId, privateKey }),
    });
    const repository = 'octo-org/shop';
    const client = new GithubClient(await app.to({ repository, installation }));
    const wanted = { repository, head: pull.headSha(), name: 'fleet review', externalId: `${repository}#1` };
    return (await openCheckRun(client, wanted)) ?? 0;
  };
  const CAUSES: Readonly<Record<string, (pull: PullRequestHandle, checkRun: number) => unknown>> = {
    pull_request: async (pull) => pull.close(),
    check_run: (_, checkRun) => world.github.rerequest(checkRun),
    check_suite: async (_, checkRun) => world.github.rerequestAll(checkRun),
    issue_comment: (pull) => pull.comment('octocat', '/review'),
  };

  it.each(EVENTS)('of %s is sent again', async (event) => {
    const pull = await openPull(world, 'shop', 'one');
    const checkRun = await checkRunOn(pull);
    await world.github.settled();
    world.github.faultDeliveries('lost');
    await CAUSES[event]?.(pull, checkRun);
    expect(await resentAfter(10)).toBe(1);
    expect(world.github.deliveries().at(-1)).toMatchObject({ event, redelivery: true, status_code: 202 });
  });
});
