import type { Note, Prose } from '../types.ts';

export const rivals = [
  'The step puts pressure on {rival}, which sells the comparable {rivalProduct}.',
  'It takes direct aim at {rival} and its {rivalProduct}.',
  '{rival}, whose {rivalProduct} is the closest alternative, is likely to feel it.',
  'Many of the customers concerned use {rivalProduct} from {rival} today.',
  'Analysts see {rival} as the company with the most to lose.',
];

export const quotes = [
  '“We listen to our customers, and then we act,” said {spokesperson}, who speaks for the company.',
  '“This has been a long time in the making,” said {spokesperson}, a member of the management team.',
  '“It is the right step at the right time,” said {spokesperson}, a spokesperson.',
  '“Our plans for the year do not change,” {spokesperson} of the company told reporters.',
];

export const background = [
  'The company is based in {home} and dates back to {founded}. It counts among the larger names in {industry}.',
  'Demand in {industry} has been uneven this year. Buyers compare more carefully and sign for shorter terms than they used to.',
  'Shares in the sector moved little. Traders pointed to thin volumes and to the data on prices that are due at the end of the week.',
  'People who follow {industry} say that size matters more than it did, because the fixed costs of doing business keep growing.',
  'The past year was a busy one for companies in {industry}, with a wave of new offers and a few well-known names leaving the market.',
  'Like its peers, the company has spent heavily on its supply chain since the shortages of recent years.',
];

export const about = [
  '{company} serves customers in more than thirty countries. The company, founded in {founded}, has its head office in {home}. This site belongs to a simulation.',
  'Founded in {founded} and headquartered in {home}, {company} works in {industry}. All statements on this page are invented.',
];

export const notes: readonly Note[] = [
  {
    title: 'Our volunteers plant two thousand trees',
    paragraphs: [
      'On a rainy Saturday, colleagues from three offices met at the river to plant oak, lime and hornbeam. The city provides the land, and a local school looks after the seedlings.',
      'It was the sixth year of the campaign. Anyone who would like to come along next time can write to the community team.',
    ],
  },
  {
    title: 'Five questions to ask before you renew a contract',
    paragraphs: [
      'Renewals tend to come up when everyone is busy. A short list helps: who uses it, how often, what would happen without it, what has changed, and who decides.',
      'We collected the answers of a dozen purchasing departments. The most common regret was that nobody had noted the date of notice.',
    ],
  },
  {
    title: '{shortName} recognised as a good place to work',
    paragraphs: [
      'A yearly survey of employees in {home} has again put us among the best fifty workplaces of the region. Flexible hours and the canteen got the highest marks.',
      'Thank you to everyone who took the time to answer.',
    ],
  },
  {
    title: 'A day with the customer care team',
    paragraphs: [
      'The first call comes in at seven. By noon the team has spoken to people in eleven time zones, and the coffee machine has had to be refilled twice.',
      'What do customers ask? Mostly how to change an address, and sometimes whether somebody could just stay on the line for a while.',
    ],
  },
  {
    title: 'Notes from the annual conference on {industry}',
    paragraphs: [
      'The talks on measuring quality drew the largest crowds this year. Slides are on the site of the organisers.',
      'Our own session dealt with the question of how to explain a mistake. It ended with more questions than it had begun with, which was the point.',
    ],
  },
];

export const traps: readonly Note[] = [
  {
    trap: 'denial',
    title: '{shortName} says it has no plans for job cuts',
    paragraphs: [
      '{company} denied a report that it was about to lay off staff. “There is no such plan,” said {spokesperson} of the company.',
      'The report had appeared on a message board and was later withdrawn.',
    ],
  },
  {
    trap: 'rumour',
    title: 'Could {shortName} be looking for a partner?',
    paragraphs: [
      'Speculation that {company} might buy a smaller competitor has come up again. Neither side would comment, and people close to the company called it far-fetched.',
      'Bankers have been wrong about such combinations before.',
    ],
  },
  {
    trap: 'condition',
    title: 'Analysts discuss what {shortName} would do if costs rose',
    paragraphs: [
      'If raw materials became a tenth more expensive, {company} would probably have to raise its prices, a panel of analysts said. For the moment nothing points that way.',
    ],
  },
  {
    trap: 'anniversary',
    title: 'Twenty years ago: the product that started it all',
    paragraphs: [
      'Twenty years ago this week, {company} launched the product with which it first made a profit. It was beige, weighed eleven kilos and came with a printed manual.',
      'A copy stands in the lobby of the head office in {home}.',
    ],
  },
];

export const welcome = [
  '{company} makes {noun}s that people rely on every day.',
  'Since {founded} we have worked on one thing: a better {noun}.',
  'Whatever you are planning, {shortName} is at your side.',
];
export const priceChanged = [
  'Now {price} {unit}. The price until {longDate} was {oldPrice}.',
  'New price since {longDate}: {price} {unit} (before: {oldPrice}).',
  '{product} has cost {price} {unit} since {longDate}, when its price changed from {oldPrice}.',
];
export const pricing = [
  'Prices are without tax. Terms of thirty days apply to business customers.',
  'All plans include delivery and support during working hours.',
  'Ask us for an offer if you need more than a hundred units.',
];
export const jobs = [
  'We look for people who are curious and kind. Every application is read by a person.',
  'Most of our roles can be done from home for part of the week.',
];
export const jobsOpen = [
  'We are filling {people} positions in {city}, most of them in {team}.',
  'Open now: {people} roles for our {team} team in {city}.',
];
export const cookies = [
  'We use cookies to make this site work and to understand how it is used. You can change your choice at any time.',
  'This site stores small files on your device. Accept all, or choose what you allow.',
];
export const dated: Prose['dated'] = {
  'future-date': {
    trap: 'future-date',
    title: 'Registration opens for our customer day',
    paragraphs: [
      'The next customer day takes place in {home}. Seats are limited to two hundred, and lunch is included.',
    ],
  },
  'old-date': {
    trap: 'old-date',
    title: '{shortName} opens its new visitor centre',
    paragraphs: [
      '{company} opened a visitor centre in {home} today. It is open from ten to five, and on Thursdays until eight.',
    ],
  },
};
export const gallery: Note = {
  title: 'In pictures: our summer gathering',
  paragraphs: [
    'Sack races, a brass band and far too much cake: these are the pictures of the summer gathering in {home}.',
  ],
};
export const namesake: readonly Note[] = [
  {
    trap: 'namesake',
    title: 'Bakery {shortName} lays off half of its staff',
    paragraphs: [
      'The family bakery {company} in Little Wenham is letting go seven of its fourteen bakers, its owner said. It is not related to the listed company of the same name.',
      'Flour has become expensive, and the lease ends in March.',
    ],
  },
  {
    trap: 'namesake',
    title: '{shortName} starts to sell rye bread online',
    paragraphs: [
      '{company}, the bakery on the market square of Little Wenham, launched an online shop for rye bread on Saturday.',
    ],
  },
];
