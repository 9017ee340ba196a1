import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import { program } from '#cli/program.ts';
import { QUERIES } from '#lib/constructs/saved-queries.ts';
import { shellWords } from '../cli/support/documented.ts';
import { isRemovedCommand, settingsOfShipped } from '../support/examples.ts';
import { everyStack } from '../synth/every-stack.ts';
import { inlineCode } from './support/markdown.ts';

/** Every alarm leads to a section of docs/runbook.md that can be followed. */
const runbook = readFileSync('docs/runbook.md', 'utf8');
/** Of the document, by the anchor of their headings. */
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = ''] = section.split('\n', 1);
      return [heading.toLowerCase().replaceAll(' ', '-'), section];
    }),
);
const GENERAL = new Set(['severities', 'on-call']);
const ofAlarms = [...sections].filter(([anchor]) => !GENERAL.has(anchor));

const ALARMS = new Set(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']);
/** With every alarm that there is: those of schedules and of mail exist only if they are configured. */
const context = {
  account: '111122223333',
  ...settingsOfShipped({
    'research.contact': 'https://example.com',
    'research.lists': '{"maxUsd":5}',
    'research.mail': '{"to":["ada@example.com"],"from":"briefs@example.com"}',
    'research.schedule':
      '{"zone":"Europe/Berlin","at":"22:00","by":"07:00","watchdog":"04:30","items":"uploads/companies.jsonl","maxUsd":5}',
  }),
};

const alarmsOf = async (environment: string) =>
  Object.entries(await everyStack(environment, context)).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => ALARMS.has(Type))
      .map(([id, { Properties }]) => ({ alarm: `${stack} ${id}`, said: String(Properties['AlarmDescription']) })),
  );

test.each(['dev', 'prod'])(
  'every alarm of %s says what happened, how urgent it is, whose it is and what to do',
  async (environment) => {
    const alarms = await alarmsOf(environment);
    expect(alarms.length).toBeGreaterThan(50);
    const lost = alarms.filter(({ said }) => {
      const [, anchor = ''] =
        /^[^\n]+\.\nSeverity [123] · Owner [a-z0-9-]+ · Runbook docs\/runbook\.md#([a-z-]+)$/.exec(said) ?? [];
      // CloudWatch cuts descriptions at 1,024 characters.
      return !ofAlarms.some(([section]) => section === anchor) || said.length > 1_024;
    });
    expect(lost).toEqual([]);
  },
  120_000,
);

describe.each(ofAlarms)('the section %s', (_, section) => {
  it('says what users notice, where to look, how to decide, what to do, how to verify and what to do afterwards', () => {
    const parts = [...section.matchAll(/^\*\*([A-Z][a-z ]+?):?\*\*/gm)].map(([, part]) => part);
    expect(parts).toEqual(['Users notice', 'Look', 'Decide', 'Act', 'Verify', 'Afterwards']);
  });

  it('looks with one command and one query', () => {
    const [look = ''] = section.split('**Look:**').slice(1).join('').split('**Decide**');
    expect(inlineCode(look).some((code) => /^(npm run fleet|aws) /.test(code))).toBe(true);
    expect(look).toMatch(/Query: `[a-z-]+`/);
  });

  it('names queries that are saved', () => {
    const named = queriesIn(section);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !Object.hasOwn(QUERIES, name))).toEqual([]);
  });

  it('acts by exact commands, each with its undo', () => {
    const [act = ''] = section.split('**Act**').slice(1).join('').split('**Verify:**');
    const rows = act.split('\n').filter((line) => line.startsWith('| ') && !/^\| (command|-)/.test(line));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const [command = '', undo = '', ...others] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      expect(inlineCode(command).filter(isCommand)).not.toEqual([]);
      expect(undo).toSatisfy((cell: string) => inlineCode(cell).some(isCommand) || cell.startsWith('nothing to undo'));
      expect(others).toEqual([]);
    }
  });

  it('says how to roll back if it decides so', () => {
    const [decide = '', act = ''] = section.split('**Decide**').slice(1).join('').split('**Act**');
    const rollsBack = /\| [^|]*\broll back\b[^|]*\|\n/.test(decide);
    // An alarm that rings stops a canary, and so the repair.
    const command = /`npx cdk deploy fleet-prod-api-us-east-1 [^`]*-c apiCanary=false --exclusively`/;
    expect(!rollsBack || command.test(act)).toBe(true);
  });
});

const isCommand = (code: string): boolean => /^(npm run fleet -- |aws |npx cdk |git )/.test(code);

test('the section of API errors, whose alarm stops a canary, deploys without one', () => {
  const section = sections.get('api-errors') ?? '';
  expect(section).toContain('`npx cdk deploy --all -c env=prod -c apiCanary=false`');
});

test.each(['error-rate', 'spend', 'queue-age', 'dead-letters'])(
  'the section %s says how to see and change the tasks of another tenant',
  (section) => expect(sections.get(section)).toMatch(/`npm run fleet -- keys create [^`]*--tenant TENANT [^`]*`/),
);

test('the undo of a revoked key has its tenant and its scopes', () => {
  expect(sections.get('api-errors')).toMatch(
    /`npm run fleet -- keys revoke ID` +\| `npm run fleet -- keys create [^`]*--tenant TENANT --scopes SCOPES`/,
  );
});

/** The names of queries, however they are introduced: "Query: `waits`", "the query `errors`", "queries `a` and `b`". */
function queriesIn(text: string): string[] {
  const lists = text.matchAll(/\bquer(?:y|ies):? ((?:`[^`]+`(?:, | and )?)+)/gi);
  return [...lists].flatMap(([, list = '']) => inlineCode(list));
}

test('every saved query is named where it helps', () => {
  expect([...new Set(queriesIn(runbook))].toSorted()).toEqual(Object.keys(QUERIES).toSorted());
});

const commands = [...new Set(inlineCode(runbook).filter((code) => code.startsWith('npm run fleet -- ')))];

test('the runbook has commands', () => expect(commands.length).toBeGreaterThan(10));

test.each(commands)('%s is a command of the program', async (command) => {
  const words = shellWords(command);
  if (isRemovedCommand(words.join(' '))) return;
  const ran: string[] = [];
  const fleet = program(systems);
  for (const each of everyCommand(fleet)) {
    each.exitOverride().configureOutput({ writeErr: () => undefined, outputError: () => undefined });
    each.action(() => void ran.push(each.name()));
  }
  const refused = await fleet.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toBeUndefined();
  expect(ran).toHaveLength(1);
});

/** Those that do something. */
const everyCommand = (command: Command): Command[] => [
  ...(command.commands.length === 0 || command.registeredArguments.length > 0 ? [command] : []),
  ...command.commands.flatMap(everyCommand),
];
