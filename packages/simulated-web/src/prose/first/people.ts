import type { KindProse } from '../types.ts';

export const hire: KindProse = {
  headlines: [
    '{shortName} to create {people} jobs in {city}',
    'We are hiring {people} people in {city}',
    '{company} expands its {team} team',
    'Growing together: {people} new roles in {city}',
  ],
  newsHeadlines: [
    '{shortName} plans {people} new jobs in {city}',
    '{shortName} goes on hiring spree in {city}',
    '{city} wins {people} {shortName} jobs',
    '{shortName} looks for {people} people for its {team} team',
  ],
  release: [
    '{company} will hire {people} people for its {team} team in {city} over the coming year.',
    'We are opening {people} new positions in {city}, most of them in {team}.',
    '{shortName} is adding {people} jobs in {city} as its {team} team grows.',
    'Our {team} team needs you: {people} roles are open in {city} from today.',
  ],
  wire: [
    '{company} plans to hire {people} people in {city}, it said on {weekday}.',
    '{shortName} is recruiting {people} staff in {city}, mainly for {team}.',
    'Some {people} jobs are coming to {city} as {shortName} builds up its {team} team.',
    '{shortName} said on {weekday} that it would take on {people} workers in {city}.',
  ],
  filing: ['On {longDate}, the Company announced its intention to hire {people} employees in {city}.'],
  details: [
    'Applications are open, and the first people start next month.',
    'The roles range from apprentices to senior specialists.',
    'The company rents a further floor near its present office.',
  ],
};

export const layoffs: KindProse = {
  headlines: [
    'A message to our employees',
    '{company} announces restructuring',
    'Changes to our organisation',
    '{shortName} simplifies its structure',
  ],
  newsHeadlines: [
    '{shortName} to cut {people} jobs',
    '{shortName} lays off {share} of staff',
    'Job cuts at {shortName} hit {people} workers',
    '{people} posts to go at {shortName}',
  ],
  release: [
    '{company} will reduce its workforce by approximately {people} positions, or {share} of its employees.',
    'We made the difficult decision to part with {people} colleagues, about {share} of our team.',
    'As part of a restructuring, {shortName} is eliminating {people} roles.',
    'Roughly {people} of our colleagues will leave the company in the coming weeks.',
  ],
  wire: [
    '{company} is laying off {people} people, about {share} of its workforce, it said on {weekday}.',
    '{shortName} will cut {people} jobs in a restructuring announced on {weekday}.',
    'About {people} employees of {shortName} are losing their jobs, the company confirmed on {weekday}.',
    '{shortName} told staff on {weekday} that {people} positions, {share} of the total, would go.',
  ],
  filing: [
    'On {longDate}, the Company committed to a plan to reduce its workforce by approximately {people} employees, or {share}.',
    'The Board approved a restructuring plan on {longDate} under which approximately {people} positions will be eliminated.',
  ],
  details: [
    'Those affected receive pay and benefits for several months.',
    'The company expects one-time charges in the current quarter.',
    'Most of the cuts concern administration.',
  ],
};

export const officerChange: KindProse = {
  headlines: [
    '{company} appoints {person} as {role}',
    '{person} named {role} of {shortName}',
    'New {role} at {shortName}',
    '{predecessor} to hand over to {person}',
  ],
  newsHeadlines: [
    '{shortName} names {person} {role}',
    '{person} takes over as {shortName} {role}',
    '{shortName} {role} {predecessor} steps down',
    'Change at the top of {shortName}',
  ],
  release: [
    '{company} has appointed {person} as {role}, succeeding {predecessor}.',
    'Our board has named {person} {role} with immediate effect; {predecessor} is leaving the company.',
    '{person} is joining {shortName} as {role} and takes over from {predecessor}.',
    'After nine years, {predecessor} is stepping down as {role} and will be succeeded by {person}.',
  ],
  wire: [
    '{company} named {person} as its new {role} on {weekday}, replacing {predecessor}.',
    '{predecessor} is leaving as {role} of {shortName}, which has picked {person} for the job.',
    '{person} will be the next {role} of {shortName}, the company said on {weekday}.',
    '{shortName} has hired {person} to succeed {predecessor} as {role}.',
  ],
  filing: [
    'On {longDate}, {predecessor} notified the Company of the decision to resign as {role}, and the Board appointed {person} to the position.',
    'Effective {longDate}, the Board of Directors appointed {person} as {role} of the Company.',
  ],
  details: [
    'The two will work side by side until the end of the quarter.',
    'The board had looked for a successor since the spring.',
    'There was no disagreement on any matter of the business.',
  ],
};

export const rename: KindProse = {
  headlines: ['{company} is now {newName}', 'A new name: {newName}', '{company} changes its name to {newName}'],
  newsHeadlines: [
    '{shortName} rebrands as {newName}',
    '{shortName} changes name to {newName}',
    'Goodbye {shortName}, hello {newName}',
  ],
  release: [
    'From today {company} does business as {newName}.',
    'We have a new name: {company} is now called {newName}.',
    'As of today, {newName} is the name of the company that you know as {company}.',
  ],
  wire: [
    '{company} changed its name to {newName} on {weekday}.',
    '{company} will be known as {newName} from now on, the company said on {weekday}.',
  ],
  filing: [
    'On {longDate}, the Company filed a certificate of amendment to change its name from {company} to {newName}.',
  ],
  details: ['Its shares keep their symbol.', 'Contracts, prices and contacts stay the same.'],
};
