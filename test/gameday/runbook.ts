import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '#cli/fleet/paths.ts';

/** What one section of docs/runbook.md tells to type. */
export interface Section {
  readonly look: readonly string[];
  readonly act: readonly { readonly command: string; readonly undo: readonly string[] }[];
  readonly verify: readonly string[];
}

const COMMAND = /`(npm run fleet -- [^`]+)`/g;

const commandsIn = (text: string): string[] => [...text.matchAll(COMMAND)].map(([, command = '']) => command);

/** The section of an anchor, such as `#dead-letters`. Throws if there is none. */
export function sectionOf(anchor: string): Section {
  const sections = readFileSync(join(PROJECT, 'docs/runbook.md'), 'utf8').split(/^## /m);
  const found = sections.find((section) => anchorOf(section.split('\n', 1)[0] ?? '') === anchor.replace(/^#/, ''));
  if (found === undefined) throw new Error(`docs/runbook.md has no section ${anchor}.`);
  const part = (name: string): string =>
    new RegExp(String.raw`^\*\*${name}(?::\*\*|\*\*)([\s\S]*?)(?=^\*\*|$(?![\s\S]))`, 'm').exec(found)?.[1] ?? '';
  const rows = part('Act')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return {
    look: commandsIn(part('Look')),
    act: rows.flatMap((row) => {
      const [, command = '', undo = ''] = row.split('|');
      return commandsIn(command).map((each) => ({ command: each, undo: commandsIn(undo) }));
    }),
    verify: commandsIn(part('Verify')),
  };
}

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

/** A session of the game day, for the scenarios that have one. */
export const SESSION = 'gameday';

/** A command with what the reader puts in: the agent, a task of it, a session, and a reason. */
export const filledIn = (command: string, task: string): string =>
  command
    .replaceAll(/\bAGENT\b/g, 'gameday')
    .replaceAll(/\b(?:TASK|ID)\b/g, task)
    .replaceAll(/\b(?:WHY|NAME)\b/g, 'gameday')
    .replaceAll(/\bSESSION\b/g, SESSION)
    .replaceAll(/\bTENANT\b/g, 'default');
