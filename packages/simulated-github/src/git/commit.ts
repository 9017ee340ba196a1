import { git, gitLine } from './run.ts';

/** Content of a file in a commit: text or bytes, with the mode of a script, a symbolic link or a submodule. */
export type FileContent =
  | string
  | Buffer
  | { readonly content: string | Buffer; readonly mode: '100644' | '100755' | '120000' }
  /** A submodule at this commit of another repository. */
  | { readonly submodule: string };

export interface NewCommit {
  readonly branch: string;
  /** Files to write, by path. `null` removes a file. All others stay as they are. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  readonly message: string;
  readonly author: string;
  /** The commit to build on. Undefined starts a history without a parent. */
  readonly parent: string | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Creates a commit in a bare repository and moves the branch to it, in one git process. Returns its SHA. */
export async function createCommit(folder: string, commit: NewCommit): Promise<string> {
  const { author, branch, message, parent, time } = commit;
  const email = `${author.replace(/[^\w-]/g, '')}@users.noreply.github.com`;
  const who = `${author.replace(/[<>\n]/g, '')} <${email}> ${Math.floor(time / 1_000)} +0000`;
  const parts: (string | Buffer)[] = [
    `commit refs/heads/${branch}\nauthor ${who}\ncommitter ${who}\n`,
    ...data(message),
    parent === undefined ? '' : `from ${parent}\n`,
  ];
  for (const [path, content] of Object.entries(commit.files)) parts.push(...change(path, content));
  // Force: a push may rewrite the branch.
  await git(folder, ['fast-import', '--quiet', '--force'], {
    input: Buffer.concat(parts.map((part) => Buffer.from(part as string))),
  });
  return gitLine(folder, ['rev-parse', `refs/heads/${branch}`]);
}

function change(path: string, content: FileContent | null): (string | Buffer)[] {
  const quoted = `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  if (content === null) return [`D ${quoted}\n`];
  if (typeof content === 'string' || Buffer.isBuffer(content)) return [`M 100644 inline ${quoted}\n`, ...data(content)];
  if ('submodule' in content) return [`M 160000 ${content.submodule} ${quoted}\n`];
  return [`M ${content.mode} inline ${quoted}\n`, ...data(content.content)];
}

function data(content: string | Buffer): (string | Buffer)[] {
  const bytes = Buffer.from(content as string);
  return [`data ${bytes.length}\n`, bytes, '\n'];
}
