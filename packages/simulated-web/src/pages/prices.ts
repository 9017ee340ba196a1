import { say } from '../prose/fill.ts';
import { Choices, shortHash } from '../random.ts';
import { eventSlots } from '../stories/slots.ts';
import type { Paragraph } from '../stories/story.ts';
import type { Company } from '../world/companies.ts';
import type { Happening } from '../world/events.ts';
import { dollars } from '../world/products.ts';
import type { World } from '../world/world.ts';
import { companyPage } from './frame.ts';
import { escape, type Html } from './html.ts';

/** The last change of each price by a night. The pricing page says no earlier one. */
export function priceChanges(world: World, company: Company, night = world.night): Map<string, Happening> {
  const changes = world.happenings(company, night).filter(({ kind }) => kind === 'price-cut' || kind === 'price-rise');
  return new Map(changes.map((happening) => [happening.facts.product ?? '', happening]));
}

/** How the pricing page tells a change. */
export function priceNote(world: World, happening: Happening): Paragraph {
  const key = `${world.options.seed}/${happening.id}/price`;
  const choices = new Choices(key);
  const text = say(world.prose.priceChanged, eventSlots(happening, choices), choices);
  return { id: `p-${shortHash(key)}`, text };
}

export function pricingPage(world: World, company: Company): Html {
  const { products } = world.history(company).state(world.night);
  const changes = priceChanges(world, company);
  const rows = products.map(({ name, noun, price, unit }) => {
    const change = changes.get(name);
    const note = change === undefined ? undefined : priceNote(world, change);
    const told = note === undefined ? '' : `<p id="${note.id}" class="change">${escape(note.text)}</p>`;
    return `<section class="product"><h2>${escape(name)}</h2>
<p>${escape(noun)}: <strong>${dollars(price)}</strong> ${escape(unit)}</p>
${told}</section>`;
  });
  const choices = new Choices(`${world.options.seed}/${company.id}/pricing`);
  const terms = choices.sample(world.prose.pricing, 2).map((text) => `<p class="terms">${escape(text)}</p>`);
  return companyPage(world, company, {
    path: world.styleOf(company.host).pricing,
    title: 'Products and prices',
    main: `<h1>Products and prices</h1>\n${rows.join('\n')}\n${terms.join('\n')}`,
  });
}
