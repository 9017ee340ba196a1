import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import { program } from '#cli/program.ts';

const PROJECT = join(import.meta.dirname, '../..');
const SOURCES = globSync('{adapters,bin,cli,client,core,functions,lib,runtime,systems}/**/*.ts', {
  cwd: PROJECT,
  exclude: (path) => path === 'test' || path.endsWith('/test'),
});

/** Lines of code with their places, without comments. */
const lines = SOURCES.flatMap((file) =>
  readFileSync(join(PROJECT, file), 'utf8')
    .split('\n')
    .map((text, index) => ({ place: `${file}:${index + 1}`, text }))
    .filter(({ text }) => !/^\s*(\/\/|\/?\*)/.test(text)),
);

const subcommand = (command: Command, word: string | undefined): Command | undefined =>
  command.commands.find((each) => each.name() === word || each.aliases().includes(word ?? ''));

/** The command that the words name, and the words after it. */
function named(words: readonly string[], command: Command): { command: Command; rest: readonly string[] } {
  const next = subcommand(command, words[0]);
  return next === undefined ? { command, rest: words } : named(words.slice(1), next);
}

const fleet = program(systems);
const mentions = lines.flatMap(({ place, text }) =>
  [...text.replaceAll(String.raw`\n`, '\n').matchAll(/npm run fleet -- (?<words>[^'"`$(<\n]*)/g)].map(({ groups }) => ({
    place,
    words: (groups?.['words'] ?? '').split(/[\s.,;:)]+/).filter((word) => word !== ''),
  })),
);

test('every command that a message names exists', () => {
  expect(mentions.length).toBeGreaterThan(50);
  const unknown = mentions.filter(({ words }) => {
    const { command } = named(words, fleet);
    return command === fleet && words.length > 0 && !words[0]?.startsWith('-');
  });
  expect(unknown).toEqual([]);
});

test('a command that a message names has the options that it requires', () => {
  const lacking = mentions.filter(({ words }) => {
    const { command, rest } = named(words, fleet);
    if (rest.includes('--help')) return false;
    return command.options.some(({ mandatory, long }) => mandatory && !rest.includes(long ?? ''));
  });
  expect(lacking).toEqual([]);
});

test('no message names a command as `fleet …`, which nobody can type', () => {
  const names = fleet.commands.map((command) => command.name()).join('|');
  const untypable = new RegExp(`\`fleet (${names})\\b`);
  expect(lines.filter(({ text }) => untypable.test(text.replaceAll('\\`', '`')))).toEqual([]);
});
