import { structuredPatch } from 'diff';
import { z } from 'zod';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { startOf } from '#core/text/text.ts';
import type { ReadChange } from '../change/about-change.ts';
import type { DiffedFile, LeftOut } from '../change/changed-file.ts';
import { guidanceFrom, GUIDANCE } from '../change/guidance.ts';
import { kindOf } from '../change/kinds.ts';
import { countLines, isSubproject, parsePatchOf } from '../change/parse-diff.ts';
import type { GithubClient } from '../github/client.ts';
import { readFolder, readText, type Pull } from '../github/read-pull.ts';

/** A change as GitHub shows it, with what GitHub does not show. */
export interface RemoteChange extends ReadChange {
  readonly unread: readonly LeftOut[];
}

const fileSchema = z.object({
  filename: z.string().min(1),
  previous_filename: z.string().optional(),
  status: z.string(),
  additions: z.number(),
  deletions: z.number(),
  changes: z.number(),
  patch: z.string().optional(),
  sha: z.string().nullish(),
});
type ListedFile = z.infer<typeof fileSchema>;

/** Files whose enclosing functions are read. The others are reviewed by their hunks alone. */
const MAX_CONTENTS = 100;
/** GitHub tells neither modes nor whether a file is binary. */
const WITHOUT_LINES = 'GitHub shows no lines of it: it is binary, or only its mode has changed';
/** Folders in which tests are looked for. */
const MAX_FOLDERS = 10;
/** Git's name of the empty file. */
const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/**
 * Reads a pull request: its files one by one, since GitHub refuses the diff of a large one as a whole, and the content of
 * those with code. GitHub shows no patch of a large file; then both contents are compared here.
 * Throws `GithubError`.
 */
export async function readChange(
  client: GithubClient,
  { repository, number }: { readonly repository: string; readonly number: number },
  pull: Pull,
  mergeBase: string,
): Promise<RemoteChange> {
  const listed = await client.list(`/repos/${repository}/pulls/${number}/files`, fileSchema);
  const text = async (path: string, commit: string) => readText(client, repository, path, commit);
  const unread: LeftOut[] = [];
  const files: DiffedFile[] = [];
  for (const file of listed) {
    const compared =
      file.patch === undefined && file.changes > 0 ? await compare(file, mergeBase, pull.head.sha, text) : file.patch;
    if (compared === null) unread.push({ path: file.filename, reason: 'too-large', detail: 'GitHub shows no diff' });
    else {
      const diffed = diffedFile(file, compared);
      if (diffed.isBinary) unread.push({ path: diffed.path, reason: 'binary', detail: WITHOUT_LINES });
      else files.push(diffed);
    }
  }
  const hidden = pull.changed_files - listed.length;
  if (hidden > 0)
    unread.push({ path: '(others)', reason: 'over-limit', detail: `${hidden} files, which GitHub does not list` });
  const list = async (folder: string) => readFolder(client, repository, folder, pull.head.sha);
  const [contents, guidance, hasTests] = await Promise.all([
    readContents(files, async (path) => text(path, pull.head.sha)),
    readGuidance(client, repository, mergeBase),
    findTests(files, list),
  ]);
  const description = startOf(pull.body ?? '', 20_000);
  return { title: pull.title, description, files, contents, guidance, hasTests, unread };
}

type ReadText = (path: string, commit: string) => Promise<string | null>;

/** The patch of a file for which GitHub has none; null when a side cannot be read. */
async function compare(file: ListedFile, base: string, head: string, text: ReadText): Promise<string | null> {
  const before = file.status === 'added' ? '' : await text(file.previous_filename ?? file.filename, base);
  const after = file.status === 'removed' ? '' : await text(file.filename, head);
  if (before === null || after === null) return null;
  const patch = structuredPatch('a', 'b', before, after, '', '', { context: 3, timeout: 5_000 });
  if (patch === undefined) return null;
  return patch.hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) =>
      [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines].join('\n'),
    )
    .join('\n');
}

function diffedFile(file: ListedFile, patch: string | undefined): DiffedFile {
  const { filename: path, previous_filename: oldPath } = file;
  const parsed = patch === undefined || patch === '' ? [] : parsePatchOf(patch);
  const hunks = parsed ?? [];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const isMoved = file.status === 'renamed' && oldPath !== undefined;
  return {
    path,
    ...(isMoved && { oldPath }),
    status: STATUS[file.status] ?? 'modified',
    hunks,
    ...(parsed === null && { isUnreadable: true }),
    isBinary: patch === undefined && !isMoved && file.sha !== EMPTY_BLOB && file.status !== 'changed',
    isSubmodule: isSubproject(lines),
    ...countLines(lines),
  };
}

const STATUS: Readonly<Record<string, DiffedFile['status']>> = {
  added: 'added',
  copied: 'added',
  removed: 'deleted',
  renamed: 'renamed',
};

/** The whole of an added file is in its hunks. */
const HAD_LINES: ReadonlySet<DiffedFile['status']> = new Set(['modified', 'renamed']);

async function readContents(
  files: readonly DiffedFile[],
  text: (path: string) => Promise<string | null>,
): Promise<Map<string, string>> {
  const wanted = files.filter(
    ({ path, status, hunks }) => HAD_LINES.has(status) && hunks.length > 0 && ['code', 'test'].includes(kindOf(path)),
  );
  const contents = new Map<string, string>();
  await inParallel(wanted.slice(0, MAX_CONTENTS), async ({ path }) => {
    const content = await text(path);
    if (content !== null) contents.set(path, content);
  });
  return contents;
}

/** Lists the folders first, since most repositories have few of these files, and each request counts. */
async function readGuidance(client: GithubClient, repository: string, commit: string): Promise<string | null> {
  const root = await readFolder(client, repository, '', commit);
  const folders = ['.github', 'docs'].filter((folder) => root.includes(`${folder}/`));
  const inside = await Promise.all(folders.map(async (folder) => readFolder(client, repository, folder, commit)));
  const there = new Set([...root, ...inside.flat()]);
  const texts = GUIDANCE.filter((path) => there.has(path)).map(async (path) =>
    readText(client, repository, path, commit),
  );
  return guidanceFrom((await Promise.all(texts)).flatMap((text) => text ?? []));
}

/** GitHub lists a folder at a time, so tests are looked for at the root and beside the changed files. */
async function findTests(
  files: readonly DiffedFile[],
  list: (folder: string) => Promise<readonly string[]>,
): Promise<boolean> {
  if (files.some(({ path, status }) => kindOf(path) === 'test' && status !== 'deleted')) return true;
  const folders = new Set(['', ...files.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))]);
  const entries = await Promise.all([...folders].slice(0, MAX_FOLDERS).map(list));
  return entries.flat().some((path) => kindOf(path.endsWith('/') ? `${path}any` : path) === 'test');
}
