import type { KindProse } from '../types.ts';

export const lawsuit: KindProse = {
  headlines: [
    'Statement on the complaint by {plaintiff}',
    '{shortName} responds to lawsuit',
    'Our position on the {plaintiff} matter',
  ],
  newsHeadlines: [
    '{plaintiff} sues {shortName} over {claim}',
    '{shortName} hit with {amount} lawsuit',
    '{shortName} faces court over {claim}',
    '{plaintiff} takes {shortName} to court',
  ],
  release: [
    '{plaintiff} has filed a complaint against {company} in {court} over {claim} and asks for {amount}.',
    'We learned today that {plaintiff} is suing {shortName} over {claim}; we consider the claims to be without merit.',
    'A lawsuit by {plaintiff} against {company} was filed in {court}, concerning {claim}.',
  ],
  wire: [
    '{plaintiff} sued {company} in {court} on {weekday} over {claim}, seeking {amount}.',
    '{shortName} has been taken to court by {plaintiff}, which accuses it of {claim}.',
    'A complaint filed in {court} by {plaintiff} accuses {shortName} of {claim} and demands {amount}.',
    '{shortName} must defend itself in {court} against a suit by {plaintiff} over {claim}.',
  ],
  filing: [
    'On {longDate}, {plaintiff} filed a complaint against the Company in {court} alleging {claim} and seeking damages of {amount}.',
    'The Company was served on {longDate} with a complaint by {plaintiff} alleging {claim}.',
  ],
  details: [
    'A first hearing is expected in the spring.',
    'The company has thirty days to answer.',
    'Lawyers for the other side declined to comment.',
  ],
};

export const outage: KindProse = {
  headlines: [
    'Report on the interruption of {product}',
    'What happened to {product} on {weekday}',
    'Service update: {product}',
  ],
  newsHeadlines: [
    '{shortName} outage leaves {product} customers stranded for {hours}',
    '{product} down for {hours}',
    '{shortName} apologises after {product} failure',
    'Outage hits {shortName}',
  ],
  release: [
    '{product} was unavailable for {hours}, and about {share} of our customers were affected.',
    'For {hours} {product} did not work; we apologise to everybody who relied on it.',
    'A failed maintenance job interrupted {product} for {hours}.',
  ],
  wire: [
    '{product} of {company} was down for {hours} on {weekday}.',
    'An outage at {shortName} cut off about {share} of the users of {product} for {hours}.',
    '{shortName} needed {hours} on {weekday} to bring {product} back after it failed.',
    'Customers of {shortName} could not use {product} for {hours} on {weekday}.',
  ],
  filing: ['On {longDate}, the Company experienced an interruption of {product} that lasted {hours}.'],
  details: [
    'A full report follows within ten days.',
    'No data was lost.',
    'Engineers traced the cause to a change made the night before.',
  ],
};
