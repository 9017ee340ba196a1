import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { examples } from './api/api-command.ts';
import { PROJECT } from './fleet/paths.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** Adds `fleet completion`. The script is generated from the commands, so it is always complete. */
export function addCompletion(fleet: Command): void {
  fleet
    .command('completion')
    .addArgument(new Argument('<shell>').choices([...SHELLS]))
    .description('prints a completion script for a shell, which also defines the command fleet')
    .addHelpText(
      'after',
      `${examples('completion bash')}\n\nTo use it: source <(npm run --silent fleet -- completion bash)`,
    )
    .action((shell: Shell) => void process.stdout.write(completionScript(fleet, shell)));
}

/** Returns the completion script for a shell. */
export function completionScript(fleet: Command, shell: Shell): string {
  const words = wordsOf(fleet);
  return shell === 'fish' ? fishScript(words) : bashScript(words, shell);
}

/** The words that may follow each path of commands: `''` for the program, `keys create` for a subcommand. */
function wordsOf(command: Command, path = ''): Map<string, readonly string[]> {
  const below = command.commands.map((each) => each.name());
  const options = command.options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long]));
  const words = new Map<string, readonly string[]>([[path, [...below, ...options, '--help']]]);
  for (const each of command.commands)
    for (const [at, following] of wordsOf(each, `${path} ${each.name()}`.trim())) words.set(at, following);
  return words;
}

const PROGRAM = join(PROJECT, 'bin/fleet.ts');

function bashScript(words: ReturnType<typeof wordsOf>, shell: 'bash' | 'zsh'): string {
  const cases = [...words].map(([path, following]) => `    '${path}') words='${following.join(' ')}' ;;`);
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    `command -v fleet >/dev/null || fleet() { '${process.execPath}' '${PROGRAM}' "$@"; }`,
    '_fleet() {',
    "  local path='' word words=''",
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in -*) break ;; *) path="${path:+$path }$word" ;; esac',
    '  done',
    '  while :; do',
    '    case "$path" in',
    ...cases,
    '    *" "*) path="${path% *}"; continue ;;',
    "    *) path=''; continue ;;",
    '    esac',
    '    break',
    '  done',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _fleet fleet',
    '',
  ].join('\n');
}

function fishScript(words: ReturnType<typeof wordsOf>): string {
  const lines = [...words].flatMap(([path, following]) => {
    const seen = path.split(' ').filter((word) => word !== '');
    const condition =
      seen.length === 0
        ? '__fish_use_subcommand'
        : seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    return following.map((word) =>
      word.startsWith('--')
        ? `complete -c fleet -n '${condition}' -l ${word.slice(2)}`
        : `complete -c fleet -f -n '${condition}' -a ${word}`,
    );
  });
  return [`type -q fleet; or function fleet; '${process.execPath}' '${PROGRAM}' $argv; end`, ...lines, ''].join('\n');
}
