import { describe, expect, it } from 'vitest';
import type { Company } from '../../companies/company.ts';
import { requireSearch } from '../../cli/search.ts';

const company = (website: string | null): Company => ({
  id: 'acme',
  name: 'Acme',
  sector: null,
  website,
  cik: null,
  ticker: null,
});
const invented = [company('http://acme.test/')];
const elsewhere = [company('https://acme.example/')];
const running = (model: string, outputs: Record<string, string> = {}) => ({ model, outputs: { research: outputs } });

describe('fleet research --search', () => {
  it('searches the simulated web with a simulated model of its own, and the real one with the real model', () => {
    expect(() => requireSearch({ companies: invented, running: null, hasKey: false })).not.toThrow();
    expect(() => requireSearch({ companies: elsewhere, running: null, hasKey: true })).not.toThrow();
    expect(() =>
      requireSearch({ companies: elsewhere, running: running('the real Claude API', { Searches: 'true' }) }),
    ).not.toThrow();
  });

  it.each([
    ['invented companies in the real web', { companies: invented, running: null, hasKey: true }, 'ANTHROPIC_API_KEY'],
    [
      'companies that exist in the simulated web',
      { companies: elsewhere, running: null, hasKey: false },
      'ANTHROPIC_API_KEY',
    ],
    ['with a model that has no search', { companies: invented, running: running('simulated Claude at …') }, 'down'],
    [
      'with a fleet that has no stage for it',
      { companies: elsewhere, running: running('the real Claude API') },
      'search',
    ],
  ])('does not search %s', (_, searching, remedy) => {
    expect(() => requireSearch(searching)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining(remedy) }),
    );
  });
});
