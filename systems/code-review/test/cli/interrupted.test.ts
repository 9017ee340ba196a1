import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { readRange } from '../../cli/git/read-range.ts';
import { testRepository } from '../repository.ts';

/** A repository whose configuration is a pipe, so that git waits for it. */
function hangingRepository(): { readonly folder: string; readonly pipe: string } {
  const { folder, git } = testRepository();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  git('config', 'include.path', pipe);
  return { folder, pipe };
}

/** Nobody reads from the pipe any more. */
const isLeft = async (writer: FileHandle): Promise<void> => {
  await expect
    .poll(() =>
      writer.write('x').then(
        () => 'read',
        (error: { code: string }) => error.code,
      ),
    )
    .toBe('EPIPE');
};

it('an aborted signal kills git', async () => {
  const { folder, pipe } = hangingRepository();
  const controller = new AbortController();
  const reading = readRange({ repository: folder, base: 'main', head: 'main' }, controller.signal);
  const ended = reading.catch((error: unknown) => error);
  // It opens once git reads from the other end.
  const writer = await open(pipe, 'w');
  onTestFinished(() => writer.close());
  controller.abort();
  expect(await ended).toMatchObject({ message: 'Interrupted: nothing was reviewed.', exitCode: 3 });
  await isLeft(writer);
});

it.each(['SIGINT', 'SIGTERM'] as const)('%s ends the command and its git at once', async (signal) => {
  const { folder, pipe } = hangingRepository();
  const program = join(import.meta.dirname, '../../../../bin/fleet.ts');
  const child = spawn(process.execPath, [program, 'review', '--repo', folder, '--base', 'main']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = text(child.stderr);
  const writer = await open(pipe, 'w');
  onTestFinished(() => writer.close());
  const before = performance.now();
  // As npm does, which forwards the signal of the terminal.
  child.kill(signal);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([3, null]);
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(await said).toContain('Interrupted: nothing was reviewed.');
  await isLeft(writer);
});
