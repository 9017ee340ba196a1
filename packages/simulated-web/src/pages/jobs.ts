import { fill, say } from '../prose/fill.ts';
import { Choices, shortHash } from '../random.ts';
import { companySlots, eventSlots } from '../stories/slots.ts';
import type { Paragraph } from '../stories/story.ts';
import type { Company } from '../world/companies.ts';
import type { Happening } from '../world/events.ts';
import type { World } from '../world/world.ts';
import { companyPage } from './frame.ts';
import { escape, type Html } from './html.ts';

const ROLES = [
  'Accountant', 'Buyer', 'Data analyst', 'Electrician', 'Field technician', 'Lawyer', 'Product manager', 'Recruiter',
  'Sales representative', 'Software engineer', 'Supply planner', 'Technical writer', 'Warehouse lead',
]; // prettier-ignore

/** The last plan to hire by a night, which the jobs page shows. */
export const openHiring = (world: World, company: Company, night = world.night): Happening | undefined =>
  world.happenings(company, night).findLast(({ kind }) => kind === 'hire');

/** How the jobs page tells it. */
export function jobsNote(world: World, happening: Happening): Paragraph {
  const key = `${world.options.seed}/${happening.id}/jobs`;
  const choices = new Choices(key);
  return { id: `p-${shortHash(key)}`, text: say(world.prose.jobsOpen, eventSlots(happening, choices), choices) };
}

export function jobsPage(world: World, company: Company): Html {
  const choices = new Choices(`${world.options.seed}/${company.id}/jobs`);
  const roles = choices.sample(ROLES, choices.between(3, 8));
  const slots = companySlots(company, world.history(company).state(world.night), choices);
  const hiring = openHiring(world, company);
  const note = hiring === undefined ? undefined : jobsNote(world, hiring);
  const main = [
    `<h1>Work with us</h1>`,
    `<p>${escape(fill(choices.pick(world.prose.jobs), slots))}</p>`,
    note === undefined ? '' : `<p id="${note.id}"><strong>${escape(note.text)}</strong></p>`,
    `<ul>${roles.map((role) => `<li>${role} (m/f/d), ${escape(company.city)}</li>`).join('\n')}</ul>`,
  ];
  const path = world.styleOf(company.host).jobs;
  return companyPage(world, company, { path, title: 'Careers', main: main.filter((each) => each !== '').join('\n') });
}
