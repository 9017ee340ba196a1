import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSimulatedWeb, type SimulatedWeb } from '@agent-fleet/simulated-web';
import { z } from 'zod';
import { apiContext } from '#cli/api/api-command.ts';
import { connect } from '#cli/fleet/connection.ts';
import { withFleetToWait } from '#cli/fleet/occasion.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { watchInterruption } from '#cli/interruption.ts';
import { makeFolder } from '#cli/make-folder.ts';
import type { CliSystem } from '#cli/system.ts';
import { count, dollars } from '#cli/terminal/format.ts';
import { openPage } from '#cli/terminal/open-page.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import type { Company } from '../companies/company.ts';
import { realNight, simulatedNight, zoneHere, type Night } from './calendar.ts';
import { readCompanyFile, simulatedCompanies } from './companies.ts';
import { estimateUsd } from './estimate.ts';
import { nightFolder } from './folders.ts';
import { simulatedSpace, type Space } from './items.ts';
import { researchNight, type NightDone, type NightPlace } from './night.ts';
import { REPORTS, SAMPLE, type ResearchOptions } from './options.ts';
import { resultOf, sayResult, type ResearchResult } from './result.ts';
import { requireSearch, withSearch } from './search.ts';
import { announceStandIn } from './stand-in.ts';
import { isSimulated, requireContact, requireOneWeb, requireSimulated } from './which-web.ts';

const FIRST_NIGHT = '2026-11-02';
const ALL = 500;

/** `fleet research`. The list is read before a fleet starts, so that a wrong one costs no time. */
export async function researchCommand(systems: readonly CliSystem[], options: ResearchOptions): Promise<void> {
  const output = terminalOutput(options.json);
  const { sample = SAMPLE, seed, companies: file } = options;
  const size = file === undefined ? sample : ALL;
  // The texts that nobody saw who wrote the rules of the simulated Claude.
  const web = await startSimulatedWeb({ companies: size, seed, firstNight: FIRST_NIGHT, prose: 'second' });
  try {
    const simulated = simulatedCompanies(web);
    const companies = file === undefined ? simulated : await readCompanyFile(file, simulated, output);
    requireOneWeb(companies);
    if (options.nights > 1) requireSimulated(companies);
    const space = companies.some(isSimulated) ? simulatedSpace(seed, size) : 'web';
    if (space !== 'web') output.line('Their sites are simulated: what they say about these companies is invented.');
    makeFolder(options.out ?? REPORTS);
    announce(companies, options, output);
    if (options.search) requireSearch({ companies, running: findRunningFleet() });
    const interruption = interruptionOf(output);
    await withFleetToWait(
      systems,
      { wait: true, only: 'research', ...(options.search && withSearch(web.url)) },
      async () => {
        const result = await research({ web, companies, space, options, output, ...interruption });
        if (options.json) output.json(result);
      },
    );
  } finally {
    await web.close();
  }
}

/** Throws a `UserError` if the estimate is above --max-usd. */
function announce(companies: readonly Company[], { nights, maxUsd, search }: ResearchOptions, output: Output): void {
  const estimate = estimateUsd(companies, nights, search);
  const many = companies.length === 1 ? '1 company' : `${companies.length.toLocaleString('en-US')} companies`;
  output.line(`${many}, ${count(nights, 'night')}: estimated ${dollars(estimate)}.`);
  if (maxUsd === undefined || estimate <= maxUsd) return;
  throw new UserError(
    `The research would cost about ${dollars(estimate)}, more than --max-usd ${maxUsd}. Nothing was sent to the model.`,
    `Use --max-usd ${(Math.ceil(estimate * 100) / 100).toFixed(2)} or more, or choose fewer companies or nights.`,
  );
}

/** Ctrl-C, and what it says. */
interface Interrupting {
  readonly signal: AbortSignal;
  readonly onRun: (id: string) => void;
}

function interruptionOf(output: Output): Interrupting {
  let says = 'Stopping. No run was started.';
  const { signal } = watchInterruption(() => output.line(says));
  return {
    signal,
    onRun: (id) => {
      says = `Stopping: run ${id} is cancelled, and what has finished is kept. Ctrl-C again ends the command at once.`;
    },
  };
}

interface Research extends Interrupting {
  readonly web: SimulatedWeb;
  readonly companies: readonly Company[];
  readonly space: Space;
  readonly options: ResearchOptions;
  readonly output: Output;
}

const researchOutputsSchema = z.object({
  SnapshotBucket: z.string(),
  Contact: z.string().optional(),
});

async function research(order: Research): Promise<ResearchResult> {
  const { options, output, signal, onRun, web, companies } = order;
  const running = findRunningFleet();
  if (running === null)
    throw new UserError(
      'No fleet runs on this machine.',
      'Start one with npm start, and unset FLEET_URL: the command reads the brief from this machine.',
    );
  const outputs = outputsOf(running.outputs, 'research', researchOutputsSchema);
  requireContact(companies, outputs.Contact);
  const connection = connect(running.endpoint);
  const { api } = apiContext({ json: true });
  const place = { api, s3: connection.s3, bucket: outputs.SnapshotBucket, output, signal, onRun };
  try {
    const done = await allNights(place, order);
    if (!options.json) openPage(pathToFileURL(resolve(done.at(-1)?.folder ?? '.', 'brief.html')).href);
    const result = resultOf(done, companies.every(isSimulated) ? web : null);
    sayResult(output, result);
    return result;
  } finally {
    connection.close();
  }
}

/** A run's budget must be positive. */
const LEAST_USD = 1e-6;

async function allNights(place: NightPlace, { web, companies, space, options }: Research) {
  const done: (NightDone & { readonly folder: string })[] = [];
  const { nights, maxUsd, news } = options;
  for (let index = 0; index < nights; index += 1) {
    const night = nightOf(space, index, options);
    web.setNight(index);
    if (space !== 'web') await announceStandIn(place, { port: web.port, space, night: night.date });
    const spent = done.reduce((sum, { usd }) => sum + usd, 0);
    const folder = relative(process.cwd(), resolve(nightFolder(options, night.date))) || '.';
    const label = `Night ${index + 1}/${nights}, ${night.date}`;
    const budgetUsd = maxUsd === undefined ? undefined : Math.max(LEAST_USD, maxUsd - spent);
    done.push({ ...(await researchNight(place, { night, companies, space, news, budgetUsd, folder, label })), folder });
  }
  return done;
}

const nightOf = (space: Space, index: number, { by }: ResearchOptions): Night =>
  space === 'web' ? realNight(Date.now(), by, zoneHere()) : simulatedNight(FIRST_NIGHT, index, by);
