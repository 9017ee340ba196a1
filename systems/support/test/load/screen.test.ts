import { describe, expect, it } from 'vitest';
import { conversations, type LoadMessage } from '../../load/conversations.ts';
import { NEEDS_PERSON, type PersonKind } from '../../load/texts/needs-person.ts';
import { sampleShop } from '../../samples/shop.ts';
import { screen } from '../../screen/screen.ts';
import { NOW } from '../shop/support.ts';

const customers = sampleShop({ seed: 3, customers: 600, now: NOW });
const byId = new Map(customers.map((one) => [one.customer.id, one]));

function reasonsFor({ customerId, text }: LoadMessage) {
  const whose = byId.get(customerId);
  return screen({ text, customer: whose?.customer ?? null, orders: whose?.orders ?? [], now: NOW });
}

const messages = [1, 2, 3].flatMap((seed) => conversations({ seed, customers, threads: 3_000, now: NOW }).flat());

describe('the screen', () => {
  it('catches every message that needs a person, in all wordings of the load', () => {
    const passed = messages.filter((message) => message.truth.needsPerson !== null && reasonsFor(message).length === 0);
    expect([...new Set(passed.map(({ text, truth }) => `${truth.kind}: ${text}`))]).toEqual([]);
  });

  it('was tested with every kind of them', () => {
    const kinds = new Set(messages.filter(({ truth }) => truth.needsPerson !== null).map(({ truth }) => truth.kind));
    expect([...kinds].toSorted()).toEqual((Object.keys(NEEDS_PERSON) as PersonKind[]).toSorted());
  });

  it('lets routine messages pass', () => {
    const caught = messages.filter((message) => message.truth.needsPerson === null && reasonsFor(message).length > 0);
    expect(
      [...new Set(caught.map((message) => `${reasonsFor(message).join()}: ${message.text}`))].slice(0, 20),
    ).toEqual([]);
  });
});
