import type { Command } from 'commander';
import { examples } from '../api/api-command.ts';
import { terminalOutput } from '../terminal/output.ts';
import { createKey } from './create.ts';
import { listKeys } from './list.ts';
import { revokeKey } from './revoke.ts';
import { tenantLimits } from './limits.ts';

/** Adds `fleet keys` and `fleet limits`. */
export function addKeys(fleet: Command): void {
  const keys = fleet
    .command('keys')
    .description('makes, lists and revokes keys of the task API')
    .addHelpText(
      'after',
      examples('keys create --name ci --scopes submit,read', 'keys list', 'keys revoke key-0123456789ab'),
    );
  addCreate(keys);
  addList(keys);
  addRevoke(keys);
  addLimits(fleet);
}

function addCreate(keys: Command): void {
  withPlace(keys.command('create'))
    .description('makes a key and shows it, this once')
    .requiredOption('--name <name>', 'a word for people')
    .option('--tenant <tenant>', 'whose tasks it sees', 'default')
    .option('--scopes <scopes>', 'what it may do: submit, read, operate', 'submit,read')
    .option('--agents <agents>', 'the agents it is for (default: all)')
    .option('--rate <n>', 'requests a second, where it is not the usual rate')
    .option('--days <n>', 'for how long it is valid (default: until it is revoked)')
    .addHelpText(
      'after',
      examples(
        'keys create --name ci --days 90',
        'keys create --name shop --tenant acme --scopes submit,read --agents assistant --rate 5',
      ),
    )
    .action((options: { json?: boolean }) => createKey(options, terminalOutput(options.json ?? false)));
}

function addList(keys: Command): void {
  withPlace(keys.command('list'))
    .description('the keys, oldest first, revoked ones too; not the keys themselves')
    .addHelpText('after', examples('keys list', 'keys list --json'))
    .action((options: { json?: boolean }) => listKeys(options, terminalOutput(options.json ?? false)));
}

function addRevoke(keys: Command): void {
  withPlace(keys.command('revoke'))
    .argument('<id>', 'as keys list shows it')
    .description('has a key refused from now on')
    .addHelpText('after', examples('keys revoke key-0123456789ab'))
    .action((id: string, options: { json?: boolean }) => revokeKey(id, options, terminalOutput(options.json ?? false)));
}

function addLimits(fleet: Command): void {
  withPlace(fleet.command('limits'))
    .argument('<tenant>')
    .description('shows a tenant’s limits, or sets them anew; in force within 30 seconds')
    .option('--day-usd <usd>', 'most that its model calls may cost in a UTC day')
    .option('--day-tokens <n>', 'most tokens in a UTC day')
    .option('--concurrent <n>', 'tasks worked on at once')
    .option('--none', 'lifts all limits')
    .addHelpText(
      'after',
      examples('limits default', 'limits default --day-usd 20 --concurrent 5', 'limits default --none'),
    )
    .action((tenant: string, options: { json?: boolean }) =>
      tenantLimits(tenant, options, terminalOutput(options.json ?? false)),
    );
}

function withPlace(command: Command): Command {
  return command
    .option('--table <name>', 'the state table of a deployed fleet (output StateTable)')
    .option('--usage-plan <id>', 'its usage plan (output UsagePlanId)')
    .option('--callback-secret <name>', 'its callback secret (output CallbackSecret), to show the signing secret')
    .option('--json', 'one JSON object on stdout');
}
