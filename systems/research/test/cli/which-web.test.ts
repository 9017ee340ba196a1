import { expect, test } from 'vitest';
import { requireContact, requireOneWeb, requireSimulated } from '../../cli/which-web.ts';
import type { Company } from '../../companies/company.ts';

const company = (name: string, change: Partial<Company>): Company => ({
  id: name,
  name,
  sector: null,
  ticker: null,
  website: null,
  cik: null,
  ...change,
});
const invented = company('Acme', { website: 'http://acme.test/', cik: '0000000001' });
const real = company('Example', { website: 'https://example.com/' });
const filer = company('Filer', { cik: '0000000002' });
const traded = company('Traded', { ticker: 'TRD' });
const nowhere = company('Nobody knows', {});

test('sites elsewhere are fetched only by a fleet with a contact', () => {
  for (const each of [real, filer, traded]) {
    expect(() => requireContact([nowhere, each], undefined)).toThrow('only by somebody whom their owners');
    expect(() => requireContact([each], undefined)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('end it and start it again') as string }),
    );
    requireContact([each], 'https://fleet.example.com/crawler');
  }
  // The simulated SEC is asked.
  requireContact([invented, traded, nowhere], undefined);
});

test('invented news never stand beside real ones', () => {
  requireOneWeb([invented, traded, nowhere]);
  requireOneWeb([real, filer, traded, nowhere]);
  for (const each of [real, filer])
    expect(() => requireOneWeb([invented, each])).toThrow(`mixes sites elsewhere (${each.name})`);
});

test('several nights need the simulated web, and the first companies that are not there are named', () => {
  requireSimulated([invented]);
  expect(() => requireSimulated([invented, nowhere, real])).toThrow('Not there: 2 of 3 (Nobody knows, Example).');
  const many = Array.from({ length: 7 }, (_, at) => company(`N${at}`, {}));
  expect(() => requireSimulated(many)).toThrow('7 of 7 (N0, N1, N2, N3, N4, …)');
});
