import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FleetProgram } from '../support/fleet-program.ts';

const STARTING = join(import.meta.dirname, 'support/starting.process.ts');
const IN_USE = 'Regions are starting on this machine.';

interface Start {
  readonly said: string;
  /** Ends it as kill -9 does. */
  readonly kill: () => Promise<void>;
}

async function start(home: string): Promise<Start> {
  const child: ChildProcess = fork(STARTING, { env: { ...process.env, FLEET_HOME: home } });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const [said] = (await once(child, 'message')) as [string];
  return { said, kill };
}

it('of two starts at once one goes on, until it has ended, however it does', async () => {
  const home = await mkdtemp(join(tmpdir(), 'fleet-start-'));
  onTestFinished(async () => {
    await rm(home, { recursive: true, force: true });
    await rm(`${home}-global`, { recursive: true, force: true });
  });
  const both = await Promise.all([start(home), start(home)]);
  expect(both.map(({ said }) => said).toSorted()).toEqual([IN_USE, 'begun']);
  const { code, stderr } = await new FleetProgram(home).run(['global', 'up', '--free-ports']);
  expect(code).toBe(1);
  expect(stderr).toContain(IN_USE);
  expect(stderr).toContain('Wait until their terminal says that they are up, then run the command again.');
  for (const { kill } of both) await kill();
  expect((await start(home)).said).toBe('begun');
});
