import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { command } from '#core/waiting/commands.ts';
import { examples } from '../api/api-command.ts';
import { awsError, noAnswer, type Remedies } from '../aws-error.ts';
import { DOWN } from '../global/silence.ts';
import { findRegion, readTopology, type RegionName } from '../global/topology.ts';
import { parseOptions } from '../parse-options.ts';
import { terminalOutput } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import { wholeOption } from '../whole-option.ts';
import type { FailoverPlan } from './failover.ts';
import type { RegionPlaces } from './places.ts';
import { MAJORITY, whyUnfit, type HomesReading } from './reading.ts';
import { optionsOf } from './unreached.ts';

const ENV = [
  '--env <name>',
  'a deployed fleet: the regions of config/NAME.json, with the AWS credentials of this shell',
] as const;

/** Adds `fleet regions` and `fleet failover`. */
export function addRegions(fleet: Command): void {
  fleet
    .command('regions')
    .description('shows the regions of a fleet, and which region holds which home')
    .option(...ENV)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', examples('regions', 'regions --json'))
    .action(async (raw: object) => {
      const { env, json } = parseOptions(baseSchema, raw, 'regions');
      const reading = await withRegions(env, (_, read) => Promise.resolve(read));
      const output = terminalOutput(json);
      if (json) output.json(reading);
      else output.line(regionLines(reading));
    });
  fleet
    .command('failover')
    .description('takes a region out of service: the others take its homes over')
    .requiredOption('--from <region>', 'the region')
    .option('--dry-run', 'only say what would be handed over, and whether the others could take it over')
    .option('--undo', 'put the region back into service')
    .option('--yes', 'do it for a deployed fleet, too')
    .option('--force', 'do it even if no other region could take its homes over now')
    .option('--wait <seconds>', 'how long to wait until the others hold its homes (default: 90; 0 does not wait)')
    .option(...ENV)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', examples('failover --from us --dry-run', 'failover --from us', 'failover --from us --undo'))
    .action(failover);
}

const baseSchema = z.object({ env: z.string().optional(), json: z.boolean().default(false) });
const failoverSchema = baseSchema.extend({
  from: z.string(),
  dryRun: z.boolean().default(false),
  undo: z.boolean().default(false),
  yes: z.boolean().default(false),
  force: z.boolean().default(false),
  wait: wholeOption(0, 3_600).default(90),
});
type FailoverOptions = z.output<typeof failoverSchema>;

async function failover(raw: object): Promise<void> {
  const options = parseOptions(failoverSchema, raw, 'failover');
  const { env, from, dryRun, undo, yes } = options;
  if (env !== undefined && !dryRun && !yes) {
    // What was typed is right before it is to be confirmed.
    findRegion(readTopology(env).regions, from);
    throw wrongUsage(
      `This changes which regions of ${env} work.`,
      'Look with --dry-run first, and confirm with --yes.',
    );
  }
  await withRegions(env, async (places, reading) => {
    const region = findRegion(places.regions, from);
    return undo ? putBack(places, reading, region, options) : takeOut(places, reading, region, options);
  });
}

async function putBack(
  places: RegionPlaces,
  { regions }: HomesReading,
  region: RegionName,
  { dryRun, json }: FailoverOptions,
): Promise<void> {
  const { undrain } = await import('./failover.ts');
  const output = terminalOutput(json);
  const read = regions.find(({ name }) => name === region.name);
  if (read?.problem === null && read.outOfServiceSince === null) {
    if (json) return output.json({ from: region.name, undone: false });
    return output.line(`Region ${region.name} is in service already.`);
  }
  if (!dryRun) await undrain(places, region);
  if (json) return output.json({ from: region.name, undone: !dryRun });
  output.line(
    `Region ${region.name} ${dryRun ? 'would be' : 'is'} in service again. Its home returns when it has worked for 15 minutes.`,
  );
}

async function takeOut(
  places: RegionPlaces,
  reading: HomesReading,
  region: RegionName,
  { dryRun, force, json, wait, env }: FailoverOptions,
): Promise<void> {
  const { drain, planFailover, waitForHandover } = await import('./failover.ts');
  const output = terminalOutput(json);
  const plan = await planFailover(places, reading, region);
  if (!json) output.line(planLines(plan));
  if (dryRun) return json ? output.json(plan) : undefined;
  if (!plan.possible && !force)
    throw new UserError(
      `Region ${region.name} stays in service: no other region could take its homes over.`,
      'Wait until another one could, or add --force: tasks of its homes then wait until one can.',
    );
  await drain(places, region);
  const confirmed = env === undefined ? [] : [...optionsOf(env), '--yes'];
  const undo = command('failover', '--from', region.name, '--undo', ...confirmed);
  const becomes = plan.homes.length === 0 ? 'is' : 'gives up its homes, and stays';
  if (!json) output.line(`\nRegion ${region.name} ${becomes} out of service: ${undo} puts it back.`);
  const about = (text: string): void => output.progress(text);
  const { heldBy, open } = await waitForHandover(places, plan, { limitMs: wait * 1_000, about, delay });
  output.progress('');
  if (json) output.json({ ...plan, heldBy });
  else for (const [home, holder] of Object.entries(heldBy)) if (holder) output.line(`${home} is held by ${holder}.`);
  if (open.length > 0 && wait > 0) throw stillOpen(region.name, open, heldBy, wait, undo);
}

