import type { Command } from 'commander';
import { documents } from '../../docs/support/markdown.ts';

const PREFIX = 'npm run fleet -- ';

/** Every command that the documents and the `--help` of all commands show, as it is typed after `npm run fleet -- `. */
export function documentedCommands(fleet: Command): string[] {
  const texts = [...documents().map(({ text }) => text), ...helpTexts(fleet)];
  const commands = texts.flatMap((text) => [...text.matchAll(/npm run fleet -- ([^`\n]+)/g)].map(([, typed]) => typed));
  return [...new Set(commands.map((typed = '') => typed.replace(/\s+[#(;|].*$/, '').trim()))].sort();
}

function helpTexts(command: Command): string[] {
  let said = '';
  command.configureOutput({ writeOut: (text) => (said += text) });
  command.outputHelp();
  const own = said.split(/^Examples?:$/m)[1] ?? '';
  return [own, ...command.commands.flatMap(helpTexts)];
}

/** Commands by their paths, `keys create` and the like, that do something. */
export function commandPaths(command: Command, path = ''): string[] {
  if (command.commands.length === 0) return [path];
  return command.commands.flatMap((each) => commandPaths(each, `${path} ${each.name()}`.trim()));
}

/** Words as a shell takes them: quotes hold words together. */
export function shellWords(typed: string): string[] {
  return [...typed.replace(PREFIX, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
