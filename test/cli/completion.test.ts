import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { systems } from '#bin/systems.ts';
import { completionScript } from '#cli/completion.ts';
import { program } from '#cli/program.ts';

/** What bash offers after these words. */
function offered(...words: readonly string[]): string[] {
  const script = completionScript(program(systems), 'bash');
  const line = ['fleet', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _fleet; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', ask], { encoding: 'utf8', timeout: 90_000 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
}

it('bash completes commands, commands below them, and options', () => {
  expect(offered('esc')).toEqual(['escalations']);
  expect(offered('keys', 're')).toEqual(['revoke']);
  expect(offered('submit', 'assistant', '--wa')).toEqual(['--wait']);
  expect(offered('task', 'task-17', '--st')).toEqual(['--steps']);
  expect(offered('nonsense', 'ta')).toEqual(['tasks', 'task']);
});

it('names every command in zsh and fish too', () => {
  const fleet = program(systems);
  for (const shell of ['zsh', 'fish'] as const) {
    const script = completionScript(fleet, shell);
    for (const { name } of fleet.commands.map((each) => ({ name: each.name() }))) expect(script).toContain(name);
  }
});
