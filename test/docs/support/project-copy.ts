import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { CodeBlock } from './markdown.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
/** Folders that a fresh clone does not have, or that no guide's command needs. */
const LEFT_OUT = new Set(
  ['.git', '.fleet', 'cdk.out', 'coverage', 'node_modules', 'test'].map((name) => join(PROJECT, name)),
);

/** A writable copy of the project, as after `npm ci`. */
export class ProjectCopy implements Disposable {
  readonly folder = mkdtempSync(join(realpathSync(tmpdir()), 'fleet-project-'));

  constructor() {
    cpSync(PROJECT, this.folder, { recursive: true, filter: (path) => !LEFT_OUT.has(path) });
    symlinkSync(realpathSync(join(PROJECT, 'node_modules')), join(this.folder, 'node_modules'));
  }

  /** Writes a block to its file. Of a diff, it inserts the added lines. */
  write(path: string, { language, text }: CodeBlock): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, language === 'diff' ? withAdded(readFileSync(file, 'utf8'), text) : text);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Inserts the lines marked with a plus before the unmarked line that follows them, or after the last one. */
function withAdded(source: string, diff: string): string {
  const lines = source.split('\n');
  let added: string[] = [];
  let at = 0;
  for (const line of diff.trimEnd().split('\n')) {
    if (line.startsWith('+')) {
      added.push(line.slice(1));
      continue;
    }
    const found = lines.indexOf(line.slice(1), at);
    if (found < 0) throw new Error(`The guide names a line that does not exist: "${line.slice(1)}".`);
    lines.splice(found, 0, ...added);
    at = found + added.length + 1;
    added = [];
  }
  lines.splice(at, 0, ...added);
  return lines.join('\n');
}
