import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { expect, it, onTestFinished } from 'vitest';
import { FleetProgram } from '../support/fleet-program.ts';
import { withRegions } from '../support/running-regions.ts';

const STARTING = join(import.meta.dirname, 'support/starting.process.ts');
const IN_USE = 'Regions are starting on this machine.';

interface Start {
  readonly said: string;
  /** Ends it as kill -9 does. */
  readonly kill: () => Promise<void>;
  /** The signal that ended it. */
  readonly ended: Promise<string | null>;
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
  const ended = once(child, 'exit').then(([, signal]) => signal as string | null);
  const [said] = (await once(child, 'message')) as [string];
  return { said, kill, ended };
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

it('while regions start, the map says so, and down stops the start', async () => {
  const home = temporaryFolder();
  onTestFinished(() => rm(`${home}-global`, { recursive: true, force: true }));
  const program = new FleetProgram(home);
  const { said, ended } = await start(home);
  expect(said).toBe('begun');
  const map = await program.run(['global', 'map']);
  expect(map.stderr).toContain(IN_USE);
  expect(map.stderr).toContain('Wait until their terminal says that they are up');
  const down = await program.run(['global', 'down']);
  expect({ code: down.code, stdout: down.stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Stopped.') as string,
  });
  expect(await ended).toBe('SIGTERM');
  expect((await program.run(['global', 'down'])).stdout).toBe('No regions are running.\n');
});

it('while regions stop, a start says so', async () => {
  const { stderr } = await withRegions({ stopping: true }).run(['global', 'up', '--free-ports']);
  expect(stderr).toContain('The regions on this machine are stopping.');
  expect(stderr).toContain('Wait until their terminal says that they are stopped');
});
