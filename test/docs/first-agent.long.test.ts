import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks, type CodeBlock } from './support/markdown.ts';
import { ProjectCopy } from './support/project-copy.ts';
import { Shell, type Running } from './support/shell.ts';

/** Follows docs/first-agent.md exactly: writes its files into a copy of the project and runs its commands. */
const guide = readFileSync('docs/first-agent.md', 'utf8');
const blocks = codeBlocks(guide);
const pathOf = ({ words }: CodeBlock): string | undefined => /`((?:systems|bin)\/[\w./-]+\.ts)`/.exec(words)?.[1];
const written = blocks.filter((block) => pathOf(block) !== undefined);
const [start = '', submit = ''] = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text.trim());
const [answer = ''] = blocks.filter(({ language }) => language === 'text').map(({ text }) => text.trim());
const ready = /It is up when it says `([^`]+)`/.exec(guide)?.[1];

let project: ProjectCopy;
let shell: Shell;
let fleet: Running;

beforeAll(async () => {
  if (ready === undefined) throw new Error('The guide does not say when the fleet is up.');
  project = new ProjectCopy();
  shell = new Shell(project.folder);
  for (const block of written) project.write(pathOf(block) ?? '', block);
  // Free ports, since a fleet may be running on this machine. This is the only difference from the guide.
  fleet = await shell.start(`${start} --port 0 --api-port 0`, ready);
}, 120_000);

afterAll(() => {
  shell[Symbol.dispose]();
  project[Symbol.dispose]();
});

describe('docs/first-agent.md', () => {
  it('needs fewer than 30 lines of code', () => {
    const lines = written.flatMap(({ language, text }) =>
      text.split('\n').filter((line) => line.trim() !== '' && (language !== 'diff' || line.startsWith('+'))),
    );
    expect(written.map(pathOf)).toContain('systems/exchange/agent.ts');
    expect(lines.length).toBeLessThan(30);
    expect(guide).toContain(`in ${lines.length} lines`);
  });

  it('ends with the answer shown', async () => {
    const { code, stdout, stderr } = await shell.run(submit);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    // npm first prints the command that it runs.
    expect(stdout.trim().split('\n').at(-1)).toBe(answer);
  }, 90_000);

  it('stops on Ctrl-C', async () => {
    expect(await fleet.interrupt()).toContain('Stopped.');
  }, 60_000);
});
