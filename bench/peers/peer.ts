import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PROJECT } from '#cli/fleet/paths.ts';

/** Where bench/peers/install/install.sh puts the peers. */
export const INSTALLED = join(PROJECT, '.cache', 'peers');
const INSTALL = 'bench/peers/install/install.sh';

/** What a measurement gives to a peer: everything in it is new. */
export interface Place {
  /** An empty folder for its data. */
  readonly dir: string;
  /** URL of the simulated Claude. */
  readonly model: string;
  /** Tasks in progress at the same time, over all workers. */
  readonly atOnce: number;
  /** Free TCP ports. */
  readonly ports: readonly [number, number, number];
}

/** A process that the peer needs. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A line of its output that says that it is ready. */
  readonly ready: RegExp;
  /** For servers that refuse to run as root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** The processes of a peer in one measurement. */
export interface Programs {
  readonly servers: readonly Program[];
  /** Killed and started again when a crash is measured. */
  readonly workers: readonly Program[];
  /** Submits tasks and waits for them (job.ts). */
  readonly client: Program;
  /** Runs after servers and workers have started for the first time. */
  readonly connect?: () => Promise<void>;
  /** Removes files outside `place.dir`, at the end. */
  readonly remove?: () => void;
}

/** One of the systems that do the same job. */
export interface Peer {
  readonly name: string;
  /** For the table: how it is set up, by its own guide. */
  readonly setup: string;
  /** For the table: what it does not do. */
  readonly lacks: string;
  /** When a write is acknowledged. */
  readonly writes: string;
  /** Why it cannot run here, with the remedy; null if it can. */
  missing(): string | null;
  /** Versions of its parts. */
  versions(): Readonly<Record<string, string>>;
  /** May write files into `place.dir`. */
  programs(place: Place): Programs | Promise<Programs>;
}

/** Worker processes of the peers that use one core each: one for each of the two cores. */
export const WORKER_PROCESSES = 2;

/** A program of this folder, run by this Node. */
export function nodeProgram(file: string, env: Readonly<Record<string, string>>): Program {
  return {
    command: process.execPath,
    args: [join(import.meta.dirname, file)],
    env: { ...env, PEERS: join(INSTALLED, 'programs') },
    ready: /^ready$/,
  };
}

/** Why files of the installation are missing, or null. @param part of install.sh */
export function notInstalled(part: string, ...files: readonly (string | null)[]): string | null {
  const missing = files.some((file) => file === null || !existsSync(file));
  return missing ? `it is not installed: run ${INSTALL} ${part}` : null;
}

export const nodeModule = (name: string): string => join(INSTALLED, 'programs', 'node_modules', name, 'package.json');

/** A program on PATH or in the given folders; null if it is in none of them. */
export function findProgram(name: string, folders: readonly string[] = []): string | null {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...path, ...folders].map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
