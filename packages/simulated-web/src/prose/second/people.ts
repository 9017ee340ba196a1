import type { KindProse } from '../types.ts';

export const hire: KindProse = {
  headlines: ['Join us in {city}', '{people} new colleagues wanted', 'More hands for {team}'],
  newsHeadlines: [
    '{shortName} wants {people} more people in {city}',
    'Jobs boost for {city} as {shortName} grows',
    '{shortName} staffs up {team}',
  ],
  release: [
    '{company} is looking for {people} new colleagues in {city}, above all for {team}.',
    'In {city} our {team} department gets {people} additional places, which we want to fill within a year.',
    'We want to grow by {people} people in {city}, and {team} comes first.',
  ],
  wire: [
    '{shortName} wants to fill {people} new posts in {city}, it announced on {weekday}.',
    '{company} is adding {people} employees in {city} to strengthen {team}.',
    'Jobseekers in {city} can apply for {people} openings at {shortName}, mostly in {team}.',
  ],
  filing: ['The registrant announced on {longDate} that it will add {people} employees in {city}.'],
  details: [
    'Training is on the job and paid from the first day.',
    'The mayor was pleased.',
    'A job fair takes place on the last weekend of the month.',
  ],
};

export const layoffs: KindProse = {
  headlines: ['A hard day for our company', 'How we will be organised in future', 'Letter from the management'],
  newsHeadlines: [
    '{shortName} sheds {people} posts',
    'Pink slips for {people} at {shortName}',
    '{shortName} shrinks workforce by {share}',
  ],
  release: [
    '{company} is giving up {people} positions, which corresponds to {share} of its staff.',
    'To become leaner we have to say goodbye to {people} employees.',
    'Management and works council have agreed on {people} redundancies at {shortName}, about {share} of everyone employed here.',
  ],
  wire: [
    '{shortName} is shedding {people} posts, or {share} of its staff, according to a notice of {weekday}.',
    '{company} handed out redundancy notices to {people} employees on {weekday}.',
    'Some {people} workers have to go at {company}, which is shrinking its staff by {share}.',
  ],
  filing: [
    'The registrant initiated a reduction in force on {longDate} that affects {people} employees, or {share} of its headcount.',
  ],
  details: [
    'A placement service helps those concerned to find new work.',
    'Severance is paid by length of service.',
    'Factories are spared.',
  ],
};

export const officerChange: KindProse = {
  headlines: ['{person} joins our leadership', 'Farewell to {predecessor}', 'Leadership news'],
  newsHeadlines: [
    '{person} gets top job of {role} at {shortName}',
    '{predecessor} out, {person} in at {shortName}',
    '{shortName} swaps {role}',
  ],
  release: [
    '{person} is the new {role} of {company} and follows {predecessor}.',
    'As of today the office of {role} at {shortName} is held by {person}; {predecessor} has chosen to pursue other interests.',
    'The supervisory board has picked {person} to be {role} after the departure of {predecessor}.',
  ],
  wire: [
    '{person} succeeded {predecessor} as {role} of {company} on {weekday}.',
    '{shortName} swapped its {role} on {weekday}: {predecessor} goes, {person} comes.',
    'The post of {role} at {company} passes from {predecessor} to {person}.',
  ],
  filing: ['{predecessor} ceased to serve as {role} of the registrant on {longDate} and was succeeded by {person}.'],
  details: [
    'A handover of four weeks is planned.',
    'The newcomer spent ten years in the trade.',
    'Colleagues speak of a friendly parting.',
  ],
};

export const rename: KindProse = {
  headlines: ['Our new name', 'Hello from {newName}', 'Why we are called {newName} now'],
  newsHeadlines: ['{shortName} gets a new name: {newName}', 'Make way for {newName}'],
  release: [
    '{company} has adopted the name {newName}.',
    'What used to be {company} is called {newName} from this day on.',
  ],
  wire: [
    '{company} goes by the name of {newName} since {weekday}.',
    'The company behind {company} has renamed itself {newName}.',
  ],
  filing: ['The registrant, {company}, changed its corporate name to {newName} with effect from {longDate}.'],
  details: ['Signs and letterheads follow over the year.', 'For customers nothing else is different.'],
};
