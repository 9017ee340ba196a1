import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import type { Output } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';
import { ensureFolder, FLEET_HOME } from './paths.ts';
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
  const disk = statfsSync(ensureFolder(FLEET_HOME));
  if (disk.bavail * disk.bsize < MIN_FREE_DISK)
    throw new UserError(`Less than 500 MB of disk space are free for ${FLEET_HOME}.`, 'Free some space.');
  if (freemem() < COMFORTABLE_MEMORY) output.line('Less than 3 GiB of memory are free: the fleet may be slow.');
  await checkPort(ports.port, '--port');
  await checkPort(ports.apiPort, '--api-port');
}

async function checkPort(port: number, option: string): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    throw new UserError(
      `Port ${port} is in use.`,
      `Stop the program that uses it, or use a free port: npm start -- ${option} 0`,
    );
  } finally {
    server.close();
  }
}
