import type { KindProse } from '../types.ts';

export const lawsuit: KindProse = {
  headlines: ['Regarding {plaintiff}', 'To our shareholders: legal proceedings', 'In our own defence'],
  newsHeadlines: [
    '{plaintiff} drags {shortName} before the judge',
    '{amount} claim against {shortName}',
    'Legal trouble for {shortName} over {claim}',
  ],
  release: [
    '{company} has received a complaint from {plaintiff}, brought before {court}, about {claim}; {amount} is at stake.',
    '{plaintiff} has started legal proceedings against us at {court} because of {claim}.',
    'We will contest the suit that {plaintiff} has brought against {shortName} over {claim}.',
  ],
  wire: [
    '{plaintiff} brought an action against {company} before {court} on {weekday} because of {claim}.',
    'Lawyers of {plaintiff} want {amount} from {shortName} for {claim}, court papers show.',
    '{company} is being sued by {plaintiff} for {amount} over {claim}.',
  ],
  filing: [
    'The registrant was named as defendant on {longDate} in an action by {plaintiff} in {court} concerning {claim}, with a claim for {amount}.',
  ],
  details: [
    'No date has been set for the trial.',
    'Reserves have not been formed.',
    'Both sides had tried to settle before.',
  ],
};

export const outage: KindProse = {
  headlines: ['We are back: {product}', 'Incident report {product}', 'Sorry about {weekday}'],
  newsHeadlines: [
    'Blackout at {shortName}: {product} gone for {hours}',
    '{product} fails, users of {shortName} fume',
    '{shortName} restores {product} after {hours}',
  ],
  release: [
    'An incident took {product} offline for {hours} and touched {share} of its users.',
    'Our customers had to do without {product} for {hours}, and we are sorry.',
    'After {hours} of disruption {product} works again.',
  ],
  wire: [
    '{product} by {shortName} failed on {weekday} and stayed offline for {hours}.',
    '{company} restored {product} after a breakdown of {hours} on {weekday}.',
    'A breakdown at {shortName} left {share} of all users without {product} for {hours}.',
  ],
  filing: ['{product}, a service of the registrant, was disrupted for {hours} on {longDate}.'],
  details: [
    'A faulty switch is said to be the cause.',
    'Credits are issued with the next bill.',
    'The hotline was overrun.',
  ],
};
