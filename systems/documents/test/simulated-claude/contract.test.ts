import { describe, expect, it } from 'vitest';
import { indexQuotes } from '../../agents/quotes.ts';
import { checkContract } from '../../agents/verify-contract.ts';
import { analyse, MASTER_AGREEMENT } from './support.ts';

describe('an American services agreement', () => {
  const contract = analyse(MASTER_AGREEMENT);

  it('has its facts found', () => {
    expect(contract).toMatchObject({
      title: 'MASTER SERVICES AGREEMENT',
      parties: ['Halvorsen Robotics, Inc.', 'Tarn & Fell Consulting LLC'],
      effectiveDate: '2025-01-05',
      term: 'two (2) years',
      governingLaw: 'New York',
    });
    expect(contract.confidence).toBeGreaterThan(0.9);
  });

  it('has its clauses found in order, each with its page', () => {
    expect(contract.clauses.map(({ kind, page }) => `${kind} ${page}`)).toEqual([
      'payment 1',
      'term 1',
      'auto-renewal 1',
      'termination 1',
      'confidentiality 2',
      'intellectual-property 2',
      'indemnification 2',
      'liability 2',
      'assignment 2',
      'governing-law 2',
    ]);
  });

  it('has its risks found', () => {
    expect(contract.risks.map(({ kind }) => kind)).toEqual([
      'unlimited-liability',
      'automatic-renewal',
      'one-sided-termination',
      'broad-indemnity',
    ]);
    expect(contract.risks[2]?.quote).toBe(
      '4. TERMINATION. Customer may terminate this Agreement at any time for its convenience.',
    );
  });

  it('is quoted word for word', () => {
    expect(checkContract(contract, indexQuotes(MASTER_AGREEMENT))).toEqual([]);
  });
});

describe('other forms of contract', () => {
  it('may name the parties in a numbered list', () => {
    const { parties, effectiveDate, governingLaw } = analyse([
      `DEED OF LEASE
THIS LEASE is dated the 5th day of March, 2024
BETWEEN:
(1) Wrenfield Estates Limited, a company registered in England (the "Landlord"); and
(2) Maud Ackroyd of 3 Mill Lane, Leeds (the "Tenant").
1. Rent. The Tenant shall pay rent of £900 each month in advance.
2. Term. The lease runs for five years from its date and then ends.
3. Law. This lease is governed by the laws of England and Wales.`,
    ]);
    expect(parties).toEqual(['Wrenfield Estates Limited', 'Maud Ackroyd']);
    expect([effectiveDate, governingLaw]).toEqual(['2024-03-05', 'England and Wales']);
  });

  it('may name the parties on a cover page', () => {
    const { parties, effectiveDate, term, governingLaw } = analyse([
      `Mutual Non-Disclosure Agreement
Party 1: Quillon Optics Corp.
Party 2: Bright Sedge GmbH
Effective Date: 14 March 2025
Term: 18 months
Governing Law: State of Oregon`,
      `1. Each party shall keep the other's Confidential Information secret and use it for the purpose only.
2. The term of this agreement is as the cover page says, and either party may terminate it by written notice.
3. The laws named on the cover page govern this agreement.`,
    ]);
    expect(parties).toEqual(['Quillon Optics Corp.', 'Bright Sedge GmbH']);
    expect([effectiveDate, term]).toEqual(['2025-03-14', '18 months']);
    expect(governingLaw).toBe('Oregon');
  });

  it('may have a cover page whose labels say what each party is, and a title that is no party', () => {
    const { parties, governingLaw } = analyse([
      `Mutual Non-Disclosure Agreement
Agreement
Party 1 Company: Quillon Optics Corp.
Party 2 Company: Bright Sedge GmbH
Governing Law: State of Delaware`,
      `1. Each party shall keep the other's Confidential Information secret and use it for the purpose only.
2. Either party may terminate this agreement by written notice.
3. The laws named on the cover page govern this agreement.`,
    ]);
    expect(parties).toEqual(['Quillon Optics Corp.', 'Bright Sedge GmbH']);
    expect(governingLaw).toBe('Delaware');
  });

  it.each([
    'AGREEMENT between Quillon Optics Corp. ("Customer") and the Agreement',
    'Party 1: Agreement\nParty 2: Quillon Optics Corp.',
  ])('never names the agreement as a party: %j', (opening) => {
    const { parties } = analyse([
      `SUPPLY AGREEMENT
${opening}
1. The buyer shall pay each invoice within 30 days.
2. Neither party may assign this agreement without the written consent of the other.
3. This agreement is governed by the laws of Ohio.`,
    ]);
    expect(parties).toEqual(['Quillon Optics Corp.']);
  });

  it('may name the parties only where they sign', () => {
    const { parties } = analyse([
      `TERMS OF SUPPLY
1. The buyer shall pay each invoice within 30 days.
2. Neither party may assign these terms without the written consent of the other.
3. These terms are governed by the laws of Ohio.
Ostrava Foundry, Inc.
By: ______________
Kestle Brothers Ltd
By: ______________`,
    ]);
    expect(parties).toEqual(['Ostrava Foundry, Inc.', 'Kestle Brothers Ltd']);
  });
});

describe('other languages', () => {
  it('German and French: finds less, with less confidence, and invents nothing', () => {
    const german = analyse([
      `Dienstleistungsvertrag
zwischen der Nordwerk Maschinenbau GmbH, Hamburg, und der Elbtal Beratung AG, Dresden, vom 3. Februar 2025
§ 1 Gegenstand. Der Auftragnehmer erbringt Beratungsleistungen.
§ 2 Kündigung. Der Vertrag kann mit einer Frist von drei Monaten gekündigt werden.
§ 3 Haftung. Die Haftung für leichte Fahrlässigkeit ist ausgeschlossen.
§ 4 Anwendbares Recht. Es gilt deutsches Recht.`,
    ]);
    expect(german.parties).toEqual(['Nordwerk Maschinenbau GmbH', 'Elbtal Beratung AG']);
    expect(german.effectiveDate).toBe('2025-02-03');
    expect(german.confidence).toBeLessThan(0.9);
    const french = analyse([
      `CONTRAT DE PRESTATION DE SERVICES
Entre la société Lumière du Sud SAS et la société Atelier Corbin SARL, il a été conclu le 7 avril 2025 ce qui suit.
Article 1. Le prestataire exécute les travaux. Article 2. Le présent contrat est régi par le droit français.`,
    ]);
    expect(french.confidence).toBeLessThan(0.7);
  });
});

describe('a document that is not a contract', () => {
  it.each([
    ['an invoice', ['INVOICE 4711\nDate: 3 May 2025\nTo: Brook & Co Ltd\n12 hours of repair  480.00\nTotal  480.00']],
    [
      'a novel',
      ['It was a quiet morning. She went down to the harbour, where the boats lay side by side. '.repeat(30)],
    ],
    ['an empty scan', ['', '']],
    ['nothing', []],
  ])('has no clauses and little confidence: %s', (_, pages) => {
    const contract = analyse(pages);
    expect(contract).toMatchObject({ parties: [], clauses: [], risks: [], effectiveDate: null, governingLaw: null });
    expect(contract.confidence).toBeLessThanOrEqual(0.2);
    expect(contract.title).not.toBe('');
  });
});
