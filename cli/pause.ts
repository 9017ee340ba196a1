import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { fleetHoldSchema, poolViewSchema, tenantHoldSchema, type HoldView } from '#core/api/pools/messages.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import { apiContext, examples, withApi, type ApiContext } from './api/api-command.ts';
import type { Request } from './api/client.ts';
import { parseDuration } from './duration.ts';
import { parseOptions } from './parse-options.ts';
import type { FleetState } from './read-pools.ts';
import { duration } from './terminal/format.ts';
import { wrongUsage } from './user-error.ts';

/** Adds `fleet pause` and `fleet resume`: of a pool, of a tenant, of the fleet. */
export function addPause(fleet: Command): void {
  withApi(fleet.command('pause'))
    .argument('[agent]', 'the agent of the pool')
    .description('pauses a pool, a tenant or the fleet: running tasks finish, no other task starts')
    .option('--tenant <tenant>', 'pause the tasks of a tenant in all pools')
    .option('--all', 'pause the fleet: all pools')
    .requiredOption('--reason <why>', 'why, for other operators')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText(
      'after',
      examples(
        "pause assistant --reason 'It answers nonsense.'",
        "pause --tenant acme --reason 'It spends too much.'",
        "pause --all --reason 'The provider is down.'",
      ),
    )
    .action((agent: string | undefined, options: object) => pause(apiContext(options), agent, options));
  withApi(fleet.command('resume'))
    .argument('[agent]', 'the agent of the pool')
    .description('resumes what was paused; waiting tasks start gradually')
    .option('--tenant <tenant>', 'resume a tenant')
    .option('--all', 'resume the fleet')
    .option('--steps [percents]', 'with growing limits of tasks at once (default: 10,50,100)')
    .option('--every <time>', 'how long each step lasts', '5m')
    .addHelpText(
      'after',
      `${examples('resume assistant', 'resume assistant --steps', 'resume --all --steps 10,25,50,100 --every 10m')}\n\nThe steps go on without this command. Pausing again ends them; resuming without --steps skips the rest.`,
    )
    .action((agent: string | undefined, options: object) => resume(apiContext(options), agent, options));
}

const whatSchema = z.object({ tenant: z.string().min(1).optional(), all: z.boolean().default(false) });
const pauseSchema = whatSchema.extend({ reason: z.string().min(1), by: z.string().min(1) });
const resumeSchema = whatSchema.extend({
  steps: z.union([z.literal(true).transform(() => '10,50,100'), z.string()]).optional(),
  every: z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== null && ms >= 60_000) return Math.round(ms / 60_000);
    context.addIssue('must be a time of at least a minute, such as 5m or 1h');
    return z.NEVER;
  }),
});

/** What is paused or resumed, and the words for it. */
type What =
  | { readonly kind: 'pool'; readonly agent: string }
  | { readonly kind: 'tenant'; readonly tenant: string }
  | { readonly kind: 'fleet' };

function whatOf(agent: string | undefined, { tenant, all }: z.infer<typeof whatSchema>, command: string): What {
  const given = [agent !== undefined, tenant !== undefined, all].filter(Boolean).length;
  if (given !== 1) throw wrongUsage('Give an agent, --tenant or --all.', `See npm run fleet -- ${command} --help.`);
  if (agent !== undefined) return { kind: 'pool', agent };
  return tenant === undefined ? { kind: 'fleet' } : { kind: 'tenant', tenant };
}

const nameOf = (what: What): string =>
  what.kind === 'pool' ? what.agent : what.kind === 'tenant' ? `Tenant ${what.tenant}` : 'The fleet';

/** The arguments that name it on the command line. */
const argumentsOf = (what: What): string =>
  what.kind === 'pool' ? what.agent : what.kind === 'tenant' ? `--tenant ${what.tenant}` : '--all';

async function pause({ api, output, json }: ApiContext, agent: string | undefined, raw: object): Promise<void> {
  const { reason, by, ...given } = parseOptions(pauseSchema, raw, 'pause');
  const what = whatOf(agent, given, 'pause');
  const body = { reason, by };
  const held = await call(api, what, 'pause', { body });
  if (json) return output.json(held);
  output.line(`${nameOf(what)} is paused; its tasks wait. Running tasks finish.`);
  output.line(`Undo: npm run fleet -- resume ${argumentsOf(what)}`);
  output.line(`Undo in steps: npm run fleet -- resume ${argumentsOf(what)} --steps`);
}

async function resume({ api, output, json }: ApiContext, agent: string | undefined, raw: object): Promise<void> {
  const { steps, every, ...given } = parseOptions(resumeSchema, raw, 'resume');
  const what = whatOf(agent, given, 'resume');
  const query = steps === undefined ? {} : { steps, minutes: every };
  const held = await call(api, what, 'resume', { query });
  if (json) return output.json(held);
  output.line(`${nameOf(what)} is ${held.status}. Waiting tasks start gradually, more each minute.`);
  for (const words of stepWords(held)) output.line(words);
  const left = argumentsOf(what);
  if (held.steps) output.line(`Skip the rest: npm run fleet -- resume ${left}`);
  output.line(`Undo: npm run fleet -- pause --reason WHY ${left}`);
}

/** `10 %: at most 2 tasks at once for 5m 00s`. */
export const stepWords = ({ steps = [] }: Pick<HoldView, 'steps'>): string[] =>
  steps
    .filter(({ percent }) => percent < 100)
    .map(({ percent, limit, until }) => {
      const most = limit === undefined ? `${percent} % of each pool’s tasks` : `${limit} tasks (${percent} %)`;
      return `At most ${most} at once until ${until}, for ${duration(Math.max(0, Date.parse(until) - Date.now()))} from now.`;
    });

function call(api: ApiContext['api'], what: What, action: 'pause' | 'resume', request: Request): Promise<HoldView> {
  const isPause = action === 'pause';
  if (what.kind === 'fleet')
    return api.call(isPause ? poolOperations.pauseFleet : poolOperations.resumeFleet, fleetHoldSchema, request);
  if (what.kind === 'tenant') {
    const operation = isPause ? poolOperations.pauseTenant : poolOperations.resumeTenant;
    return api.call(operation, tenantHoldSchema, { ...request, params: { tenant: what.tenant } });
  }
  const operation = isPause ? poolOperations.pausePool : poolOperations.resumePool;
  return api.call(operation, poolViewSchema, { ...request, params: { agent: what.agent } });
}

/** What holds the fleet and tenants, one line each. */
export function holdWords({ fleet, tenants = [] }: Pick<FleetState, 'fleet' | 'tenants'>): string[] {
  const holds = [
    ...(fleet ? [{ name: 'The fleet', ...fleet }] : []),
    ...tenants.map((hold) => ({ name: `Tenant ${hold.tenant}`, ...hold })),
  ];
  return holds.flatMap(({ name, status, reason = '', by = '', ...hold }) => [
    ...(status === 'paused' ? [`${name} is paused by ${by}: ${reason}`] : []),
    ...stepWords(hold).map((words) => `${name}: ${words}`),
  ]);
}
