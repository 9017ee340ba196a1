import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

/** Runs a command whose reader leaves before the first word. */
async function unread(args: readonly string[], leaves: 'stdout' | 'stderr') {
  const child = spawn(process.execPath, ['bin/fleet.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child[leaves].destroy();
  let complaint = '';
  const other = leaves === 'stdout' ? child.stderr : child.stdout;
  other.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, complaint };
}

it.each([[['--help']], [['documents', '--help']], [['permissions', '--help']]])(
  'fleet %j ends well when nobody reads it any more',
  async (args) => {
    expect(await unread(args, 'stdout')).toEqual({ code: 0, complaint: '' });
  },
);

it('wrong usage stays wrong usage when nobody hears the complaint', async () => {
  const { code, complaint } = await unread(['documents', '/nowhere/at/all'], 'stderr');
  expect(code).toBe(2);
  // A slow machine shows its progress.
  expect(complaint).toMatch(/^(Looking for documents …\n)?$/);
});
