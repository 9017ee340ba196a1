import type { Note, Prose } from '../types.ts';

export const rivals = [
  'That spells trouble for {rival}, known for its {rivalProduct}.',
  'Those who use {rivalProduct}, made by {rival}, are the ones to be won over.',
  'The nearest competitor is {rival} with {rivalProduct}.',
  'Observers wonder how {rival} is going to answer.',
];
export const quotes = [
  '“Nobody here took this lightly,” {spokesperson} said on behalf of the management.',
  '“Ask me again in a year,” joked {spokesperson}, who has been with the company since it was small.',
  '{spokesperson}, responsible for communication, called it “a logical thing to do”.',
  'In the words of {spokesperson}: “First we did the sums, then we decided.”',
];
export const background = [
  '{shortName} has its seat in {home}. In {industry} it is one of the names that everybody knows.',
  'Times are mixed for {industry}. Order books are full at some firms, while others send people home on Fridays.',
  'At the exchange the day passed quietly; the index ended where it had started.',
  'Consultants expect that fewer and larger companies will share the market for {industry} among themselves.',
  'It has been raining in {home} for a week, which did not keep the management from inviting the press to the roof.',
];
export const about = [
  '{company} has existed since {founded}. Its head office is in {home}. What you read here belongs to a simulation.',
  'About us: {industry} is what we do, {home} is where we do it, and {founded} is when we started. This text is made up.',
];
export const notes: readonly Note[] = [
  {
    title: 'Open doors at the {home} site',
    paragraphs: [
      'Three thousand visitors came to look around on Sunday. The queue for the pretzels was longer than the one for the tour.',
      'Whoever missed it can watch the film on our channel.',
    ],
  },
  {
    title: 'Cycling to work: the results are in',
    paragraphs: [
      'Together we rode forty thousand kilometres in June. The accounting department won, as it does every year, and nobody knows how.',
    ],
  },
  {
    title: 'What we read this month',
    paragraphs: [
      'A novel about a lighthouse, a history of the paperclip and a guide to honest meetings: the library of our staff recommends three books.',
      'They can be borrowed at the reception.',
    ],
  },
  {
    title: 'Glossary: ten terms from {industry}, explained',
    paragraphs: [
      'Our trade is full of abbreviations. Here are ten that newcomers ask about most often, with one sentence for each.',
    ],
  },
];
export const traps: readonly Note[] = [
  {
    trap: 'denial',
    title: 'No truth in takeover talk, says {shortName}',
    paragraphs: [
      'It is not true that {company} has bought a competitor, {spokesperson} told this paper. “I do not know where these stories come from.”',
    ],
  },
  {
    trap: 'rumour',
    title: 'Whispers about {shortName}',
    paragraphs: [
      'An anonymous account claims that {company} is about to dismiss hundreds of people. There is no confirmation, and the account has been wrong four times this year.',
    ],
  },
  {
    trap: 'condition',
    title: 'What if? Three scenarios for {shortName}',
    paragraphs: [
      'Should demand fall by a fifth, {company} would have to make its offers cheaper, one model suggests. The model also says that this is improbable.',
    ],
  },
  {
    trap: 'anniversary',
    title: 'From the archive: the day the boss left',
    paragraphs: [
      'Fifteen years ago the founder of {company} resigned as chief executive officer. We reprint the farewell letter, with coffee stains.',
    ],
  },
];
export const dated: Prose['dated'] = {
  'future-date': {
    trap: 'future-date',
    title: 'Programme of the summer school',
    paragraphs: ['The summer school is held in {home}, with workshops in the morning and a swim in the afternoon.'],
  },
  'old-date': {
    trap: 'old-date',
    title: '{shortName} moves into new offices',
    paragraphs: [
      '{company} has moved. The new offices in {home} have windows on all sides and, at last, enough chairs.',
    ],
  },
};
export const gallery: Note = {
  title: 'Photo album of the football tournament',
  paragraphs: ['Eleven teams, one trophy and a broken window: the best pictures of the day.'],
};
export const namesake: readonly Note[] = [
  {
    trap: 'namesake',
    title: 'Choir {shortName} names new conductor',
    paragraphs: [
      'The choir {company} of Little Wenham has appointed its tenor as conductor. It shares nothing but the name with the listed company.',
    ],
  },
  {
    trap: 'namesake',
    title: '{shortName} raises 900 dollars at concert',
    paragraphs: ['{company}, the choir from Little Wenham, raised 900 dollars for new music stands on Saturday.'],
  },
];
export const welcome = [
  '{shortName} in a sentence: the {noun} that does what it says.',
  'Good morning. How can {company} help you today?',
];
export const priceChanged = [
  '{price} {unit} (until {longDate}: {oldPrice})',
  'On {longDate} we changed this price. You pay {price} {unit} and no longer {oldPrice}.',
];
export const pricing = [
  'Tax and freight are extra.',
  'We invoice monthly. Cheques are not accepted.',
  'Large orders: call us.',
];
export const jobs = ['Come as you are, bring what you can.', 'We train, we pay on time, and the coffee is free.'];
export const jobsOpen = [
  '{people} people wanted for {team} in {city}.',
  'Our site in {city} has room for {people} new colleagues, many of them in {team}.',
];
export const cookies = [
  'Cookies: some are needed, some help us to count visitors. You decide.',
  'Before you go on: may we count your visit?',
];
