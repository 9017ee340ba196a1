import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { idOfUndo } from './play.ts';
import { filledIn, sectionOf } from './runbook.ts';
import { scenarios } from './scenarios/index.ts';

const sources = [
  'lib/observability-stack.ts',
  'lib/constructs/pool-alarms.ts',
  'lib/constructs/dead-letters.ts',
  'lib/constructs/callbacks.ts',
  'lib/constructs/fleet-function.ts',
]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** The section of an alarm by its id, as the constructs name it. That of a worker's errors is the one of any function. */
const runbookOf = (alarm: string): string =>
  new RegExp(`alarm\\(this, '${alarm.replace(/^Worker/, '')}'[^]*?runbook: '([\\w-]+)'`).exec(sources)?.[1] ?? '';

describe('the game day', () => {
  it.each(scenarios.map(({ name, alarm }) => ({ name, alarm })))(
    '$name has an alarm whose section has a command to look and one to act',
    ({ alarm }) => {
      const { look, act } = sectionOf(`#${runbookOf(alarm)}`);
      expect(look.length).toBeGreaterThan(0);
      expect(act.length).toBeGreaterThan(0);
    },
  );

  it('reads the commands of a section, each with its undo', () => {
    const { act } = sectionOf('#dead-letters');
    expect(act).toContainEqual({
      command: 'npm run fleet -- pause AGENT --reason WHY',
      undo: ['npm run fleet -- resume AGENT'],
    });
    expect(() => sectionOf('#nothing')).toThrow('no section #nothing');
  });

  it('undoes what a command has done, and nothing if it found nothing', () => {
    const [one, key] = [`task-${'a'.repeat(32)}`, `key-${'b'.repeat(12)}`];
    expect(idOfUndo('npm run fleet -- cancel --agent AGENT', `Cancelled ${one}.`, 't1')).toBe(one);
    expect(idOfUndo('npm run fleet -- cancel --agent AGENT', 'No open task.', 't1')).toBeNull();
    expect(idOfUndo('npm run fleet -- cancel ID', 'It ends within seconds.', 't1')).toBe('t1');
    expect(idOfUndo('npm run fleet -- keys create --tenant TENANT', `id ${key}`, 't1')).toBe(key);
  });

  it('puts in what the reader would', () => {
    expect(filledIn('npm run fleet -- pause AGENT --reason WHY', 't1')).toBe(
      'npm run fleet -- pause gameday --reason gameday',
    );
    expect(filledIn('npm run fleet -- task ID --steps', 't1')).toBe('npm run fleet -- task t1 --steps');
  });
});
