import type { Command } from 'commander';
import { z } from 'zod';
import { examples } from '../api/api-command.ts';
import { findRegion } from '../global/topology.ts';
import { parseOptions } from '../parse-options.ts';
import { terminalOutput } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { UserError, wrongUsage } from '../user-error.ts';
import type { FailoverPlan } from './failover.ts';
import type { HomesReading, RegionPlaces } from './places.ts';

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
});

async function failover(raw: object): Promise<void> {
  const { env, json, from, dryRun, undo, yes } = parseOptions(failoverSchema, raw, 'failover');
  if (env !== undefined && !dryRun && !yes)
    throw wrongUsage(
      `This changes which regions of ${env} work.`,
      'Look with --dry-run first, and confirm with --yes.',
    );
  const { drain, planFailover, undrain } = await import('./failover.ts');
  await withRegions(env, async (places, reading) => {
    const region = findRegion(places.regions, from);
    const output = terminalOutput(json);
    const plan = await planFailover(places, reading, region);
    if (undo && !dryRun) await undrain(places, region);
    else if (!undo && !dryRun) {
      if (!plan.possible) throw new UserError(planLines(plan), 'Wait until another region answers, then try again.');
      await drain(places, region);
    }
    if (json) return output.json(plan);
    if (undo)
      return output.line(
        `Region ${region.name} ${dryRun ? 'would be' : 'is'} in service again. Its home returns when it has worked for 15 minutes.`,
      );
    output.line(planLines(plan));
    if (dryRun) return;
    output.line(`\nRegion ${region.name} gives up its homes now; the others hold them within a minute.`);
    output.line(`  npm run fleet -- regions\n  npm run fleet -- failover --from ${region.name} --undo`);
  });
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
  } finally {
    places.close();
  }
}

const REGIONS = [{ name: 'region' }, { name: 'aws' }, { name: 'holds' }, { name: 'table', flexible: true }] as const;

/** The regions for people. */
export function regionLines({ regions, homes }: HomesReading): string {
  const rows = regions.map(({ name, region, problem }) => [
    name,
    region,
    homes.flatMap(({ home, holders }) => (holders.includes(name) ? home : [])).join(', ') || '–',
    problem ?? 'answers',
  ]);
  const unheld = homes.filter(({ holders }) => holders.length === 0).map(({ home }) => home);
  const note = unheld.length === 0 ? [] : ['', `Nobody holds ${unheld.join(', ')}: a takeover takes up to 45 seconds.`];
  return [table(REGIONS, rows), ...note].join('\n');
}

const PLAN = [
  { name: 'home' },
  { name: 'epoch', align: 'right' },
  { name: 'open tasks', align: 'right' },
  { name: 'would go to' },
] as const;

/** A plan for people. */
export function planLines({ from, homes, tables, possible }: FailoverPlan): string {
  if (homes.length === 0) return `Region ${from} holds no home: nothing would be handed over.`;
  const rows = homes.map(({ home, epoch, candidates, openTasks }) => [
    home,
    epoch === null ? '–' : String(epoch),
    openTasks === null ? '–' : `${openTasks.count}${openTasks.complete ? '' : '+'}`,
    candidates.join(', then '),
  ]);
  const answer = possible
    ? `The tables of ${tables.join(' and ')} answer: the homes could be taken over.`
    : `Only ${tables.join(', ') || 'no table'} answers, and two are needed: nobody could take the homes over.`;
  return [table(PLAN, rows), '', answer].join('\n');
}
