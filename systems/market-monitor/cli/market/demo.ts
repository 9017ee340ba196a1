import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  problemOfDay,
  simulateMarket,
  type SimulatedMarket,
  type SimulatedMarketOptions,
} from '@agent-fleet/simulated-market';
import type { BootedFleet } from '#cli/fleet/boot.ts';
import { interruptible } from '#cli/interruption.ts';
import { makeFolder } from '#cli/make-folder.ts';
import type { CliSystem } from '#cli/system.ts';
import { openPage } from '#cli/terminal/open-page.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { dynamodbDigests } from '../../digests/dynamodb-digests.ts';
import { digestHtml } from '../../digests/html.ts';
import { accountOf } from './account.ts';
import { Applied } from './applied.ts';
import { holdingsForJudge } from './demo-portfolios.ts';
import { resultOf } from './demo-result.ts';
import type { MadeDigest } from './digests.ts';
import { heldBackIn } from './held-back.ts';
import type { DemoOptions } from './options.ts';
import { withOwnFleet, type MarketOfFleet } from './own-fleet.ts';
import { playDay, type Play } from './play-day.ts';
import type { Received } from './receiver.ts';
import { countOf, sentBy } from './sent.ts';
import { setAsideSince } from './set-aside.ts';
import { showReceived, showResult } from './show.ts';

/** `fleet market demo`. */
export async function demoCommand(systems: readonly CliSystem[], options: DemoOptions): Promise<void> {
  const { seed, events, day, json, out = join('reports', `market-${day}-${seed}`) } = options;
  const notes = terminalOutput(json);
  makeFolder(out);
  // A day in the past has no events that are ahead of the clock.
  const simulated = simulatedDay({ seed, events, day, faults: { future: 0 } });
  const { page, ...figures } = await interruptible((signal) =>
    play(systems, { simulated, options, signal }, out, notes),
  );
  showResult(notes, figures, page);
  if (json) terminalOutput(true).json(figures);
  if (page !== null) openPage(pathToFileURL(page).href);
  const { lost, doubled, outOfOrder, alerts, unfinished } = figures;
  const wrong = lost + doubled + outOfOrder + alerts.missed + alerts.duplicates + alerts.false + unfinished.length;
  if (wrong > 0)
    throw new UserError(
      'Something was lost, doubled, out of order, missed, false or not waited for long enough: see above.',
      'Play the day slower: --minutes 10.',
    );
}

/** Throws wrong usage that names the next day of trading. */
function simulatedDay(options: SimulatedMarketOptions & { readonly day: string }): SimulatedMarket {
  const wrong = problemOfDay(options.day);
  if (wrong !== null) throw wrongUsage(`--day: ${wrong}`, 'Give a day on which the New York Stock Exchange trades.');
  return simulateMarket(options);
}

async function play(
  systems: readonly CliSystem[],
  day: Pick<Play, 'simulated' | 'signal'> & { readonly options: DemoOptions },
  out: string,
  notes: Output,
) {
  const applied = new Applied();
  const { truth } = day.simulated;
  return withOwnFleet(
    systems,
    { name: `market-${day.options.seed}`, notes, onEvent: applied.onEvent },
    async ({ fleet, market }) => {
      const onAlert = (each: Received): void => showReceived(notes, each);
      const startedAt = Date.now();
      const played = await playDay({ ...day, market, onAlert, notes });
      const page = await saveDigest(market, played.digests, out);
      const sent = sentBy(day.simulated.records());
      // Before the table is read: a router that still works must not seem to have handled more than it remembers.
      const { count } = applied;
      const account = await accountOf(market.table, sent);
      const portfolios = holdingsForJudge().map(({ id }) => id);
      const heldBack = await heldBackIn(market.table, portfolios);
      const { reasons: setAside } = await setAsideSince(market, startedAt);
      const measured = { events: countOf(sent), account, applied: count, truth, played, heldBack, setAside };
      return { ...resultOf({ ...measured, modelCalls: await modelCallsOf(fleet) }), page };
    },
  );
}

/** Calls whose caller did not wait for the answer are billed like the others. */
async function modelCallsOf({ claude }: Pick<BootedFleet, 'claude'>): Promise<number> {
  if (claude === null) throw new Error('The demonstration has a simulated model.');
  const { answered, abandoned } = await claude.stats();
  return answered + abandoned;
}

/** Saves the digest of the session, or the last one. Returns its path. */
async function saveDigest({ table }: MarketOfFleet, made: readonly MadeDigest[], out: string): Promise<string | null> {
  const chosen = made.findLast(({ id }) => id.endsWith('-close')) ?? made.at(-1);
  const [portfolio = '', period = ''] = chosen?.id.split('/') ?? [];
  const record = chosen && (await dynamodbDigests(table).get(portfolio, period));
  if (!record) return null;
  const page = join(out, 'digest.html');
  await writeFile(page, digestHtml(record.digest));
  await writeFile(join(out, 'digest.json'), `${JSON.stringify(record.digest, null, 2)}\n`);
  return page;
}
