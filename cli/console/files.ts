import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** A file of the console as it is sent. */
export interface ConsoleFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  /** The value of `cache-control`. Names in `chunks/` carry a hash of the content. */
  readonly caching: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Reads the console's files, once: their paths below `folder`, with slashes. */
export function readConsoleFiles(folder: string): ReadonlyMap<string, ConsoleFile> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map(({ name, parentPath }) => {
      const path = relative(folder, join(parentPath, name)).replaceAll(sep, '/');
      return [path, fileOf(path, readFileSync(join(parentPath, name)))];
    }),
  );
}

function fileOf(path: string, bytes: Buffer): ConsoleFile {
  return {
    bytes,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    caching: path.startsWith('chunks/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

/**
 * The file for a path below `/console/`: every view's URL has the page itself. Undefined when a file does not exist.
 * lib/constructs/console-paths.ts does the same on AWS.
 */
export function fileAt(files: ReadonlyMap<string, ConsoleFile>, path: string): ConsoleFile | undefined {
  return files.get(path) ?? (TYPES[extname(path)] === undefined ? files.get('index.html') : undefined);
}
