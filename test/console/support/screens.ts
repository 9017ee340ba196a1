import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, '../../../console/src');
const read = (file: string): string => readFileSync(join(SOURCES, file), 'utf8');

/** The patterns of all views, such as `/tasks/:id`. */
const ROUTES = [...read('shell/routes.tsx').matchAll(/<Route path="([^"]+)"/g)].map(([, path = '']) => path);
/** The parts of a task's page. */
const TABS = [...(/tab: z\.enum\(\[([^\]]+)\]/.exec(read('views/task/task.tsx'))?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
  ([, tab = '']) => tab,
);

/**
 * The paths of every view and of every part of a task's page, by names for people. Throws for a view of one thing that has
 * no example, so that no view is forgotten.
 * @param examples ids of things that exist, by the patterns of their views
 */
export function everyScreen(examples: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const paths = ROUTES.map((route) => {
    const example = examples[route];
    if (!route.includes(':')) return route;
    if (example === undefined) throw new Error(`The tests of the screens need an example for ${route}.`);
    return route.replace(/:\w+/, encodeURIComponent(example));
  });
  const task = paths[ROUTES.indexOf('/tasks/:id')];
  const tabs = TABS.map((tab) => `${task}?tab=${tab}`);
  return Object.fromEntries([...paths, ...tabs].map((path) => [path, path]));
}
