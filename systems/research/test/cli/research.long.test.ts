import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FleetProgram } from '#test/cli/support/fleet-program.ts';

/** Runs `fleet research` on a temporary fleet. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-research-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

it('researches two nights, compares their briefs, and pays nothing twice', async () => {
  const out = join(home, 'briefs');
  const program = new FleetProgram(home);
  const nights = ['research', '--sample', '8', '--nights', '2', '--out', out, '--json'];
  const { code, stdout, stderr } = await program.run(nights);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const result = JSON.parse(stdout) as { spent: number };
  const night = { companies: 8, citationsThatFail: 0, late: false, briefAt: expect.any(String) as string };
  expect(result).toMatchObject({ nights: [night, night], quality: { duplicates: 0, injected: 0 } });
  expect(result.spent).toBeGreaterThan(0);
  const [first = '', second = ''] = ['2026-11-02', '2026-11-03'].map((date) => join(out, date));
  expect(await readFile(join(first, 'brief.html'), 'utf8')).toContain('Competitor brief, 2026-11-02');
  expect((await program.run(['research', 'diff', first, second, '--json'])).code).toBe(0);
  // The finished tasks are found again.
  const again = await program.run(nights);
  expect(JSON.parse(again.stdout)).toMatchObject({ spent: 0 });

  const list = join(home, 'list.csv');
  await writeFile(list, '\uFEFFname;website\nNobody knows;\nNobody knows;\n');
  const unknown = await program.run(['research', '--companies', list, '--out', join(home, 'unknown'), '--json']);
  expect(JSON.parse(unknown.stdout)).toMatchObject({ nights: [{ companies: 1, succeeded: 0, failed: 1 }], spent: 0 });
}, 400_000);
