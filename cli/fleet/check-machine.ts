import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import type { Output } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';
import { requireFree } from './busy.ts';
import { ensureFolder, FLEET_HOME, MAIN_DATA } from './paths.ts';
import { findRunningFleet } from './registry.ts';

const MIN_FREE_DISK = 500 * 1024 * 1024;
/** A fleet of 50 warm workers uses less. */
const COMFORTABLE_MEMORY = 3 * 1024 * 1024 * 1024;
/** Type stripping without a flag (Node.js 22.18 changelog). */
const MIN_NODE = [22, 18] as const;

/** The ports of a fleet; 0 picks a free one. */
export interface Ports {
  /** The AWS endpoint. */
  readonly port: number;
  /** The task API. */
  readonly apiPort: number;
  /** Other options that were given, for the command that a message suggests. @default none */
  readonly others?: readonly string[];
}

/** Checks that the machine can run a fleet. Throws a `UserError` if it cannot. */
export async function checkMachine(ports: Ports, output: Output): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1]))
    throw new UserError(
      `Node ${process.versions.node} is too old.`,
      'Run npm ci, then npm start, which uses its own Node 24.',
    );
  const running = findRunningFleet();
  if (running)
    throw new UserError(
      `A fleet is already running at ${running.endpoint} (process ${running.pid}).`,
      'Use it, or stop it with npm run fleet -- down.',
    );
  requireFree(MAIN_DATA);
  const disk = statfsSync(ensureFolder(FLEET_HOME));
  if (disk.bavail * disk.bsize < MIN_FREE_DISK)
    throw new UserError(`Less than 500 MB of disk space are free for ${FLEET_HOME}.`, 'Free some space.');
  if (freemem() < COMFORTABLE_MEMORY) output.line('Less than 3 GiB of memory are free: the fleet may be slow.');
  await checkPorts(ports);
}

/** One message for both ports. The command that it suggests keeps the other options. */
async function checkPorts({ port, apiPort, others = [] }: Ports): Promise<void> {
  const options = [
    { option: '--port', port, usual: 4566 },
    { option: '--api-port', port: apiPort, usual: 4400 },
  ];
  const checked = await Promise.all(options.map(async (each) => ({ ...each, problem: await problemOf(each.port) })));
  const taken = checked.filter(({ problem }) => problem !== null);
  if (taken.length === 0) return;
  const kept = checked.filter((each) => each.problem === null && each.port !== each.usual);
  const command = [
    ...taken.map(({ option }) => `${option} 0`),
    ...kept.map((each) => `${each.option} ${each.port}`),
    ...others,
  ];
  throw new UserError(
    taken.map((each) => `Port ${each.port} ${each.problem}.`).join(' '),
    `Stop the program that uses it, or use a free port: npm start -- ${command.join(' ')}`,
  );
}

/** Why nobody can listen at a port; null if one can. */
async function problemOf(port: number): Promise<string | null> {
  if (port === 0) return null;
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'is only for the administrator' : 'is in use';
  } finally {
    server.close();
  }
}
