import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { escalationPageSchema, escalationViewSchema, type EscalationView } from '#core/api/escalations/messages.ts';
import { escalationOperations } from '#core/api/escalations/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { age } from './terminal/format.ts';
import { table } from './terminal/table.ts';

/** Adds `fleet escalations`. */
export function addEscalations(fleet: Command): void {
  const escalations = fleet
    .command('escalations')
    .description('lists, claims and answers tasks that need a person')
    .addHelpText(
      'after',
      examples(
        'escalations list',
        'escalations claim task-0123456789abcdef',
        "escalations answer task-0123456789abcdef 'Done.'",
      ),
    );
  withApi(escalations.command('list'))
    .description('lists tasks that wait for a person, oldest first')
    .option('--answered', 'list answered escalations instead')
    .addHelpText('after', examples('escalations list', 'escalations list --answered --json'))
    .action(listEscalations);
  withApi(escalations.command('claim'))
    .argument('<id>', 'the task’s')
    .description('reserves an escalation for 15 minutes; claim it again to renew')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText('after', examples('escalations claim task-0123456789abcdef --by ada@example.com'))
    .action(claimEscalation);
  withApi(escalations.command('answer'))
    .argument('<id>', 'the task’s')
    .argument('<reply>')
    .description('answers an escalation; only the first answer counts')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText('after', examples("escalations answer task-0123456789abcdef 'Your refund is on its way.'"))
    .action(answerEscalation);
}

async function listEscalations(options: { answered?: boolean }): Promise<void> {
  const { api, output, json } = apiContext(options);
  const query = { status: options.answered === true ? 'answered' : 'waiting' };
  const read = (more: object) =>
    api.call(escalationOperations.listEscalations, escalationPageSchema, { query: { ...query, ...more } });
  let page = await read({});
  // A page of a key that is restricted to some agents may be empty and not the last.
  while (page.escalations.length === 0 && page.next !== undefined) page = await read({ cursor: page.next });
  if (json) return output.json(page);
  if (page.escalations.length === 0) return output.line('No escalations.');
  output.line(table(COLUMNS, page.escalations.map(row), process.stdout.columns));
}

const COLUMNS = [
  { name: 'id' },
  { name: 'agent' },
  { name: 'state' },
  { name: 'since' },
  { name: 'what', flexible: true },
] as const;

const row = ({ id, agent, status, by, createdAt, summary, reason }: EscalationView): string[] => [
  id,
  agent,
  by === undefined ? status : `${status} by ${by}`,
  age(createdAt),
  summary ?? reason,
];

async function claimEscalation(id: string, options: { by: string }): Promise<void> {
  const { api, output, json } = apiContext(options);
  const request = { params: { id }, body: { by: options.by } };
  const escalation = await api.call(escalationOperations.claimEscalation, escalationViewSchema, request);
  if (json) return output.json(escalation);
  output.line(`${id} is reserved for you until ${escalation.until}.`);
}

async function answerEscalation(id: string, reply: string, options: { by: string }): Promise<void> {
  const { api, output, json } = apiContext(options);
  const request = { params: { id }, body: { by: options.by, reply }, idempotencyKey: randomUUID() };
  const escalation = await api.call(escalationOperations.answerEscalation, escalationViewSchema, request);
  if (json) return output.json(escalation);
  output.line(`Answered ${id}.`);
}
