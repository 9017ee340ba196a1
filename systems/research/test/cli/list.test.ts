import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseItems } from '#core/runs/item.ts';
import { addResearch } from '../../cli/add-research.ts';
import { nightItemSchema } from '../../night/item.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-research-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(home, { recursive: true, force: true });
});

/** Runs `fleet research list` on a CSV file, and returns what it says. */
async function list(csv: string, ...options: readonly string[]): Promise<string> {
  let said = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const file = join(home, 'list.csv');
  await writeFile(file, csv);
  const fleet = new Command('fleet');
  addResearch(fleet, []);
  await fleet
    .parseAsync(['research', 'list', file, '--out', join(home, 'out', 'companies.jsonl'), ...options], { from: 'user' })
    .finally(() => write.mockRestore());
  return said;
}
const written = () => readFile(join(home, 'out', 'companies.jsonl'), 'utf8');

test('the list is what a scheduled night takes, in the order of the file', async () => {
  await list('name;website;sector;cik\r\nAcme;acme.example;Tools;\r\n株式会社;;;320193\r\nNobody knows;;;\r\n');
  const parsed = parseItems(await written());
  expect(parsed).toMatchObject({
    items: [{ id: 'acme.example' }, { id: 'cik:0000320193' }, { id: 'name:nobody knows' }],
  });
  // As the schedule adds them.
  const items = (await written()).trimEnd().split('\n');
  for (const line of items)
    nightItemSchema.parse({ ...(JSON.parse(line) as object), night: '2026-11-02', space: 'web' });
});

test('it says what was left out, what is not known, and where the list belongs', async () => {
  const said = await list('name,website\nAcme,acme.example\nACME,www.acme.example\nNobody knows,\n');
  expect(said).toContain('1 line left out: the company is listed already.');
  expect(said).toContain('Of 1 company no website, SEC number or ticker is known.');
  expect(said).toMatch(
    /companies\.jsonl: 2 companies\.\nUpload it: aws s3 cp .* s3:\/\/SNAPSHOT_BUCKET\/uploads\/companies\.jsonl/,
  );
});

test('a company with a ticker alone is one that can be looked up', async () => {
  expect(await list('name,ticker\nAcme,ACME\nBolt,\n')).toContain('Of 1 company no website,');
});

test('a website that is no web address is named by its line', async () => {
  const said = await list('name,website\nAcme,localhost\nBolt,bolt.example\n');
  expect(said).toContain('1 website is no web address and counts as not known: line 2 (localhost).');
});

test('companies of the simulated web are refused by name, and nothing is written', async () => {
  const csv = 'name,website\nAcme,acme.example\nInvented,invented.test\n';
  await expect(list(csv)).rejects.toThrow('names below .test are of the simulated one: Invented.');
  expect(await readdir(home)).toEqual(['list.csv']);
});

test('a name of the simulated web without a website is not looked up there', async () => {
  await list('name\nKroger\n');
  expect(JSON.parse(await written())).toMatchObject({ name: 'Kroger', website: null, cik: null });
});

test('a place that is a folder is wrong usage, and leaves nothing behind', async () => {
  await mkdir(join(home, 'out', 'companies.jsonl'), { recursive: true });
  await expect(list('name\nAcme\n')).rejects.toThrow('cannot be written: it is a folder');
  expect(await readdir(join(home, 'out'))).toEqual(['companies.jsonl']);
});

test('--json prints one object', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(JSON.parse(await list('name\nAcme\n', '--json'))).toMatchObject({ companies: 1, unknown: 1 });
});
