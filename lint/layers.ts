import { cutProblem, type Node } from './text.ts';
import { dirname, join, relative, sep } from 'node:path';

/**
 * Who may import whom; `docs/architecture.md` shows the same table. A folder may always import itself, and
 * libraries are not its business. Types count: what a file cannot name, it cannot depend on.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  adapters: ['core'],
  runtime: ['core', 'adapters', 'functions/*/env.ts'],
  functions: ['core', 'adapters', 'runtime'],
  lib: [
    'core/agents',
    'core/console',
    'core/metrics',
    'core/parse',
    'core/regions/canary-agent.ts',
    'core/schedules',
    'functions/*/env.ts',
  ],
  systems: ['lib', 'core', 'runtime', 'adapters', 'functions/*/env.ts'],
  // What runs on the machine of whoever operates the fleet. The rest of a system runs in the cloud, or describes it.
  'systems/*/cli': ['core', 'adapters', 'client', 'cli', 'packages'],
  'systems/*/system.ts': ['lib', 'cli'],
  'systems/manifest.ts': ['core/agents', 'lib', 'cli'],
  client: ['core'],
  // The HTTP contract: what the client sends, and the schemas and operations of the API.
  console: ['client', 'core/api', 'docs/runbook.md'],
  cli: ['core', 'adapters', 'client', 'packages'],
  packages: [],
};

/** Folders that wire or check everything; nothing else may import them. */
const ABOVE = new Set(['bin', 'test', 'bench', 'lint']);

/** Folders whose subfolders are rooms of their own: none may import the one beside it. */
const ROOMS = new Set(['systems', 'packages']);

/** Configuration at the root, and tests wherever they are, may import anything. */
const isFree = (file: string): boolean =>
  !file.includes('/') || ABOVE.has(first(file)) || /^(systems|packages)\/[^/]+\/test\//.test(file);

const first = (path: string): string => path.split('/')[0] ?? '';

/** What is wrong with `file` importing `specifier`; null when nothing is. Paths are below the project, with slashes. */
export function layerProblem(file: string, specifier: string): string | null {
  const target = resolveOurs(file, specifier);
  if (target === null || isFree(file)) return null;
  const [from, to] = [first(file), first(target)];
  const room = (path: string): string => path.split('/').slice(0, 2).join('/');
  if (from === to) {
    // A file beside the rooms, such as a list of them, is everybody's.
    const isRoom = target.split('/').length > 2;
    if (!ROOMS.has(from) || !isRoom) return null;
    if (room(file) !== room(target))
      return `${room(file)} must not import ${room(target)}: ${from} never import each other.`;
    const isTool = isBelow(target, TOOLS) && rowOf(file) === from;
    return isTool ? `${file} must not import ${target}: what runs in the cloud imports no command.` : null;
  }
  const allowed = LAYERS[rowOf(file)];
  if (allowed === undefined) return `${from} has no row in lint/layers.ts: add what it may import.`;
  if (allowed.some((layer) => isBelow(target, layer))) return null;
  return `${from} must not import ${target}: it may import ${allowed.join(', ') || 'nothing of ours'}.`;
}

/** The most specific row that a file belongs to. */
const rowOf = (file: string): string =>
  Object.keys(LAYERS).findLast((row) => row.includes('/') && isBelow(file, row)) ?? first(file);

/** The commands of a system. */
const TOOLS = 'systems/*/cli';

/** The path below the project that a specifier names; null for a library. */
function resolveOurs(file: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('@agent-fleet/')) return `${specifier.replace('@agent-fleet/', 'packages/')}/exports`;
  return specifier.startsWith('.') ? join(dirname(file), specifier).replaceAll(sep, '/') : null;
}

function isBelow(path: string, layer: string): boolean {
  const pattern = layer.split('/');
  return pattern.every((part, index) => part === '*' || part === path.split('/')[index]);
}

/** The parts of ESLint's rule interface that this rule uses. */
interface Context {
  readonly filename: string;
  readonly cwd: string;
  report(problem: { readonly node: unknown; readonly message: string }): void;
}
interface Import {
  readonly source: { readonly value?: unknown } | null;
}

export default {
  meta: { name: 'fleet' },
  rules: {
    layers: {
      create(context: Context) {
        const file = relative(context.cwd, context.filename).replaceAll(sep, '/');
        const check = (node: Import): void => {
          const specifier = node.source?.value;
          const message = typeof specifier === 'string' ? layerProblem(file, specifier) : null;
          if (message !== null) context.report({ node, message });
        };
        return {
          ImportDeclaration: check,
          ExportNamedDeclaration: check,
          ExportAllDeclaration: check,
          ImportExpression: check,
          TSImportType: check,
        };
      },
    },
    'whole-characters': {
      create(context: Context) {
        return {
          CallExpression(node: Node): void {
            const message = cutProblem(node);
            if (message !== null) context.report({ node, message });
          },
        };
      },
    },
  },
};
