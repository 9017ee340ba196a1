import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAULTS } from '../src/http/faults.ts';
import { routes } from '../src/routes/index.ts';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

it('names each operation', () => {
  const specification = read('SPECIFICATION.md');
  const missing = routes.filter(({ pattern }) => !specification.includes(`${pattern.replace('*', '')}\``));
  expect(missing.map(({ method, pattern }) => `${method} ${pattern}`)).toEqual([]);
});

it('names each fault', () => {
  const readme = read('README.md');
  expect(FAULTS.filter((fault) => !readme.includes(`\`${fault}\``))).toEqual([]);
});
