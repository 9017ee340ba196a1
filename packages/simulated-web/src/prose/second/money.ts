import type { KindProse } from '../types.ts';

export const funding: KindProse = {
  headlines: ['{amount} of new money for {shortName}', 'Financing completed', '{investor} backs {shortName}'],
  newsHeadlines: [
    '{shortName} lands {amount}',
    '{shortName} borrows {amount} to {purpose}',
    '{investor} bets {amount} on {shortName}',
  ],
  release: [
    'A group of lenders around {investor} is providing {company} with {amount} so that it can {purpose}.',
    '{company} sold notes worth {amount} today and will {purpose} with what they bring in.',
    'The books are closed: {shortName} has taken up {amount}, and {investor} subscribed to the largest part.',
  ],
  wire: [
    '{shortName} landed {amount} from {investor} and other backers on {weekday}.',
    'Bond buyers lent {company} {amount} on {weekday}, which it means to use to {purpose}.',
    '{company} drummed up {amount} to {purpose}, with {investor} as the largest backer.',
  ],
  filing: [
    'The registrant issued notes in the principal amount of {amount} on {longDate}, of which {investor} purchased the majority.',
  ],
  details: [
    'Interest is paid twice a year.',
    'The terms allow early repayment.',
    'Two banks arranged the transaction.',
  ],
};

export const deal: KindProse = {
  headlines: ['{shortName} and {partner}: better together', 'Agreement with {partner}', '{partner} is joining us'],
  newsHeadlines: [
    '{shortName} swallows {partner} for {amount}',
    '{partner} sold to {shortName}, price tag {amount}',
    '{shortName} and {partner} shake hands on {years} years',
  ],
  release: [
    '{company} is purchasing {partner}, and the price agreed today is {amount}.',
    'Contracts have been signed under which {partner} passes to {shortName} in exchange for {amount}.',
    '{partner} will supply {company} for the coming {years} years; the ink on the contract dried this morning.',
    'A partnership of {years} years between {company} and {partner} begins today.',
  ],
  wire: [
    '{shortName} snapped up {partner} on {weekday} for {amount}.',
    'The owners of {partner} are selling to {company} for {amount}.',
    '{partner} will be supplying {company} for {years} years under a contract made public on {weekday}.',
    '{shortName} entered a partnership of {years} years with {partner} on {weekday}.',
  ],
  filing: [
    'The registrant agreed on {longDate} to purchase all outstanding shares of {partner} for {amount}.',
    'The registrant and {partner} executed a supply contract with a term of {years} years on {longDate}.',
  ],
  details: [
    'Lawyers on both sides had been at it since June.',
    'Competition authorities will look at it next.',
    'Sites and jobs are not affected for now, according to both.',
  ],
};

export const results: KindProse = {
  headlines: ['Our {quarter}', '{shortName} closes {quarter}', 'Figures for the {quarter}'],
  newsHeadlines: [
    '{shortName}: {quarter} sales {moved} {percent}',
    '{shortName} books {revenue} in {quarter}',
    'By the numbers: {shortName}, {quarter}',
  ],
  release: [
    'Turnover of {company} in the {quarter} amounted to {revenue}, {moved} {percent} against the year before, and {eps} was earned on each share.',
    '{company} closed its {quarter} with net sales of {revenue}, which is {moved} {percent}, and a profit per share of {eps}.',
    'Our net sales stood at {revenue} at the end of the {quarter}, {moved} {percent} from last year.',
  ],
  wire: [
    '{shortName} booked net sales of {revenue} in its {quarter}, {moved} {percent} from the year before.',
    'The {quarter} brought {company} {revenue} in sales and a profit of {eps} a share.',
    '{company} put its {quarter} turnover at {revenue} on {weekday}, {moved} {percent}.',
  ],
  filing: [
    'Net sales of the registrant for the {quarter} were {revenue}, and net income per diluted share was {eps}, as released on {longDate}.',
  ],
  details: [
    'The outlook that was given in spring stands.',
    'Cash on hand was little changed.',
    'The dividend will be decided on next month.',
  ],
};
