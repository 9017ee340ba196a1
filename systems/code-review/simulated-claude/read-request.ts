/** A line of the diff as the rules see it. */
export interface Row {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** A hunk with the lines of its enclosing function. */
export interface Block {
  readonly context: readonly string[];
  readonly rows: readonly Row[];
  /** The lines at head: unchanged and added ones. */
  readonly now: readonly Row[];
}

export interface ReadFile {
  readonly path: string;
  readonly status: string;
  readonly blocks: readonly Block[];
}

export interface ReadRequest {
  readonly files: readonly ReadFile[];
  /** Title and commits. */
  readonly said: readonly string[];
  readonly testsChanged: readonly string[];
  readonly hasTests: boolean;
}

/** Longer lines are data, and could be made to slow expressions down. */
const MAX_LINE = 500;

/** Reads the message that agents/prompt.ts renders. */
export function readRequest(text: string): ReadRequest {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('Changed files in all: '));
  const overview = lines[at] ?? '';
  const tests = /Changed tests: (.*)\. The repository has tests: (yes|no)\.$/.exec(overview);
  return {
    files: readFiles(lines.slice(at + 1)),
    said: lines.slice(0, at).flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : [])),
    testsChanged: tests?.[1] === 'none' ? [] : (tests?.[1] ?? '').split(', ').map((path) => path.slice(1, -1)),
    hasTests: tests?.[2] === 'yes',
  };
}

interface OpenFile {
  readonly path: string;
  readonly status: string;
  readonly blocks: { context: string[]; rows: Row[] }[];
}

function readFiles(lines: readonly string[]): ReadFile[] {
  const files: OpenFile[] = [];
  let context: string[] = [];
  for (const line of lines) {
    const [, path, status] = /^## File ("(?:[^"\\]|\\.)*") \((\w+)/.exec(line) ?? [];
    if (path !== undefined && status !== undefined) {
      files.push({ path: String(JSON.parse(path)), status, blocks: [] });
      context = [];
    } else if (line.startsWith('| ')) context.push(line.slice(2));
    else if (line.startsWith('@@ ')) {
      files.at(-1)?.blocks.push({ context, rows: [] });
      context = [];
    } else {
      const [sign] = line;
      if (sign === '+' || sign === '-' || sign === ' ')
        files
          .at(-1)
          ?.blocks.at(-1)
          ?.rows.push({ sign, text: line.length > MAX_LINE ? '' : line.slice(1) });
    }
  }
  return files.map(({ blocks, ...file }) => ({
    ...file,
    blocks: blocks.map((block) => ({ ...block, now: block.rows.filter(({ sign }) => sign !== '-') })),
  }));
}
