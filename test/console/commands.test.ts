import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { program } from '#cli/program.ts';
import { fleetCommand } from '#console/src/parts/commands.ts';

const HOSTILE = `it's $(rm -rf /) "here" \`x\``;
const POOL = { kind: 'pool', agent: 'assistant' } as const;
const COMMANDS = [
  fleetCommand.pools(),
  fleetCommand.tasks({ agent: 'assistant', status: 'failed', session: 'ada', run: undefined, from: '2h' }),
  fleetCommand.task('task-1'),
  fleetCommand.audit('task-1'),
  fleetCommand.trace('task-1'),
  fleetCommand.why('task-1'),
  fleetCommand.logs('task-1'),
  fleetCommand.watch('task-1'),
  fleetCommand.cancel(['task-1', 'task-2']),
  fleetCommand.cancelRun('run-1'),
  fleetCommand.retry(['task-1']),
  fleetCommand.submit('assistant', '{"instruction":"x"}', { 'budget-usd': '1', session: undefined }),
  fleetCommand.bulk('cancel', {
    agent: 'assistant',
    status: 'queued',
    runId: 'run-1',
    cause: 'throttled',
    since: '2h',
  }),
  fleetCommand.bulk('retry', { tasks: ['task-1', 'task-2'] }),
  fleetCommand.bulk('redrive', { agent: 'assistant', until: '2h' }),
  fleetCommand.taskAlarms('task-1'),
  fleetCommand.alarms(),
  fleetCommand.alarm('PoolDead'),
  fleetCommand.bulkList(),
  fleetCommand.bulkShow('bulk-1'),
  fleetCommand.bulkWatch('bulk-1'),
  fleetCommand.bulkStop('bulk-1'),
  fleetCommand.run('run-1'),
  fleetCommand.report('run-1'),
  fleetCommand.runs(),
  fleetCommand.console(),
  fleetCommand.top(),
  fleetCommand.pause(POOL, HOSTILE, 'ada'),
  fleetCommand.pause({ kind: 'tenant', tenant: 'acme' }, 'x', 'ada'),
  fleetCommand.pause({ kind: 'fleet' }, 'x', 'ada'),
  fleetCommand.resume(POOL, '10,50,100'),
  fleetCommand.resume({ kind: 'fleet' }, undefined),
  fleetCommand.deadLetters('assistant'),
  fleetCommand.redrive('assistant', []),
  fleetCommand.redrive('assistant', ['task-1']),
  fleetCommand.session('ada'),
  fleetCommand.forget('ada'),
  fleetCommand.claim('task-1', 'ada'),
  fleetCommand.answer('task-1', HOSTILE, 'ada'),
  fleetCommand.escalations(),
  fleetCommand.usage('2026-11-01', '2026-11-30'),
];

/** The words that a shell makes of a command of single-quoted words. */
const words = (command: string): string[] =>
  [...command.matchAll(/(?:[^\s'\\]|'[^']*'|\\.)+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(.)/g, (_, quoted: string | undefined, escaped: string) => quoted ?? escaped),
  );

describe('the commands that the console shows', () => {
  it.each(COMMANDS)('%s is one of the command line', (command) => {
    const [npm, run, fleet, dashes, ...typed] = words(command);
    expect([npm, run, fleet, dashes]).toEqual(['npm', 'run', 'fleet', '--']);
    let found: Command = program([]);
    while (found.commands.some((each) => each.name() === typed[0])) {
      const name = typed.shift();
      found = found.commands.find((each) => each.name() === name) ?? found;
    }
    const { operands, unknown } = found.parseOptions(typed);
    expect(unknown).toEqual([]);
    expect(operands.length).toBeGreaterThanOrEqual(found.registeredArguments.filter(({ required }) => required).length);
  });

  it('keep text of other people one word', () => {
    expect(words(fleetCommand.pause(POOL, HOSTILE, 'ada'))).toContain(HOSTILE);
  });
});