function stillOpen(
  from: string,
  open: readonly string[],
  heldBy: Readonly<Record<string, string | null>>,
  wait: number,
  undo: string,
): UserError {
  const says = open.map((home) => (heldBy[home] === from ? `${from} still holds ${home}` : `no region holds ${home}`));
  return new UserError(
    `After ${wait} s ${says.join(', ')}. Region ${from} is out of service, and the others go on trying.`,
    `A keeper that does not run gives nothing up: see its alarms. To put the region back: ${undo}`,
  );
}

async function withRegions<Result>(
  environment: string | undefined,
  act: (places: RegionPlaces, reading: HomesReading) => Promise<Result>,
): Promise<Result> {
  // Loaded only here: other commands do without the SDK.
  const { findRegions, readAllHomes } = await import('./places.ts');
  const places = findRegions(environment);
  try {
    return await act(places, await readAllHomes(places));
  } catch (error) {
    throw awsError(noAnswer(error) ?? error, remediesFor(places.table), environment === undefined);
  } finally {
    places.close();
  }
}

const remediesFor = (table: string): Remedies => ({
  ResourceNotFoundException: `Deploy the fleet's regions first: each has a table ${table}, in its stack ${table.replace(/-homes$/, '-regions')}.`,
  AccessDeniedException: `Use credentials that may read the table ${table} in each region, and for a failover also write and delete its items.`,
});

const REGIONS = [{ name: 'region' }, { name: 'aws' }, { name: 'holds' }, { name: 'state', flexible: true }] as const;

/** The regions for people. */
export function regionLines({ regions, homes }: HomesReading): string {
  const rows = regions.map((each) => [
    each.name,
    each.region,
    homes.flatMap(({ home, holders }) => (holders.includes(each.name) ? home : [])).join(', ') || '–',
    whyUnfit(each, Date.now()) ?? 'answers',
  ]);
  const unheld = homes.filter(({ holders }) => holders.length === 0).map(({ home }) => home);
  const note = unheld.length === 0 ? [] : ['', unheldNote(unheld.join(', '), regions)];
  return [table(REGIONS, rows), ...note].join('\n');
}

function unheldNote(homes: string, regions: HomesReading['regions']): string {
  const answers = regions.filter(({ problem, cutOff }) => problem === null && !cutOff).length;
  if (answers === 0) return `Who holds ${homes} is unknown: no region answers.`;
  if (answers < MAJORITY)
    return `No region that answers holds ${homes}, and a takeover needs two that reach each other.`;
  return `Nobody holds ${homes}: a takeover takes up to 45 seconds.`;
}

const PLAN = [
  { name: 'home' },
  { name: 'epoch', align: 'right' },
  { name: 'open tasks', align: 'right' },
  { name: 'would go to' },
] as const;

/** A plan for people. */
export function planLines({ from, homes, tables, unfit, possible }: FailoverPlan): string {
  const notes = unfit.map(({ region, problem }) => {
    const start = problem === DOWN ? ` Start it: ${command('global', 'start', region)}.` : '';
    return `${region} would take nothing over: ${problem}.${start}`;
  });
  if (homes.length === 0) return [`Region ${from} holds no home, so nothing is handed over.`, ...notes].join('\n');
  const rows = homes.map(({ home, epoch, candidates, openTasks }) => [
    home,
    epoch === null ? '–' : String(epoch),
    openTasks === null ? '–' : `${openTasks.count}${openTasks.complete ? '' : '+'}`,
    candidates.join(', then ') || 'nobody',
  ]);
  return [table(PLAN, rows), '', ...notes, answerOf(tables, possible)].join('\n');
}

function answerOf(tables: readonly string[], possible: boolean): string {
  if (possible) return `The tables of ${tables.join(' and ')} answer: the homes could be taken over.`;
  if (tables.length > 1) return 'Nobody could take the homes over.';
  const answering = tables.length === 0 ? 'No other table answers' : `Only the table of ${tables.join(', ')} answers`;
  return `${answering}, and two are needed: nobody could take the homes over.`;
}
