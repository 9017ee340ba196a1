import { describe, expect, it, test } from 'vitest';
import { contactOf, requireOneWeb } from '../../cli/which-web.ts';
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
const nowhere = company('Nobody knows', {});

describe('contactOf', () => {
  it.each([['https://fleet.example.com/crawler'], ['Example Inc. web@example.com']])(
    'is what WEB_CONTACT says: %s',
    (contact) => {
      expect(contactOf([real], { WEB_CONTACT: contact })).toBe(contact);
    },
  );

  it.each([[undefined], [''], ['somebody'], ['http://example.com\r\nX: 1']])(
    'sites elsewhere are not fetched with %o',
    (contact) => {
      for (const each of [real, filer])
        expect(() => contactOf([invented, each], { WEB_CONTACT: contact })).toThrow(
          'only by somebody whom their owners',
        );
    },
  );

  it('the simulated web asks for none', () => {
    expect(contactOf([invented, nowhere], {})).toContain('.example');
  });
});

test('invented news never stand beside real ones', () => {
  requireOneWeb([invented, nowhere]);
  requireOneWeb([real, filer, nowhere]);
  for (const each of [real, filer])
    expect(() => requireOneWeb([invented, each])).toThrow(`mixes sites elsewhere (${each.name})`);
});
