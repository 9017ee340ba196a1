import type { Command } from 'commander';
import { describe, expect, it, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import { program } from '#cli/program.ts';
import type { ParkCause, ParkDetail } from '#core/tasks/park-cause.ts';
import { whyOf } from '#core/waiting/why.ts';
import { OTHERS } from './cases.ts';
import { PARKED } from './parked-cases.ts';
import { around, open, parked } from './samples.ts';

const CASES = [...OTHERS, ...PARKED];

describe('why a task waits', () => {
  it.each(CASES)('%s', (_name, subject, surroundings, expected) => {
    expect(whyOf(subject, surroundings)).toMatchObject(expected);
  });

  it('a pool that is held up is named besides another cause', () => {
    const why = whyOf(parked('throttled'), around({ pool: open }));
    expect(why.says).toContain('Besides, the circuit breaker of the pool assistant is open');
    expect(why.commands.at(-1)).toBe('npm run fleet -- resume assistant');
  });

  it('I8: no explanation names the task of another tenant that probes, or contains what a document says', () => {
    const said = JSON.stringify(CASES.map(([, subject, surroundings]) => whyOf(subject, surroundings)));
    expect(said).not.toMatch(/task-of-another|secret/);
  });
});

test('the table has every cause of parking', () => {
  const causes: Record<ParkCause | ParkDetail, true> = {
    throttled: true,
    backoff: true,
    yielded: true,
    session: true,
    'tenant-cap': true,
    paused: true,
    budget: true,
    batch: true,
    'agent-version': true,
    delegated: true,
  };
  const seen = new Set(
    CASES.flatMap(([, { state }]) => (state.status === 'parked' ? [state.cause, state.detail] : [])),
  );
  expect(Object.keys(causes).filter((cause) => !seen.has(cause))).toEqual([]);
});

test('every command that an explanation names can be typed', () => {
  const fleet = program(systems);
  const commands = new Set(CASES.flatMap(([, subject, surroundings]) => whyOf(subject, surroundings).commands));
  const wrong = [...commands].filter((text) => !isKnown(fleet, text.replace('npm run fleet -- ', '').split(' ')));
  expect(wrong).toEqual([]);
});

/** Whether the words name a command with options that it has. */
function isKnown(at: Command, [word, ...rest]: readonly string[]): boolean {
  const next = at.commands.find((each) => each.name() === word);
  if (next !== undefined) return isKnown(next, rest);
  if (at.commands.length > 0 && word !== undefined) return false;
  const options = [word, ...rest].filter((each) => each?.startsWith('--'));
  return options.every((option) => at.options.some(({ long }) => long === option));
}
