import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Removes a system from a copy of the project, as CONTRIBUTING.md says: its folder, and what names it elsewhere. */
export function removeSystem(project: string, system: string): void {
  const change = (file: string, edit: (text: string) => string): void => {
    const path = join(project, file);
    writeFileSync(path, edit(readFileSync(path, 'utf8')));
  };
  rmSync(join(project, 'systems', system), { recursive: true });
  const name = `${system.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())}System`;
  change('bin/systems.ts', (text) =>
    text
      .replace(new RegExp(`^import \\{ ${name} \\}.*\\n`, 'm'), '')
      .replace(new RegExp(`(?<=[[ \\n])${name}(,\\s*|(?=\\]))`), '')
      .replace(/,\s*\];/, '];'),
  );
  for (const file of globSync('config/*.json', { cwd: project }))
    changeJson<{ systems?: Record<string, unknown> }>(join(project, file), ({ systems = {}, ...others }) => ({
      ...others,
      systems: without(systems, (key) => key === system),
    }));
  changeJson<{ scripts: Record<string, string> }>(join(project, 'package.json'), ({ scripts, ...others }) => ({
    ...others,
    scripts: without(scripts, (key) => scripts[key]?.includes(`systems/${system}/`) === true),
  }));
}

function without<Value>(all: Readonly<Record<string, Value>>, isGone: (key: string) => boolean): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !isGone(key)));
}

function changeJson<Content>(path: string, edit: (content: Content) => unknown): void {
  writeFileSync(path, `${JSON.stringify(edit(JSON.parse(readFileSync(path, 'utf8')) as Content), null, 2)}\n`);
}
