import type { Command } from 'commander';
import { examples } from '../api/api-command.ts';
import { terminalOutput } from '../terminal/output.ts';
import { admitKeys } from './admit.ts';
import { createKey } from './create.ts';
import { listKeys } from './list.ts';
import { revokeKey } from './revoke.ts';
import { tenantLimits } from './limits.ts';

/** Adds `fleet keys` and `fleet limits`. */
export function addKeys(fleet: Command): void {
  const keys = fleet
    .command('keys')
    .description('creates, lists and revokes API keys')
    .addHelpText(
      'after',
      examples('keys create --name ci --scopes submit,read', 'keys list', 'keys revoke key-0123456789ab'),
    );
  addCreate(keys);
  addList(keys);
  addRevoke(keys);
  addAdmit(keys);
  addLimits(fleet);
}

function addCreate(keys: Command): void {
  withPlace(keys.command('create'))
    .description('creates a key and shows it once')
    .requiredOption('--name <name>', 'a name for people')
    .option('--tenant <tenant>', 'the tenant whose tasks it can access', 'default')
    .option(
      '--scopes <scopes>',
      'permissions in its tenant: submit, read, operate; fleet for all tenants (pause, resume)',
      'submit,read',
    )
    .option(
      '--agents <agents>',
      'agents that it can use, with their tasks, sessions, runs and escalations only (default: all)',
    )
    .option('--rate <n>', 'requests per second (default: the usage plan’s rate)')
    .option('--days <n>', 'days until it expires (default: never)')
    .addHelpText(
      'after',
      examples(
        'keys create --name ci --days 90',
        'keys create --name on-call --scopes read,operate,fleet',
        'keys create --name shop --tenant acme --scopes submit,read --agents assistant --rate 5',
      ),
    )
    .action((options: { json?: boolean }) => createKey(options, terminalOutput(options.json ?? false)));
}

function addList(keys: Command): void {
  withPlace(keys.command('list'))
    .description('lists keys, oldest first, including revoked ones; never the key itself')
    .addHelpText('after', examples('keys list', 'keys list --json'))
    .action((options: { json?: boolean }) => listKeys(options, terminalOutput(options.json ?? false)));
}

function addRevoke(keys: Command): void {
  withPlace(keys.command('revoke'))
    .argument('<id>', 'the id from keys list')
    .description('revokes a key')
    .addHelpText('after', examples('keys revoke key-0123456789ab'))
    .action((id: string, options: { json?: boolean }) => revokeKey(id, options, terminalOutput(options.json ?? false)));
}

function addAdmit(keys: Command): void {
  withPlace(keys.command('admit'))
    .argument('[id]', 'the id from keys list (default: all keys that are valid)')
    .description('registers keys at the API Gateway of each region that does not have them yet')
    .option('--rate <n>', 'requests per second (default: as another region has it, else the usage plan’s rate)')
    .addHelpText('after', examples('keys admit --env global', 'keys admit key-0123456789ab --env global --rate 5'))
    .action((id: string | undefined, options: { json?: boolean }) =>
      admitKeys(id, options, terminalOutput(options.json ?? false)),
    );
}

function addLimits(fleet: Command): void {
  withPlace(fleet.command('limits'))
    .argument('<tenant>')
    .description('shows the limits of a tenant, or sets those that are given; they apply within 30 seconds')
    .option('--day-usd <usd>', 'maximum cost of its model calls per UTC day; none removes this limit')
    .option('--day-tokens <n>', 'maximum number of tokens per UTC day, or none')
    .option('--concurrent <n>', 'maximum number of tasks at once, or none')
    .option('--none', 'removes all limits')
    .addHelpText(
      'after',
      examples(
        'limits default',
        'limits default --day-usd 20 --concurrent 5',
        'limits default --day-usd none',
        'limits default --none',
      ),
    )
    .action((tenant: string, options: { json?: boolean }) =>
      tenantLimits(tenant, options, terminalOutput(options.json ?? false)),
    );
}

function withPlace(command: Command): Command {
  return command
    .option('--env <name>', 'a deployed fleet of three regions: config/NAME.json names them')
    .option('--prefix <prefix>', 'a deployed fleet of one region, by the prefix of its stacks (default: FLEET_PREFIX)')
    .option('--table <name>', 'the state table of a deployed fleet (output StateTable), instead of --prefix')
    .option('--usage-plan <id>', 'its usage plan (output UsagePlanId)')
    .option('--callback-secret <name>', 'its callback secret (output CallbackSecret), to show the signing secret')
    .option('--json', 'one JSON object on stdout');
}
