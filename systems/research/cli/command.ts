import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSimulatedWeb, type SimulatedWeb } from '@agent-fleet/simulated-web';
import { apiContext } from '#cli/api/api-command.ts';
import { connect } from '#cli/fleet/connection.ts';
import { withFleetToWait } from '#cli/fleet/occasion.ts';
import { outputsOf, platformOutputsSchema } from '#cli/fleet/outputs.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { interruptible } from '#cli/interruption.ts';
import { makeFolder } from '#cli/make-folder.ts';
import type { CliSystem } from '#cli/system.ts';
import { count, dollars } from '#cli/terminal/format.ts';
import { openPage } from '#cli/terminal/open-page.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { z } from 'zod';
import type { Brief } from '../brief/schema.ts';
import type { Company } from '../companies/company.ts';
import { briefNight, type NightPlace } from './brief-night.ts';
import { realNight, simulatedNight } from './calendar.ts';
import { readCompanyFile, simulatedCompanies } from './companies.ts';
import { estimateUsd } from './estimate.ts';
import { Ledger } from './ledger.ts';
import type { ResearchOptions } from './options.ts';
import { qualityOf, type Quality } from './quality.ts';
import { contactOf, requireOneWeb } from './which-web.ts';
import { isSimulated } from './scouts.ts';

/** What `--json` prints. */
interface ResearchResult {
  readonly nights: readonly {
    readonly night: string;
    readonly companies: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly claims: number;
    readonly new: number;
    readonly changed: number;
    readonly citationsThatFail: number;
    readonly briefAt: string;
    readonly late: boolean;
    /** The folder with the brief. */
    readonly out: string;
  }[];
  /** Against the truth of the simulated web; null for companies elsewhere. */
  readonly quality: Quality | null;
  /** US dollars. */
  readonly spent: number;
}

/** Companies of the simulated web unless --sample says more. */
const SAMPLE = 50;
const FIRST_NIGHT = '2026-11-02';
const ALL = 500;

/** `fleet research`. The list is read before a fleet starts, so that a wrong one costs no time. */
export async function researchCommand(systems: readonly CliSystem[], options: ResearchOptions): Promise<void> {
  const output = terminalOutput(options.json);
  const { sample = SAMPLE, seed, companies: file } = options;
  const web = await startSimulatedWeb({
    companies: file === undefined ? sample : ALL,
    seed,
    firstNight: FIRST_NIGHT,
    // The texts that nobody saw who wrote the rules of the simulated Claude.
    prose: 'second',
  });
  try {
    const simulated = simulatedCompanies(web);
    const companies = file === undefined ? simulated : await readCompanyFile(file, simulated, output);
    requirePossible(companies, options);
    const contact = contactOf(companies);
    if (companies.some(isSimulated))
      output.line('Their sites are simulated: what they say about these companies is invented.');
    makeFolder(options.out ?? join('reports', 'research'));
    const estimate = estimateUsd(companies.length, options.nights);
    output.line(
      `${companies.length === 1 ? '1 company' : `${companies.length.toLocaleString('en-US')} companies`}, ${count(options.nights, 'night')}: estimated ${dollars(estimate)}.`,
    );
    requireWithin(estimate, options.maxUsd);
    await withFleetToWait(systems, { wait: true }, async () => {
      const result = await interruptible((signal) => research({ web, companies, options, contact, output, signal }));
      if (options.json) output.json(result);
    });
  } finally {
    await web.close();
  }
}

function requirePossible(companies: readonly Company[], { nights }: ResearchOptions): void {
  requireOneWeb(companies);
  if (nights > 1 && !companies.every(isSimulated))
    throw wrongUsage(
      '--nights needs companies of the simulated web.',
      'Leave it out, and run the command every night.',
    );
}

function requireWithin(estimate: number, maxUsd: number | undefined): void {
  if (maxUsd === undefined || estimate <= maxUsd) return;
  throw new UserError(
    `The research would cost about ${dollars(estimate)}, more than --max-usd ${maxUsd}. Nothing was sent to the model.`,
    'Raise --max-usd, or choose fewer companies or nights.',
  );
}

interface Research {
  readonly web: SimulatedWeb;
  readonly companies: readonly Company[];
  readonly options: ResearchOptions;
  readonly contact: string;
  readonly output: Output;
  readonly signal: AbortSignal;
}

const researchOutputsSchema = z.object({ ResearchTable: z.string(), SnapshotBucket: z.string() });

async function research({ web, companies, options, contact, output, signal }: Research): Promise<ResearchResult> {
  const running = findRunningFleet();
  if (running === null)
    throw new UserError(
      'No fleet runs on this machine.',
      'Start one with npm start, and unset FLEET_URL: research keeps its memory on this machine.',
    );
  const connection = connect(running.endpoint);
  const ledger = new Ledger(options.maxUsd ?? Infinity);
  const outputs = outputsOf(running.outputs, 'research', researchOutputsSchema);
  const place: NightPlace = {
    connection,
    table: outputs.ResearchTable,
    bucket: outputs.SnapshotBucket,
    stateTable: outputsOf(running.outputs, 'platform', platformOutputsSchema).StateTable,
    standInPort: companies.some(isSimulated) ? web.port : null,
    contact,
    api: apiContext({ json: true }).api,
    ledger,
    isLimited: options.maxUsd !== undefined,
    isSimulatedModel: running.model.startsWith('simulated'),
    output,
    signal,
  };
  const briefs: Brief[] = [];
  const folders: string[] = [];
  try {
    for (let index = 0; index < options.nights; index += 1) {
      web.setNight(index);
      const clock = companies.some(isSimulated)
        ? simulatedNight(FIRST_NIGHT, index, options.by)
        : realNight(options.by);
      const base = options.out ?? join('reports', 'research');
      const folder = resolve(options.out === undefined || options.nights > 1 ? join(base, clock.night) : base);
      folders.push(relative(process.cwd(), folder) || '.');
      briefs.push(
        await briefNight(place, {
          clock,
          companies,
          folder,
          label: `Night ${index + 1}/${options.nights}, ${clock.night}`,
        }),
      );
    }
  } finally {
    connection.close();
  }
  if (!options.json) openPage(pathToFileURL(resolve(folders.at(-1) ?? '.', 'brief.html')).href);
  const quality = companies.every(isSimulated) ? qualityOf(briefs, web) : null;
  sayQuality(output, quality, ledger.spent);
  return { nights: briefs.map((brief, at) => nightOf(brief, folders[at] ?? '.')), quality, spent: ledger.spent };
}

function sayQuality(output: Output, quality: Quality | null, spent: number): void {
  if (quality !== null) {
    const { precision, recall, duplicates, injected } = quality;
    output.line(
      `Against the truth of the simulated web: precision ${precision}, recall ${recall}, ${duplicates} duplicates, ${injected} injected.`,
    );
  }
  output.line(`Spent ${dollars(spent)}.`);
}

const nightOf = ({ night, briefAt, late, totals }: Brief, out: string): ResearchResult['nights'][number] => ({
  night,
  companies: totals.companies,
  succeeded: totals.succeeded,
  failed: totals.failed,
  claims: totals.claims,
  new: totals.new,
  changed: totals.changed,
  citationsThatFail: totals.citationsThatFail,
  briefAt,
  late,
  out,
});
