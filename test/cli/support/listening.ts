import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A TCP socket that a process listens on. */
export interface Listening {
  /** As in /proc/net/tcp: hexadecimal, in the byte order of the machine. */
  readonly address: string;
  readonly port: number;
}

/** Addresses of this machine alone: 127.0.0.1 and ::1. */
export const LOOPBACK: ReadonlySet<string> = new Set(['0100007F', '00000000000000000000000001000000']);

const LISTEN = '0A';

/** All sockets on which a process and its descendants listen, as Linux knows them. */
export function listeningSockets(pid: number): readonly Listening[] {
  const own = new Set(treeOf(pid).flatMap(socketsOf));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode = '']) => state === LISTEN && own.has(inode))
      .map(([, local = '']) => ({
        address: local.split(':')[0] ?? '',
        port: Number.parseInt(local.split(':')[1] ?? '', 16),
      })),
  );
}

function treeOf(pid: number): number[] {
  const threads = entries(`/proc/${pid}/task`);
  const children = threads.flatMap((thread) => textOf(`/proc/${pid}/task/${thread}/children`).trim().split(' '));
  return [pid, ...children.filter((child) => child !== '').flatMap((child) => treeOf(Number(child)))];
}

/** Inodes of the sockets that a process holds. */
const socketsOf = (pid: number): string[] =>
  entries(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? []);

/** Processes and descriptors may end while they are read. */
function unlessGone<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
const entries = (folder: string): string[] => unlessGone(() => readdirSync(folder), []);
const textOf = (file: string): string => unlessGone(() => readFileSync(file, 'utf8'), '');
const linkOf = (file: string): string => unlessGone(() => readlinkSync(file), '');
