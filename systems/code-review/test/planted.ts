import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DiffedFile } from '../change/changed-file.ts';
import { diffed } from './diffed.ts';

/** A defect that somebody planted, and the line where a reviewer must find it. */
export interface Planted {
  readonly agent: string;
  readonly rule: string;
  readonly file: string;
  readonly quote: string;
}

/** A pull request with known defects, or with none. */
export interface PlantedPullRequest {
  readonly language: string;
  readonly title: string;
  readonly files: readonly DiffedFile[];
  readonly truth: readonly Planted[];
}

/**
 * Reads the pull requests in test/planted. `===` begins one, `---` a file. `!agent rule` marks the next line as a defect,
 * and `@-1` below it the line before.
 */
export function plantedPullRequests(): PlantedPullRequest[] {
  const folder = join(import.meta.dirname, 'planted');
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split(/^=== /m)
      .slice(1)
      .map((text) => pullRequest(basename(file, '.txt'), text)),
  );
}

function pullRequest(language: string, text: string): PlantedPullRequest {
  const [head = '', ...parts] = text.split(/^--- /m);
  const truth: Planted[] = [];
  const files = parts.map((part) => {
    const [path = '', ...marked] = part.replace(/\n$/, '').split('\n');
    const lines: string[] = [];
    for (const line of marked) {
      const last = truth.at(-1);
      const [, agent, rule] = /^!(\w+) ([\w-]+)$/.exec(line) ?? [];
      if (agent !== undefined && rule !== undefined) truth.push({ agent, rule, file: path, quote: '' });
      else if (line === '@-1' && last !== undefined)
        truth[truth.length - 1] = { ...last, quote: lines.at(-1)?.slice(1) ?? '' };
      else {
        for (const [at, planted] of truth.entries())
          if (planted.quote === '') truth[at] = { ...planted, quote: line.slice(1) };
        lines.push(line);
      }
    }
    return diffed(path, lines);
  });
  return { language, title: head.split('\n')[0] ?? '', files, truth };
}
